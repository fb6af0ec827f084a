"""Tools of a panel: quiet words that are pressed, chosen among, or open a menu."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QMenu, QSizePolicy, QStyleOptionToolButton, QToolButton

from workbench.gui.theme import set_role

_ARROW = " ▾"
_PADDING = 14  # pixels


class Word(QToolButton):
    """A button no wider than its word, so that many of them find room in a line."""

    def __init__(self) -> None:
        super().__init__()
        self._short = ""

    def set_short(self, text: str) -> None:
        """Say only this where there is no room for the whole word."""
        self._short = text
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the room of the word."""
        return self._room(self.text())

    def minimumSizeHint(self) -> QSize:
        """Return the room of the word, of the short one if there is one: a word that is cut off says nothing."""
        return self._room(self._short or self.text())

    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        """Have the short word drawn where the other finds no room."""
        super().initStyleOption(option)
        if self._short and self.width() < self._width_of(self.text()):
            option.text = self._short

    def _room(self, text: str) -> QSize:
        return QSize(self._width_of(text), super().sizeHint().height())

    def _width_of(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text) + _PADDING


def word(text: str, hint: str, *, checkable: bool = False) -> Word:
    """Return a quiet button that shows a word; ``hint`` says what pressing it does."""
    button = Word()
    button.setText(text)
    button.setToolTip(hint)
    button.setAccessibleName(text)
    button.setAccessibleDescription(hint)
    button.setCheckable(checkable)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    set_role(button, "quiet")
    return button


def divider() -> QLabel:
    """Return the thin line between two groups of words."""
    line = QLabel("|")
    set_role(line, "caption")
    line.setContentsMargins(4, 0, 2, 0)
    return line


class Choice(QObject):
    """Words of which one is chosen: `value`, by its key."""

    changed = Signal(str)
    """A person chose another one."""

    def __init__(self, words: Mapping[str, tuple[str, str]], value: str) -> None:
        """Make a button for each key's word and hint."""
        super().__init__()
        self._group = QButtonGroup(self)
        self.buttons: dict[str, Word] = {}
        for key, (text, hint) in words.items():
            self.buttons[key] = word(text, hint, checkable=True)
            self._group.addButton(self.buttons[key])
        self.set(value)
        self._group.buttonClicked.connect(lambda _: self.changed.emit(self.value))

    @property
    def value(self) -> str:
        """The key of the word chosen."""
        return next(key for key, button in self.buttons.items() if button.isChecked())

    def set(self, value: str) -> None:
        """Choose a word by its key; an unknown one changes nothing."""
        if value in self.buttons:
            self.buttons[value].setChecked(True)

    def add_to(self, layout: QHBoxLayout) -> None:
        """Put the words side by side."""
        for button in self.buttons.values():
            layout.addWidget(button)


class MenuChoice(QObject):
    """A word that opens a menu of which one entry is chosen; where that cannot be opened, it has no arrow."""

    changed = Signal(str)
    """A person chose another entry."""

    def __init__(
        self, name: str, hint: str, face: Callable[[str], str], short_face: Callable[[str], str] | None = None
    ) -> None:
        """Make the button; ``face`` turns the chosen entry's text into the word on it, where room is scarce
        ``short_face`` does."""
        super().__init__()
        self.button = word("", hint)
        self.button.setAccessibleName(name)
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.button)
        self.button.setMenu(self.menu)
        self._face, self._short_face = face, short_face
        self._entries: tuple[tuple[str, str], ...] = ()
        self._group: QActionGroup | None = None
        self.value = ""

    def offer(self, entries: Iterable[tuple[str, str]], value: str) -> None:
        """Offer entries (key, text), one of them chosen."""
        entries = tuple(entries)
        if entries != self._entries:
            self._fill(entries)
        self.set(value)

    def set(self, value: str) -> None:
        """Choose an entry by its key; an unknown one changes nothing."""
        texts = dict(self._entries)
        if value not in texts:
            return
        self.value = value
        for action in self.menu.actions():
            action.setChecked(action.data() == value)
        arrow = _ARROW if self.button.isEnabled() else ""
        self.button.setText(self._face(texts[value]) + arrow)
        if self._short_face is not None:
            self.button.set_short(self._short_face(texts[value]) + arrow)
        self.button.setAccessibleDescription(f"{texts[value]} is chosen. {self.button.toolTip()}")

    def _fill(self, entries: tuple[tuple[str, str], ...]) -> None:
        self._entries = entries
        self.menu.clear()
        self._group = QActionGroup(self.menu)
        for key, text in entries:
            action = self.menu.addAction(text)
            action.setData(key)
            action.setCheckable(True)
            self._group.addAction(action)
            action.triggered.connect(lambda _checked=False, key=key: self._choose(key))

    def _choose(self, key: str) -> None:
        self.set(key)
        self.changed.emit(key)


class TitleMenu(QToolButton):
    """A panel's title that opens a list of panels, of which this is one."""

    chosen = Signal(str)
    """Another panel's name."""

    def __init__(self, own: str, panels: Sequence[tuple[str, str]]) -> None:
        """Offer panels (name, title)."""
        super().__init__()
        title = dict(panels)[own]
        set_role(self, "title")
        self.setText(title + _ARROW)
        self.setAccessibleName(title)
        self.setToolTip("Show another panel in this place.")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        for name, text in panels:
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(name == own)
            action.triggered.connect(lambda _checked=False, name=name: self._press(name, own))
        self.setMenu(menu)

    def sizeHint(self) -> QSize:
        """Return the room of the words, so that they begin where the titles of other panels do."""
        self.ensurePolished()
        measure = self.fontMetrics()
        return QSize(measure.horizontalAdvance(self.text()) + 1, measure.height())

    def _press(self, name: str, own: str) -> None:
        for action in self.menu().actions():
            action.setChecked(action.text() + _ARROW == self.text())
        if name != own:
            self.chosen.emit(name)
