"""The film bar: go back and forth through the snapshots of the current run, play them, or watch the newest."""

from bisect import bisect_left
from typing import ClassVar

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton

from workbench.gui.format import steps
from workbench.gui.panels.film_slider import FilmSlider
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.theme import icon, set_role, theme

HEIGHT = 44
FRAME = 100  # milliseconds a snapshot is shown while the film plays
_NO_FILM = "There is no film yet: its first snapshot is taken when training begins."


class FilmBar(QFrame):
    """The place in the film, under the panels that draw its snapshots. No panel itself: it has no picture."""

    name: ClassVar[str] = "film"
    title: ClassVar[str] = "Film"
    help: ClassVar[str] = (
        "While a run trains, it keeps a snapshot now and then: the hidden states, gradients and parameters at that "
        "training step. All snapshots of a run are its film. Drag the slider, or use the arrow keys on it, to see how "
        "the network looked earlier; every panel but the loss follows. The button at the left plays the film from "
        "where you stand. Press “live” to see each new snapshot as it comes."
    )
    playing_changed = Signal(bool)

    def __init__(self, session: Session, clock: Clock) -> None:
        super().__init__()
        self.session, self.clock = session, clock
        set_role(self, "panel")
        self.setObjectName(self.name)
        self.setAccessibleName(self.title)
        self.setFixedHeight(HEIGHT)
        self.slider = FilmSlider()
        self.play_button, self.live_button = QToolButton(), QToolButton()
        self.tools = QHBoxLayout()
        self._place = QLabel()
        self._timer = QTimer(self, interval=FRAME)
        self._lay_out()
        self.slider.valueChanged.connect(self._go_to)
        self.play_button.clicked.connect(self.play_or_pause)
        self.live_button.clicked.connect(self._go_live)
        self._timer.timeout.connect(self._play_on)
        session.film.changed.connect(self._show)
        theme().changed.connect(self._dress)
        self._show()
        self._dress()

    @property
    def playing(self) -> bool:
        """Whether the film plays."""
        return self._timer.isActive()

    def play_or_pause(self) -> None:
        """Play the film from the place where we stand, from the beginning when that is the end; or stop playing."""
        film = self.session.film
        if self.playing:
            self._stop()
        elif len(film.steps) > 1:
            if film.step == film.steps[-1]:
                film.go_to(film.steps[0])
            self._timer.start()
            self._dress()
            self.playing_changed.emit(True)

    def summary(self) -> str:
        """Return the place in the film in words."""
        film = self.session.film
        if film.step is None:
            return _NO_FILM
        end = ", live" if film.live else ""
        return f"snapshot {self._index + 1} of {len(film.steps)}, training step {steps(film.step)}{end}"

    @property
    def _index(self) -> int:
        film = self.session.film
        return 0 if film.step is None else min(bisect_left(film.steps, film.step), len(film.steps) - 1)

    def _go_to(self, index: int) -> None:
        self._stop()
        self.session.film.go_to(self.session.film.steps[index])

    def _go_live(self) -> None:
        self._stop()
        self.session.film.go_live()
        self.live_button.setChecked(True)

    def _play_on(self) -> None:
        film = self.session.film
        if film.snapshot is None or film.snapshot.step != film.step:
            return  # the one before is not read yet: go no faster than snapshots can be shown
        film.go_by(1)
        if film.step == film.steps[-1]:
            self._stop()

    def _stop(self) -> None:
        if self.playing:
            self._timer.stop()
            self._dress()
            self.playing_changed.emit(False)

    def _show(self) -> None:
        film, count = self.session.film, len(self.session.film.steps)
        if count < 2:
            self._stop()
        self.slider.show_place(self._index, count)
        self.live_button.setChecked(film.live)
        self._place.setText("no film yet" if film.step is None else self._position(film.step, count))
        self.slider.setEnabled(count > 1)
        self.play_button.setEnabled(count > 1)
        self.live_button.setEnabled(count > 0)
        self._explain(count)
        self.setAccessibleDescription(self.summary())

    def _position(self, step: int, count: int) -> str:
        return f"step {steps(step)} · {self._index + 1} of {count}"

    def _explain(self, count: int) -> None:
        """Say what each part does, or why it cannot."""
        why_not = _NO_FILM if count == 0 else "The film has one snapshot so far." if count == 1 else ""
        self.slider.setToolTip(why_not or "Go through the snapshots of this run (arrow keys, Home, End)")
        self.play_button.setToolTip(why_not or f"{'Stop playing' if self.playing else 'Play the film'} (K)")
        self.live_button.setToolTip(_NO_FILM if count == 0 else "Show each new snapshot as it comes")
        self._place.setToolTip(why_not or "The training step of this snapshot, and its number in the film")

    def _dress(self) -> None:
        self.play_button.setIcon(icon("pause" if self.playing else "play", theme().colours.text))
        self._explain(len(self.session.film.steps))

    def _lay_out(self) -> None:
        self.play_button.setIconSize(QSize(16, 16))
        self.play_button.setAccessibleName("Play the film")
        self.live_button.setText("live")
        self.live_button.setCheckable(True)
        self.live_button.setAccessibleName("Show the newest snapshot")
        set_role(self.live_button, "chip")
        for button in (self.play_button, self.live_button):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.slider.setAccessibleName("Place in the film")
        label = QLabel(self.title)
        for text in (label, self._place):
            set_role(text, "caption")
        self._place.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._place.setMinimumWidth(150)  # the slider must not breathe with the digits
        self.tools.setSpacing(0)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.play_button)
        row.addWidget(label)
        row.addWidget(self.slider, 1)
        row.addWidget(self._place)
        row.addLayout(self.tools)
        row.addWidget(self.live_button)

    def hideEvent(self, event: QHideEvent) -> None:
        """Play no more where nobody watches."""
        self._stop()
        super().hideEvent(event)
