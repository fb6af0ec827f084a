"""What the network answers: held-out examples with target and answer, or the text that it writes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QTextEdit, QToolButton, QVBoxLayout, QWidget

from workbench.errors import WorkbenchError
from workbench.gui.format import steps
from workbench.gui.panels.panel import Job, Panel
from workbench.gui.panels.prediction_list import Picture, ReadingList, ReadingModel, picture_of, spoken
from workbench.gui.panels.probe_sequence import ProbeSequence
from workbench.gui.panels.without_film import why_no_snapshot
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.session.film import Snapshot
from workbench.gui.theme import icon, set_role, theme
from workbench.lab.workbook import RunRecord
from workbench.training.words import Reading, Words

_WHAT = "What the network answers"
_WORDS = "words"
_LINE_HEIGHT = 135.0  # per cent


@dataclass(frozen=True)
class _Shown:
    """What is drawn: the words at a step; where the sequence shown is a picture, that and its reading."""

    step: int
    words: Words
    picture: NDArray[np.float64] | None
    pictured: Reading | None
    written: bool
    """Whether a decoder wrote the answers, piece by piece."""


class PredictionsPanel(Panel):
    """The answers of the snapshot shown: going through the film shows how they became better."""

    name = "predictions"
    title = "Predictions"
    help = (
        "What the network answers to examples that it never learns from. Each row shows what it read, the target it "
        "should have answered and its answer; a tick says the answer counts as right, a cross that it does not. "
        "Point at a row to read all of it. Of an answer that is written word by word, the wrong words alone are red, "
        "and ‸ stands where some are left out. Grey letters of a right answer differ from the target and do not count. "
        "A network that predicts text writes some instead: each next letter is drawn from what it holds likely. "
        "Drag the film below to see how the answers became better."
    )

    def __init__(self, session: Session, clock: Clock) -> None:
        super().__init__(session, clock)
        self._shown: _Shown | None = None
        self.model = ReadingModel()
        self.list = ReadingList(self.model)
        self.text = QTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Text written by the network")
        self.picture = Picture()
        self._picture_text = QLabel()
        self._picture_text.setWordWrap(True)
        self._kinds = QStackedWidget()
        self._kinds.addWidget(self._examples_page())
        self._kinds.addWidget(self.text)
        self._line = QLabel()
        set_role(self._line, "caption")
        self.body.addWidget(self._line)
        self.body.addWidget(self._kinds)
        self._add_copy()
        self.set_caption("on held-out data")
        session.film.snapshot_changed.connect(self.outdate)
        session.film.changed.connect(self._notice_status)
        session.runs.changed.connect(self._notice_status)

    def summary(self) -> str:
        """Return how many answers are right, and the first one; or the text that was written."""
        if self._shown is None:
            return ""
        words, place = self._shown.words, f"At step {steps(self._shown.step)}"
        if words.sample is not None:
            return f"{place} the network writes: {words.sample}"
        first = f" The first: {spoken(words.readings[0])}." if words.readings else ""
        return f"{place}, {_tally(words.readings)}.{first}"

    # Reading and drawing.

    def refresh(self) -> None:
        """Read the words of the snapshot shown; say why there are none where that is so."""
        if not self._has_words() and self._is_known():
            self._shown = None
            self.show_empty(self._why_empty())
        self._copy_tool.setVisible(self._shown is not None)
        super().refresh()

    def job(self) -> Job | None:
        """Return what takes the words out of the snapshot shown."""
        snapshot, record = self.session.film.snapshot, self.session.runs.current_record
        if snapshot is None or not self._has_words():
            return None

        def read() -> _Shown:
            words = Words.from_array(snapshot.arrays[_WORDS])
            picture = picture_of(words, snapshot.arrays["inputs"])
            pictured = _reading_shown(words, snapshot, record) if picture is not None else None
            return _Shown(snapshot.step, words, picture, pictured, snapshot.switch is not None)

        return read

    def draw(self, data: _Shown) -> None:
        """Show examples, or what the network wrote."""
        if self.session.film.snapshot is None:
            return
        self._shown = data
        if data.words.sample is not None:
            self._line.setText(f"sampled from the network at step {steps(data.step)}")
            self._write(data.words.sample)
            self._kinds.setCurrentIndex(1)
        else:
            self._line.setText(f"at step {steps(data.step)}: {_tally(data.words.readings)}")
            self.model.set_readings(
                data.words.readings, notes_on_inputs=data.words.outputs is None, written=data.written
            )
            self._draw_picture(data)
            self._kinds.setCurrentIndex(0)
        self._copy_tool.setVisible(True)
        self.show_body()

    def _write(self, sample: str) -> None:
        """Show a text with room between its lines; the same text again leaves what is marked in it."""
        if sample == self.text.toPlainText():
            return
        self.text.setPlainText(sample)
        spacing = QTextBlockFormat()
        spacing.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        whole = QTextCursor(self.text.document())
        whole.select(QTextCursor.SelectionType.Document)
        whole.mergeBlockFormat(spacing)

    def _draw_picture(self, data: _Shown) -> None:
        self._picture_row.setVisible(data.picture is not None)
        if data.picture is not None:
            self.picture.show_shades(data.picture)
        said = f": {data.pictured.target}. It answers {data.pictured.answer}." if data.pictured else "."
        self._picture_text.setText(f"The sequence shown, as the network reads it{said}")

    def _failed(self, error: WorkbenchError) -> None:
        self._shown = None
        self._copy_tool.hide()
        super()._failed(error)

    # Where there is nothing to draw.

    def _has_words(self) -> bool:
        return self.session.film.snapshot is not None and _WORDS in self.session.film.snapshot.arrays

    def _is_known(self) -> bool:
        """Tell whether the film was read; until then what is seen stays."""
        film = self.session.film
        return film.known or film.snapshot is not None or self.session.runs.current is None

    def _why_empty(self) -> str:
        if self.session.workbook is None:
            return "No workbook is open."
        if self.session.film.snapshot is not None:
            return "This run was filmed by an earlier version of the program, which kept no answers."
        return why_no_snapshot(self.session.runs.current_record, _WHAT)

    def _notice_status(self) -> None:
        """Say anew why there is nothing, where there is nothing."""
        if not self._has_words():
            self.outdate()

    # What can be seen and copied.

    def _examples_page(self) -> QWidget:
        set_role(self._picture_text, "muted")
        self._picture_row = QWidget()
        row = QHBoxLayout(self._picture_row)
        row.setContentsMargins(0, 0, 0, 4)
        row.setSpacing(12)
        row.addWidget(self.picture)
        row.addWidget(self._picture_text, 1)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._picture_row)
        column.addWidget(self.list, 1)
        return page

    def _add_copy(self) -> None:
        self._copy_tool = QToolButton()
        set_role(self._copy_tool, "quiet")
        self._copy_tool.setToolTip("Copy what is shown as text.")
        self._copy_tool.setAccessibleName("Copy what is shown as text")
        self._copy_tool.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._copy_tool.clicked.connect(self._copy)
        self._copy_tool.hide()
        self.tools.addWidget(self._copy_tool)
        theme().changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self._copy_tool.setIcon(icon("copy", theme().colours.muted))

    def _copy(self) -> None:
        if self._shown is not None:
            QGuiApplication.clipboard().setText(_as_text(self._shown.words))


def _reading_shown(words: Words, snapshot: Snapshot, record: RunRecord | None) -> Reading | None:
    """Return the reading of the sequence that is shown closely, where it is among those in words."""
    if record is None:
        return None
    try:
        own = ProbeSequence.of(snapshot, record).number
    except WorkbenchError:  # of another version of the program: the picture goes without its reading
        return None
    return words.readings[own] if own < len(words.readings) else None


def _tally(readings: tuple[Reading, ...]) -> str:
    judged = [reading.correct for reading in readings if reading.correct is not None]
    if not judged:
        return f"{len(readings)} examples"
    right = sum(judged)
    return f"{right} of {len(judged)} answers {'is' if right == 1 else 'are'} right"


def _as_text(words: Words) -> str:
    """Return the sample, or the examples as lines of columns for a spreadsheet."""
    if words.sample is not None:
        return words.sample
    rows = [("reads", "target", "answer", "right")]
    verdicts = {True: "yes", False: "no", None: ""}
    rows += [(own.inputs, own.target, own.answer, verdicts[own.correct]) for own in words.readings]
    return "\n".join("\t".join(row) for row in rows)
