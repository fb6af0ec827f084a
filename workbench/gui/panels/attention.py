"""Attention: which words of the source the decoder looks at while it writes each word of the answer."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from workbench.gui.format import number, steps
from workbench.gui.panels.panel import Job, Panel
from workbench.gui.panels.probe_sequence import ProbeSequence
from workbench.gui.panels.without_film import why_no_snapshot
from workbench.gui.plots.colour_bar import ColourBar
from workbench.gui.plots.scale import Scale
from workbench.gui.plots.word_map import WordMap
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.session.film import Snapshot
from workbench.lab.workbook import RunRecord

_WHAT = "The attention"
_ATTENTION = "attention"
_NONE = "Attention belongs to tasks that write an answer: choose Translation, tick Attention, train."
_SHARES = Scale(False, 1.0)


@dataclass(frozen=True, eq=False)
class Looks:
    """What an answer looks at: weights (U, S), the words of both, and what was to be written (U,)."""

    sequence: ProbeSequence
    weights: NDArray[np.float32]
    image: NDArray[np.uint8]
    source: tuple[str, ...]
    written: tuple[str, ...]
    due: tuple[str, ...]


def read_looks(snapshot: Snapshot, record: RunRecord) -> Looks | None:
    """Return what a snapshot's answer looks at, None where nothing does. Raises WorkbenchError for a damaged run."""
    weights = snapshot.arrays.get(_ATTENTION)
    if weights is None:
        return None
    sequence = ProbeSequence.of(snapshot, record)
    rows, columns = weights.shape
    words, switch = sequence.words, snapshot.switch or columns
    inputs, outputs, targets = (
        words and getattr(words, name) for name in ("inputs", "outputs", "targets")
    )  # None without words
    return Looks(
        sequence,
        weights,
        np.ascontiguousarray(_SHARES.quantise(weights)),
        tuple((inputs or tuple(map(str, range(columns))))[:columns]),
        tuple(outputs[switch : switch + rows] if outputs else map(str, range(rows))),
        tuple(targets[switch : switch + rows] if targets else ("",) * rows),
    )


class AttentionPanel(Panel):
    """Heat map of the weights: columns are the source's words, rows what the network writes."""

    name: ClassVar[str] = "attention"
    title: ClassVar[str] = "Attention"
    help: ClassVar[str] = (
        "Each row is a step at which the decoder writes, with what it writes there most likely; each column is a word "
        "of the source. A bright field says that the decoder looks at that word of the source at that step; the "
        "weights of a row add up to 1. Without attention the decoder knows of the source only what fits into one "
        "state. Words that keep their order make a diagonal; a reversed order makes one that rises. Point at a field "
        "to read its weight. Go through the film to see how the network learns where to look."
    )

    def __init__(self, session: Session, clock: Clock) -> None:
        super().__init__(session, clock)
        self._looks: Looks | None = None
        self._pointed: tuple[int, int] | None = None
        self.map, self.bar = WordMap("source", "written"), ColourBar()
        self.map.setAccessibleName("Attention; the arrow keys go through the answer's steps")
        self.bar.set_scale(_SHARES)
        self.bar.hide()
        self.tools.addWidget(self.bar)
        self.body.addWidget(self.map, 1)
        self._connect()
        self.show_empty(why_no_snapshot(None, _WHAT))

    def figure(self) -> tuple[str, dict[str, Any]]:
        """Return the same picture for paper, at the place in the film."""
        place = self.session.film.place
        return "attention", {} if place is None else {"step": place}

    # What is drawn.

    def job(self) -> Job | None:
        """Take the weights out of the snapshot; while the film is still read, what was drawn stays."""
        film, record = self.session.film, self.session.runs.current_record
        snapshot = film.snapshot
        if snapshot is None or record is None:
            if record is None or film.known:
                self._forget(why_no_snapshot(record, _WHAT))
            return None
        return lambda: read_looks(snapshot, record)

    def draw(self, data: Looks | None) -> None:
        """Draw the weights."""
        if data is None:
            self._forget(_NONE)
            return
        self._looks = data
        self.map.show_words(data.image, _SHARES, data.written, data.source)
        self.bar.show()
        self._mark()
        self._tell()
        self.show_body()

    def summary(self) -> str:
        """Return at which word of the source each written word looks most."""
        looks = self._looks
        if looks is None:
            return ""
        said = [
            f"{written} looks at {looks.source[row.argmax()]} with {number(float(row.max()))}"
            for written, row in zip(looks.written, looks.weights, strict=True)
        ]
        return f"attention after training step {steps(looks.sequence.snapshot.step)}: {'; '.join(said)}"

    # The cursor and the mouse.

    def _mark(self) -> None:
        """Mark the cursor's step: a column within the source, a row within the answer; and the field pointed at."""
        looks, t = self._looks, self.session.cursor.t
        if looks is None:
            return
        rows, columns = looks.weights.shape
        column, row = self._pointed or (None, None)
        if t is not None and self._pointed is None:
            column, row = (t, None) if t < columns else (None, t - columns)
        self.map.mark(column if column is not None and column < columns else None)
        self.map.mark_row(row if row is not None and row < rows else None)

    def _point(self, column: int, row: int) -> None:
        if self._looks is not None:
            self._pointed = column, row
            self.session.cursor.hover(len(self._looks.source) + row)
            self._tell()

    def _pin(self, column: int, row: int) -> None:
        if self._looks is not None:
            self.session.cursor.pin(len(self._looks.source) + row)

    def _leave(self) -> None:
        self._pointed = None
        self.session.cursor.leave()
        self._mark()
        self._tell()

    def _tell(self) -> None:
        """Say the field pointed at, else what is drawn."""
        looks = self._looks
        if looks is None:
            return
        if self._pointed is None or self._pointed[1] >= len(looks.written) or self._pointed[0] >= len(looks.source):
            self.set_caption(f"where each written symbol looks, on validation sequence {looks.sequence.number}")
            return
        column, row = self._pointed
        written, due = looks.written[row], looks.due[row]
        beside = f" ({due} is due)" if due not in ("", written) else ""
        weight = number(float(looks.weights[row, column]))
        self.set_caption(f"writing {written}{beside}, it looks at {looks.source[column]}: {weight}")

    # How it works.

    def _connect(self) -> None:
        session, cursor = self.session, self.session.cursor
        session.film.snapshot_changed.connect(self.outdate)
        for changed in (session.runs.changed, session.film.changed):
            changed.connect(self._explain_emptiness)
        cursor.changed.connect(self._mark)
        self.map.pointed_at.connect(self._point)
        self.map.clicked_at.connect(self._pin)
        self.map.left.connect(self._leave)
        for keys, deed in (("Up", lambda: self._go(-1)), ("Down", lambda: self._go(1)), ("Esc", cursor.release)):
            # Given what to call as well, PySide6 forgets the context.
            shortcut = QShortcut(QKeySequence(keys), self.map, context=Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(deed)

    def _go(self, rows: int) -> None:
        """Move the cursor by so many steps of the answer; from elsewhere to its first."""
        if self._looks is None:
            return
        t, first = self.session.cursor.t, len(self._looks.source)
        last = first + len(self._looks.written) - 1
        self.session.cursor.pin(first if t is None or t < first else min(max(t + rows, first), last))

    def _forget(self, sentence: str) -> None:
        self._looks = None
        self.bar.hide()
        self.set_caption("")
        self.show_empty(sentence)

    def _explain_emptiness(self) -> None:
        if self.session.film.snapshot is None:
            self.outdate()
