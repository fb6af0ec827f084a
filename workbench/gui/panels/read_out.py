"""The read-out: all values at the cursor's step and unit, in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy

from workbench.figures.layers import layer_words
from workbench.gui.format import number
from workbench.gui.panels.caption import Caption
from workbench.gui.panels.panel import Job, Panel
from workbench.gui.panels.probe_sequence import ProbeSequence
from workbench.gui.panels.state_picture import names_of
from workbench.gui.panels.without_film import why_no_snapshot
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.session.film import Snapshot
from workbench.gui.theme import set_role
from workbench.lab.workbook import RunRecord

Row = tuple[str, str]
_WHAT = "A read-out of the values"


@dataclass(frozen=True, eq=False)
class Values:
    """What the read-out reads from: a snapshot with its sequence, names of each layer, and states."""

    sequence: ProbeSequence
    names: Mapping[str, tuple[str, ...]]
    states: tuple[str, ...]
    run_name: str


def read_values(snapshot: Snapshot, record: RunRecord) -> Values | None:
    """Return what can be read out of a snapshot, None where it has no values. Raises WorkbenchError."""
    names, states = names_of(snapshot, record)
    if not names:
        return None
    sequence = ProbeSequence.of(snapshot, record)
    _ = sequence.words  # parsed here, off the window's thread
    return Values(sequence, names, states, record.name)


class ReadOutPanel(Panel):
    """Follows the cursor; without one it shows the last step and the unit whose state is largest there."""

    name = "read_out"
    title = "At the last step"
    help = (
        "The numbers under the cursor: what the network reads at that step, the value of every state and gate of one "
        "unit, the target and the output, and how strongly the loss depends on the state at that step. Point at the "
        "hidden state or at its strip to read other steps and units; click there to keep the place, and click it "
        "again to let go. Without a cursor you see the last step, and the unit whose state is largest there."
    )

    def __init__(self, session: Session, clock: Clock) -> None:
        super().__init__(session, clock)
        self._values: Values | None = None
        self._layer = "1"
        self.where = Caption()
        self.labels: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self.body.setSpacing(0)
        self.body.addWidget(self.where)
        self.body.addLayout(self._grid)
        self.body.addStretch(1)
        session.film.snapshot_changed.connect(self.outdate)
        session.film.changed.connect(self._hear_of_nothing)
        session.runs.changed.connect(self._hear_of_nothing)
        session.runs.changed.connect(self._hear_of_name)
        session.cursor.changed.connect(self._follow)
        self.show_empty(why_no_snapshot(None, _WHAT))

    # What is drawn.

    def job(self) -> Job | None:
        """Put the snapshot in words on the reader's thread; while the film is still read, what was shown stays."""
        film, record = self.session.film, self.session.runs.current_record
        snapshot = film.snapshot
        if snapshot is None or record is None:
            if record is None or film.known:
                self._forget(why_no_snapshot(record, _WHAT))
            return None
        return lambda: read_values(snapshot, record)

    def draw(self, data: Values | None) -> None:
        """Show the numbers at the cursor."""
        if data is None:
            self._forget("This snapshot holds no values of the cell.")
            return
        self._values = data
        self._show(data)
        self.show_body()

    def summary(self) -> str:
        """Return the numbers in words."""
        rows = ", ".join(f"{label.text()} {value.text()}" for label, value in self.labels if not label.isHidden())
        return f"{self._title.text()}, {self.where.text()}: {rows}"

    def set_layer(self, layer: str) -> None:
        """Read out another layer: the one that the hidden state shows."""
        if layer != self._layer:
            self._layer = layer
            self._follow()

    # How it works.

    def _follow(self) -> None:
        """Show the numbers at the cursor at once: all of them are in memory."""
        if self._values is not None and self.isVisible():
            with self.clock.drawing():
                self._show(self._values)
                self.setAccessibleDescription(self.summary())

    def _forget(self, sentence: str) -> None:
        self._values = None
        self.set_title(self.title)
        self.show_empty(sentence)

    def _hear_of_nothing(self) -> None:
        if self.session.film.snapshot is None:
            self.outdate()

    def _hear_of_name(self) -> None:
        record = self.session.runs.current_record
        renamed = self._values is not None and record is not None and record.name != self._values.run_name
        if renamed:
            self.outdate()

    def _show(self, values: Values) -> None:
        cursor, length = self.session.cursor, values.sequence.length
        layer = self._layer if self._layer in values.names else next(iter(values.names))
        pointed = cursor.t is not None and cursor.t < length
        t = cursor.t if cursor.t is not None and pointed else length - 1
        units = self._states_at(values, layer, t)
        given = cursor.unit is not None and cursor.unit < len(units) and pointed
        unit = cursor.unit if cursor.unit is not None and given else _largest(units)
        self.set_title(f"At t = {t}")
        self.where.say(self._describe(values, layer, unit, pointed=pointed, given=given))
        self._fill(self._rows(values, layer, t, unit))

    def _describe(self, values: Values, layer: str, unit: int, *, pointed: bool, given: bool) -> str:
        """Return which unit is read out, and why this place."""
        place = f"unit {unit}" + (f", {layer_words(layer)}" if len(values.names) > 1 else "")
        if not pointed:
            return f"the last step; {place}, whose state is largest"
        if not given:
            return f"{place}, whose state is largest; follows the cursor"
        why = "pinned; click it to let go" if self.session.cursor.pinned else "follows the cursor"
        measure = self.where.fontMetrics()
        room = self.where.width() - measure.horizontalAdvance(f"{place} of ; {why}")
        run = measure.elidedText(values.run_name, Qt.TextElideMode.ElideRight, room)
        return f"{place} of {run}; {why}" if len(run) > 1 else f"{place}; {why}"

    @staticmethod
    def _states_at(values: Values, layer: str, t: int) -> np.ndarray[Any, Any]:
        arrays = values.sequence.snapshot.arrays
        first = values.names[layer][0]
        return np.asarray(arrays[f"values/{layer}.{first}"][t])

    @staticmethod
    def _rows(values: Values, layer: str, t: int, unit: int) -> list[Row]:
        sequence, arrays = values.sequence, values.sequence.snapshot.arrays
        rows = [sequence.input_at(t)]
        for name in values.names[layer]:
            value = float(arrays[f"values/{layer}.{name}"][t, unit])
            state = name in values.states
            rows.append((f"state {name}" if state else name, _signed(value) if state else number(value)))
        rows.extend(sequence.answer_at(t))
        for name in values.names[layer]:
            gradient = arrays.get(f"gradient/{layer}.{name}")
            if gradient is not None:
                norm = float(np.sqrt(np.square(gradient[t].astype(np.float64)).sum()))
                rows.append((f"|dL/d{name}|, all units", number(norm)))
        return rows

    def _fill(self, rows: list[Row]) -> None:
        while len(self.labels) < len(rows):
            self._add_row()
        for index, (label, value) in enumerate(self.labels):
            shown = index < len(rows)
            label.setVisible(shown)
            value.setVisible(shown)
            if shown:
                label.setText(rows[index][0])
                value.setText(rows[index][1])

    def _add_row(self) -> None:
        label, value = QLabel(), QLabel()
        set_role(label, "muted")
        set_role(value, "number")
        for own in (label, value):
            own.setTextFormat(Qt.TextFormat.PlainText)
        # Whatever stands in it, a value never makes the column wider.
        value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = len(self.labels)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(value, row, 1)
        self.labels.append((label, value))


def _largest(states: np.ndarray[Any, Any]) -> int:
    return int(np.abs(np.nan_to_num(states)).argmax())


def _signed(value: float) -> str:
    text = number(value)
    return f"+{text}" if value > 0 and text != "0" else text
