"""The theme in force: light, dark or the system's; widgets that paint for themselves listen to `changed`."""

from functools import cache
from typing import Literal, get_args

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from workbench.gui.theme.colours import DARK, LIGHT, Colours
from workbench.gui.theme.sheet import style_sheet

Mode = Literal["system", "light", "dark"]
MODES: tuple[Mode, ...] = get_args(Mode)
_SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}
_PIXELS = 13  # text at 100 %


class Theme(QObject):
    """The colours in force. One for the whole application: `theme()`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode: Mode = "system"
        self.colours: Colours = LIGHT
        self._applied = False
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def apply(self, mode: Mode) -> None:
        """Dress the application in this mode."""
        self.mode = mode
        QGuiApplication.styleHints().setColorScheme(_SCHEMES[mode])
        self._dress()

    def colour(self, token: str) -> QColor:
        """Return one of the colours by its name, as "accent"."""
        return QColor(getattr(self.colours, token))

    def run_colour(self, index: int) -> QColor:
        """Return the colour of the run with this colour index."""
        return QColor(self.colours.runs[index % len(self.colours.runs)])

    def _follow_system(self) -> None:
        if self._applied and self.mode == "system":
            self._dress()

    def _dress(self) -> None:
        # A platform without colour schemes of its own ignores what it is asked for; the colours do not.
        wanted = _SCHEMES[self.mode] if self.mode != "system" else QGuiApplication.styleHints().colorScheme()
        colours = DARK if wanted == Qt.ColorScheme.Dark else LIGHT
        if self._applied and colours is self.colours:
            return
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        if not self._applied:  # once: each makes every widget measure itself anew
            application.setStyle("Fusion")
            application.setFont(interface_font())
        self.colours, self._applied = colours, True
        application.setStyleSheet("")  # one sheet in place of another costs four times as much as a new one
        application.setPalette(_palette(colours))
        application.setStyleSheet(style_sheet(colours))
        self.changed.emit()


def interface_font() -> QFont:
    """Return the system's font at the window's size, its digits all of one width."""
    font = QFont(QGuiApplication.font())
    font.setPixelSize(_PIXELS)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


@cache
def theme() -> Theme:
    """Return the application's theme; a QApplication has to exist."""
    return Theme()


def _palette(colours: Colours) -> QPalette:
    """Return the palette for what the style sheet leaves to the style: menus, selections, placeholders."""
    palette = QPalette()
    role = QPalette.ColorRole
    for name, token in (
        (role.Window, colours.window),
        (role.WindowText, colours.text),
        (role.Base, colours.panel),
        (role.AlternateBase, colours.window),
        (role.Text, colours.text),
        (role.Button, colours.panel),
        (role.ButtonText, colours.text),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.PlaceholderText, colours.muted),
        (role.ToolTipBase, colours.text),
        (role.ToolTipText, colours.panel),
        (role.Link, colours.accent),
        (role.Mid, colours.line),
        (role.Accent, colours.accent),
    ):
        palette.setColor(name, QColor(token))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(colours.muted))
    return palette
