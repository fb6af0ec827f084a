"""The export dialog: choose a figure, see it as it will be written, save it or copy it."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.errors import WorkbenchError
from workbench.figures.choices import Choices, choices
from workbench.figures.figure import FORMATS, Figure, format_of
from workbench.figures.renderer import Renderer
from workbench.gui.background import Background
from workbench.gui.dialogs.export.controls import Controls
from workbench.gui.dialogs.export.preview import Preview
from workbench.gui.dialogs.export.wish import Wish
from workbench.gui.memory import Memory
from workbench.gui.theme import set_role
from workbench.lab.workbook import Workbook

_PREVIEW_RESOLUTION = 200  # dots per inch: sharp enough on a screen, drawn at once
_PATIENCE = 150  # milliseconds after the last keystroke
_KEY = "export"  # in memory


class ExportDialog(QDialog):
    """Figures of some runs of a workbook. ``background`` draws; the window's thread never waits."""

    def __init__(
        self,
        workbook: Workbook,
        wish: Wish,
        background: Background,
        renderer: Renderer,
        memory: Memory,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export a figure")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._workbook, self._runs = workbook, wish.runs
        self._background, self._renderer, self._memory = background, renderer, memory
        self.controls = Controls(_with_remembered(wish, memory))
        self.preview = Preview()
        self.note = QLabel()
        set_role(self.note, "muted")
        self.copy_button, self.save_button = QPushButton("Copy"), QPushButton("Save …")
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PATIENCE)
        self._timer.timeout.connect(self._draw)
        self.controls.changed.connect(self._timer.start)
        self.copy_button.clicked.connect(self.copy)
        self.save_button.clicked.connect(self.ask_where)
        self._allow(False)
        self._drawing = True  # the first picture follows what the run offers
        run = wish.runs[0]
        background.ask("choices", lambda: choices(workbook, run), self._offer, self._refuse)

    @property
    def wish(self) -> Wish:
        """The figure that is chosen now."""
        return self.controls.wish

    @property
    def is_drawing(self) -> bool:
        """Whether the picture of what is chosen is still on its way."""
        return self._timer.isActive() or self._drawing

    def ask_where(self) -> None:
        """Ask for a file and write the figure there."""
        kinds = ";;".join(f"{name.upper()} (*.{name})" for name in FORMATS)
        wanted = self._memory.values(_KEY).get("format", FORMATS[0])
        suffix = wanted if wanted in FORMATS else FORMATS[0]
        folder = Path(self._memory.values(_KEY).get("folder", "") or self._workbook.path.parent)
        start = folder / f"{self.wish.kind}.{suffix}"
        chosen, kind = QFileDialog.getSaveFileName(
            self, "Save the figure", str(start), kinds, f"{suffix.upper()} (*.{suffix})"
        )
        if chosen:
            path = Path(chosen)
            self.save(path if path.suffix else path.with_suffix(f".{kind.partition(' ')[0].lower()}"))

    def save(self, path: Path) -> None:
        """Write the figure to a file, in place of one that is there."""
        wish, workbook, renderer = self.wish, self._workbook, self._renderer
        self._say("Writing …")
        self._background.ask(
            "save",
            lambda: wish.make(workbook, renderer).save(path, dpi=wish.dpi),
            self._saved,
            self._complain,
        )

    def copy(self) -> None:
        """Put the figure on the clipboard as an opaque picture."""
        wish, workbook, renderer = self.wish, self._workbook, self._renderer
        self._say("Copying …")
        self._background.ask("copy", lambda: wish.make(workbook, renderer).png(wish.dpi), self._copied, self._complain)

    # How.

    def _lay_out(self) -> None:
        side = QWidget()
        side.setFixedWidth(280)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.controls, 1)
        close = QPushButton("Close")
        close.clicked.connect(self.close)
        set_role(self.save_button, "accent")
        buttons = QHBoxLayout()
        buttons.addWidget(self.note, 1)
        for button in (close, self.copy_button, self.save_button):
            button.setAutoDefault(False)  # Enter ends the typing of a title, no more
            buttons.addWidget(button)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(side)
        top.addWidget(self.preview, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addLayout(top, 1)
        layout.addLayout(buttons)
        self.resize(940, 600)

    def _offer(self, offered: Choices) -> None:
        self.controls.offer(offered)
        self._draw()

    def _draw(self) -> None:
        wish, workbook, renderer = self.wish, self._workbook, self._renderer

        def draw() -> tuple[Figure, bytes]:
            figure = wish.make(workbook, renderer)
            return figure, figure.png(_PREVIEW_RESOLUTION)

        self._drawing = True
        self._background.ask("preview", draw, self._show, self._refuse)

    def _show(self, drawn: tuple[Figure, bytes]) -> None:
        self._drawing = False
        figure, png = drawn
        self.preview.show_picture(png)
        self._allow(True)
        image, inch = self.preview.image, 25.4
        size = f"{figure.style.width:g} × {image.height() / _PREVIEW_RESOLUTION * inch:.0f} mm"
        self._say(f"{size}, as it will be written")

    def _refuse(self, error: WorkbenchError) -> None:
        self._drawing = False
        self.preview.show_sentence(str(error))
        self._allow(False)
        self._say("")

    def _complain(self, error: WorkbenchError) -> None:
        self._say(str(error))

    def _allow(self, allowed: bool) -> None:
        for button in (self.copy_button, self.save_button):
            button.setEnabled(allowed)

    def _say(self, sentence: str) -> None:
        self.note.setText(sentence)
        self.note.setToolTip(sentence)

    def _saved(self, path: Path) -> None:
        self._say(f"Saved as {path.name}")
        page = {"folder": str(path.parent), "format": format_of(path)}
        self._memory.set_values(_KEY, self._memory.values(_KEY) | page)

    def _copied(self, png: bytes) -> None:
        QGuiApplication.clipboard().setImage(QImage.fromData(png))
        self._say("Copied")

    def done(self, result: int) -> None:
        """Close, in whatever way that was asked for, and remember the page for the next time."""
        self._remember()
        super().done(result)

    def _remember(self) -> None:
        self._timer.stop()
        for key in ("preview", "choices"):
            self._background.forget(key)
        page = {"style": self.wish.style, "font_size": self.wish.font_size}
        self._memory.set_values(_KEY, self._memory.values(_KEY) | page)


def _with_remembered(wish: Wish, memory: Memory) -> Wish:
    kept = memory.values(_KEY)
    style, size = kept.get("style"), kept.get("font_size")
    return replace(
        wish,
        style=style if isinstance(style, str) else wish.style,
        font_size=float(size) if isinstance(size, int | float) else None,
    )
