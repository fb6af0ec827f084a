"""The main window: there at once, and filled as soon as its parts are loaded."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow

from workbench.gui.curtain import Curtain
from workbench.gui.memory import Memory

if TYPE_CHECKING:
    from workbench.gui.context import Context
    from workbench.gui.parts import Parts
    from workbench.gui.tool_bar import ToolBar

_SIZE = (1440, 900)


class MainWindow(QMainWindow):
    """The workbench on a workbook. `build` fills it."""

    built = Signal()

    gone = Signal()
    """The window was closed for good."""

    def __init__(self, memory: Memory, workbook: Path) -> None:
        super().__init__()
        self.setObjectName("workbench")
        self.setWindowTitle("RNN Workbench")
        self.setAcceptDrops(True)
        self.resize(*_SIZE)
        self.restoreGeometry(memory.place("geometry"))
        self._memory, self._workbook = memory, workbook
        self._parts: Parts | None = None
        self.setCentralWidget(Curtain())

    def build(self) -> None:
        """Make all parts and open the workbook."""
        from workbench.gui.parts import Parts  # loads the whole program: see `preload`

        self._parts = Parts(self, self._memory)
        self.setFocus()  # no field, no button: Space trains
        self._parts.open(self._workbook)
        self.built.emit()

    @property
    def context(self) -> "Context":
        """The parts as commands see them; there once the window is built."""
        assert self._parts is not None
        return self._parts.context

    @property
    def tool_bar(self) -> "ToolBar":
        """The tool bar; there once the window is built."""
        assert self._parts is not None
        return self._parts.tool_bar

    def show_first_tour(self) -> None:
        """Show the tour if this is the first start, as soon as what it speaks of can be seen."""
        if not self._memory.text("tour"):
            self._memory.set_text("tour", "shown")
            QTimer.singleShot(0, self, self.context.dialogs.show_tour)  # what was just built is not laid out yet

    def close_quietly(self) -> None:
        """Close without a question, as when the computer shuts down: runs train on."""
        if self._parts is not None:
            self._parts.leaving.leave()
        self.close()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if self._parts is not None and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the file that was dropped."""
        event.acceptProposedAction()
        self.context.files.open_dropped(
            [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask once what becomes of runs that train; save where everything stands; stop the threads."""
        if self._parts is not None and not self._parts.leaving.may_leave():
            event.ignore()
            return
        event.accept()
        self.gone.emit()
