"""Parameters: how the norm of each one changes over the training, and how large its updates are."""

from bisect import bisect_left
from collections.abc import Mapping
from typing import Any, ClassVar, cast

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy

from workbench.gui.format import number, steps
from workbench.gui.panels.panel import Job, Panel
from workbench.gui.panels.parameter_film import ParameterFilms
from workbench.gui.panels.parameter_picture import ParameterPicture, Quantity, paint
from workbench.gui.panels.tools import Choice
from workbench.gui.panels.without_film import why_no_snapshot
from workbench.gui.plots.colour_bar import ColourBar
from workbench.gui.plots.parameter_map import ParameterMap
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.theme import set_role

_WHAT = "The strip of parameters"
_WORDS = {
    "norm": ("norm", "Show how each parameter's norm has grown or shrunk since its first"),
    "update": ("update ratio", "Show how long each parameter's last update was beside the parameter itself"),
}
_CAPTIONS = {
    "norm": "‖W‖ beside its first",
    "update": "‖ΔW‖ / ‖W‖ a step",
}


class ParametersPanel(Panel):
    """A row for each parameter of the current run, a column for each snapshot of its film."""

    name: ClassVar[str] = "parameters"
    title: ClassVar[str] = "Parameters"
    help: ClassVar[str] = (
        "Each row is a parameter, each column a snapshot of the film, from left to right. “norm” shows how long the "
        "parameter is beside its first norm: red has grown, blue has shrunk; the number at the right is its norm at "
        "the film's place. “update ratio” shows how long the last update was beside the parameter, in powers of ten. "
        "About 10⁻³ is healthy: much more and training jumps about, much less and this parameter hardly learns. "
        "“enc” stands for the encoder, an arrow for a layer that reads from the end. "
        "The line marks the film's place; click a column to go there."
    )

    def __init__(self, session: Session, clock: Clock) -> None:
        super().__init__(session, clock)
        self.choice = Choice(_WORDS, "norm")
        self.strip, self.colour_bar, self._foot = ParameterMap(), ColourBar(), QLabel()
        self._films: ParameterFilms | None = None
        self._picture: ParameterPicture | None = None
        self._pointed: tuple[int, int] | None = None
        self._lay_out_body()
        self._connect()
        self._take_workbook()
        self.set_caption(_CAPTIONS["norm"])
        self.show_empty(why_no_snapshot(None, _WHAT))

    def figure(self) -> tuple[str, dict[str, Any]]:
        """Return the norms of the parameters over training."""
        return "parameter-norms", {"shows": "norm" if self.choice.value == "norm" else "update ratio"}

    def settings(self) -> dict[str, Any]:
        """Return which quantity is shown."""
        return {"shown": self.choice.value}

    def restore(self, settings: Mapping[str, Any]) -> None:
        """Show the quantity that was shown before."""
        shown = settings.get("shown")
        if isinstance(shown, str):
            self.choice.set(shown)
            self._choose()

    def job(self) -> Job | None:
        """Read the snapshots that came since, and paint all of them."""
        films, record, film = self._films, self.session.runs.current_record, self.session.film
        if films is None or record is None or not film.steps:
            if film.known or record is None:
                self.show_empty(why_no_snapshot(record, _WHAT))
            return None
        quantity = cast(Quantity, self.choice.value)
        return lambda: paint(films.of(record.id, record.cell), quantity, record.cell)

    def draw(self, data: ParameterPicture) -> None:
        """Show the colours, the names and the numbers."""
        self._picture = data
        if not data.film.names:
            self.show_empty("This run's snapshots hold no norms. Train it anew and its parameters appear here.")
            return
        rows = len(data.film.names)
        self.strip.set_rows(rows)
        self.strip.names.show_texts(data.labels)
        self.strip.map.show_image(data.image, data.scale, np.arange(rows))
        self.colour_bar.set_scale(data.scale)
        self._show_place()
        self.show_body()

    def summary(self) -> str:
        """Return the extremes among the parameters, at the film's place."""
        picture = self._picture
        return "" if picture is None or not picture.film.names else picture.summary(self._column)

    # The film's place, and the mouse.

    @property
    def _column(self) -> int:
        """The column of the film's place: of the snapshot nearest to it."""
        film, place = self._picture.film.steps if self._picture else (), self.session.film.step
        if place is None or not film:
            return 0
        after = min(bisect_left(film, place), len(film) - 1)
        return after if after == 0 or film[after] - place <= place - film[after - 1] else after - 1

    def _show_place(self) -> None:
        picture = self._picture
        if picture is None or not picture.film.names:
            return
        column = self._column
        self.strip.map.mark(column)
        self.strip.numbers.show_texts([_plain(value) for value in picture.values[:, column]])
        self._say()

    def _say(self) -> None:
        """Say what the mouse points at, else what the columns are."""
        picture, pointed = self._picture, self._pointed
        if picture is None:
            return
        rows, columns = picture.image.shape
        if pointed is not None and pointed[0] < columns and pointed[1] < rows:
            self._foot.setText(picture.said_of(pointed[1], pointed[0]))
        else:
            self._foot.setText(f"step {steps(picture.film.steps[0])} to {steps(picture.film.steps[-1])}")
        room = self.strip.width() - self.colour_bar.sizeHint().width()
        self.colour_bar.setVisible(self._foot.sizeHint().width() < room)

    def _point(self, column: int, row: int) -> None:
        self._pointed = column, row
        self._say()

    def _leave(self) -> None:
        self._pointed = None
        self._say()

    def _go_to(self, column: int, row: int) -> None:
        if self._picture is not None and column < len(self._picture.film.steps):
            self.session.film.go_to(self._picture.film.steps[column])

    def _hear_of_film(self) -> None:
        """Read where there are other snapshots; else only the place has moved."""
        picture, film = self._picture, self.session.film
        if picture is None or picture.film.run != self.session.runs.current or picture.film.steps != film.steps:
            self.outdate()
        elif self.isVisible():
            self._show_place()
            self.show_body()

    def _choose(self) -> None:
        self.set_caption(_CAPTIONS[self.choice.value])
        self.outdate()

    def _take_workbook(self) -> None:
        workbook = self.session.workbook
        self._films = None if workbook is None else ParameterFilms(workbook)
        self._picture = None

    # How it is put together.

    def _lay_out_body(self) -> None:
        self.choice.add_to(self.tools)
        set_role(self._foot, "caption")
        self._foot.setTextFormat(Qt.TextFormat.RichText)
        self._foot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        foot = QHBoxLayout()
        foot.addWidget(self._foot, 1)
        foot.addWidget(self.colour_bar)
        foot.addStrut(self.colour_bar.sizeHint().height())  # the map stands still when words need the bar's room
        self.body.addWidget(self.strip, 1)
        self.body.addLayout(foot)

    def _connect(self) -> None:
        session, strip = self.session, self.strip
        session.opened.connect(self._take_workbook)
        session.film.changed.connect(self._hear_of_film)
        session.runs.changed.connect(self._explain_emptiness)
        strip.map.pointed_at.connect(self._point)
        strip.map.clicked_at.connect(self._go_to)
        strip.left.connect(self._leave)
        self.choice.changed.connect(self._choose)
        strip.map.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        strip.map.setAccessibleName("Parameters over the film; the arrow keys go through its snapshots")
        for keys, snapshots in (("Left", -1), ("Right", 1)):
            # Given what to call as well, PySide6 forgets the context.
            shortcut = QShortcut(QKeySequence(keys), strip.map, context=Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda by=snapshots: session.film.go_by(by))

    def _explain_emptiness(self) -> None:
        if not self.session.film.steps:
            self.outdate()


def _plain(value: float) -> str:
    return "–" if np.isnan(value) else number(float(value))
