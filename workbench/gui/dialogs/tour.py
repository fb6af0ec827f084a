"""The tour: a few cards, each beside the part of the window that it speaks of."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.dialogs.overlay import focus_within, raised
from workbench.gui.dialogs.placing import beside
from workbench.gui.dialogs.spotlight import Spotlight, can_be_seen
from workbench.gui.theme import set_role, theme

_WIDTH, _MARGIN = 340, 24


@dataclass(frozen=True)
class Stop:
    """One stop of the tour: a widget of the window, and what to know of it."""

    widget: QWidget
    title: str
    text: str


class Tour(QObject):
    """Leads from stop to stop; one whose widget is hidden is passed over. It ends behind the last, or when skipped."""

    finished = Signal()

    def __init__(self, stops: Sequence[Stop], parent: QWidget) -> None:
        super().__init__(parent.window())
        self._window = parent.window()
        self._stops = tuple(stops)
        self._place = -1
        self._before: QWidget | None = None
        self.spotlight = Spotlight(self._window)
        self.card = TourCard(self._window)
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self._window)
        self._escape.activated.connect(self.end)
        self.card.next.clicked.connect(self.go_on)
        self.card.back.clicked.connect(self.go_back)
        self.card.skip.clicked.connect(self.end)
        self.spotlight.moved.connect(self._follow)
        self.spotlight.left.connect(self.end)

    @property
    def stop(self) -> Stop | None:
        """Where the tour is; None before it starts and behind its end."""
        return self._stops[self._place] if 0 <= self._place < len(self._stops) else None

    def start(self) -> None:
        """Go to the first stop; a tour that is still under way ends."""
        for other in self._window.findChildren(Tour):
            if other is not self:
                other.end()
        self._before = self._window.focusWidget()
        self.go_on()

    def go_on(self) -> None:
        """Go to the next stop that can be seen, or end."""
        self._go(next((place for place in self._seen() if place > self._place), None))

    def go_back(self) -> None:
        """Go to the stop before, if there is one."""
        earlier = [place for place in self._seen() if place < self._place]
        if earlier:
            self._go(earlier[-1])

    def end(self) -> None:
        """End the tour and leave nothing behind."""
        if self._place == len(self._stops):
            return
        self._place = len(self._stops)
        self._give_focus_back()
        self.spotlight.disconnect(self)
        self.spotlight.end()
        self._escape.setEnabled(False)
        self._escape.deleteLater()
        self.card.hide()
        self.card.deleteLater()
        self.finished.emit()
        self.deleteLater()

    def _give_focus_back(self) -> None:
        focused = self._window.focusWidget()
        if focused is None or not self.card.isAncestorOf(focused):
            return
        if self._before is not None and can_be_seen(self._before):
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            focused.clearFocus()

    def _seen(self) -> list[int]:
        return [place for place, stop in enumerate(self._stops) if can_be_seen(stop.widget)]

    def _go(self, place: int | None) -> None:
        if place is None:
            self.end()
            return
        self._place = place
        seen, stop = self._seen(), self._stops[place]
        self.spotlight.point_at(stop.widget)
        self.card.show_stop(stop, seen.index(place), len(seen))
        self._put_card()
        self.card.next.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow(self) -> None:
        stop = self.stop
        if stop is None:
            return
        if can_be_seen(stop.widget):
            self._put_card()
        else:
            # A splitter hides and shows a widget in one go: ask again once it is done.
            QTimer.singleShot(0, self, self._leave_if_hidden)

    def _leave_if_hidden(self) -> None:
        stop = self.stop
        if stop is not None and not can_be_seen(stop.widget):
            self.go_on()

    def _put_card(self) -> None:
        self.card.fit(self._window.width() - _MARGIN)
        self.card.move(beside(self.spotlight.lit, self.card.size(), self._window.rect()))
        self.card.raise_()


class TourCard(QFrame):
    """Title, text, where in the tour this is, and the way on."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self.title, self.text, self.dots = QLabel(), QLabel(), _Dots()
        self.skip, self.back, self.next = QPushButton("Skip"), QPushButton("Back"), QPushButton("Next")
        self._lay_out()

    def show_stop(self, stop: Stop, number: int, count: int) -> None:
        """Say what there is to say at a stop, the ``number``-th (from 0) of ``count``."""
        self.title.setText(stop.title)
        self.text.setText(stop.text)
        self.setAccessibleName(f"Tour, {number + 1} of {count}: {stop.title}")
        self.setAccessibleDescription(stop.text)
        self.dots.show_place(number, count)
        last = number == count - 1
        self.next.setText("Done" if last else "Next")
        self.next.setAccessibleDescription(f"{stop.title}. {stop.text}")
        self.back.setEnabled(number > 0)
        self.skip.setVisible(not last)
        self.show()

    def fit(self, most: int) -> None:
        """Take the size that the words need, at most so many pixels wide."""
        wide = max(1, min(max(_WIDTH, self.minimumSizeHint().width()), most))
        self.setFixedSize(wide, self.heightForWidth(wide))

    def event(self, event: QEvent) -> bool:
        """Let Space press the button in focus here, whatever it does in the window."""
        space = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if space and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """End the tour at Escape also where the window is not active and so has no shortcuts: no window manager."""
        if event.key() == Qt.Key.Key_Escape:
            self.skip.click()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Keep Tab within the card."""
        return focus_within(self, forwards)

    def _lay_out(self) -> None:
        raised(self)
        set_role(self.title, "title")
        set_role(self.skip, "link")
        set_role(self.next, "accent")
        for label in (self.title, self.text):
            label.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.dots)
        buttons.addStretch()
        for button in (self.skip, self.back, self.next):
            button.setAutoDefault(True)  # so that Enter presses it outside a dialog too
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)  # all of one height
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addSpacing(4)
        layout.addLayout(buttons)


class _Dots(QWidget):
    """One dot a stop, the present one filled with the accent."""

    _SIZE, _APART = 6, 12

    def __init__(self) -> None:
        super().__init__()
        self._number, self._count = 0, 0
        theme().changed.connect(self.update)

    def show_place(self, number: int, count: int) -> None:
        """Show the place in the tour."""
        self._number, self._count = number, count
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of the dots."""
        return QSize(self._APART * self._count, 2 * self._SIZE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dots."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for number in range(self._count):
            painter.setBrush(theme().colour("accent" if number == self._number else "strip"))
            painter.drawEllipse(number * self._APART, (self.height() - self._SIZE) // 2, self._SIZE, self._SIZE)
        painter.end()
