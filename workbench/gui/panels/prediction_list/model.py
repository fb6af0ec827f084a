"""Readings as a Qt model: one row an example."""

from collections.abc import Sequence
from html import escape
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.gui.panels.prediction_list.differences import agreeing_parts, parts_of
from workbench.training.words import Reading

READING = Qt.ItemDataRole.UserRole
_NOWHERE = QModelIndex()

ColouredPart = tuple[str, str]
"""A piece of an answer, and the theme's colour for what it is."""


class ReadingModel(QAbstractListModel):
    """The examples that are in words. Rows stay while a film runs; only what they say changes."""

    def __init__(self) -> None:
        super().__init__()
        self.readings: tuple[Reading, ...] = ()
        self.notes_on_inputs = True
        self.written = False

    def set_readings(self, readings: Sequence[Reading], *, notes_on_inputs: bool = True, written: bool = False) -> None:
        """Show other answers, or other examples. Their notes say something of what was read, or of the answer.

        Answers that were ``written``, piece by piece, may be wrong in some pieces alone.
        """
        self.notes_on_inputs, self.written = notes_on_inputs, written
        if len(readings) != len(self.readings):
            self.beginResetModel()
            self.readings = tuple(readings)
            self.endResetModel()
        elif tuple(readings) != self.readings:
            self.readings = tuple(readings)
            self.dataChanged.emit(self.index(0), self.index(len(readings) - 1))

    def what_was_read(self, reading: Reading) -> str:
        """Return what counts of an example's inputs: the note on them, else all that was read."""
        if reading.inputs and reading.note and self.notes_on_inputs:
            return reading.note
        return reading.inputs

    def note_on_answer(self, reading: Reading) -> str:
        """Return what counts of an answer that is right and yet not the target; "" for any other."""
        return reading.note if self._is_right_otherwise(reading) else ""

    def answer_in_parts(self, reading: Reading) -> tuple[ColouredPart, ...]:
        """Return an answer in pieces, each with its colour; pieces that do not count are muted."""
        if self._is_right_otherwise(reading):
            parts = agreeing_parts(reading.answer, reading.target)
            return tuple((text, "muted" if differs else "good") for text, differs in parts)
        if self.written and reading.correct is False:
            return tuple((text, "bad" if wrong else "text") for text, wrong in parts_of(reading.answer, reading.target))
        return ((reading.answer, {True: "good", None: "text", False: "bad"}[reading.correct]),)

    def _is_right_otherwise(self, reading: Reading) -> bool:
        """Tell whether symbols were answered that are not the target's and do not count; numbers are only near it."""
        symbols = not self.notes_on_inputs
        return symbols and reading.correct is True and reading.answer != reading.target

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """Return the number of examples."""
        return 0 if parent.isValid() else len(self.readings)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return an example, in words where that is asked."""
        if not index.isValid():
            return None
        reading = self.readings[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return spoken(reading)
            case Qt.ItemDataRole.ToolTipRole:
                return _tooltip(reading)
            case Qt.ItemDataRole.UserRole:
                return reading
        return None


def spoken(reading: Reading) -> str:
    """Return an example as one sentence."""
    verdict = {True: "right", False: "wrong", None: ""}[reading.correct]
    reads = f"reads {reading.inputs}; " if reading.inputs else ""
    return f"{reads}target {reading.target}, answer {reading.answer}{verdict and f', {verdict}'}"


def _tooltip(reading: Reading) -> str:
    rows = (("reads", reading.inputs), ("", reading.note), ("target", reading.target), ("answer", reading.answer))
    cells = "".join(f"<tr><td>{title}&nbsp;&nbsp;</td><td>{escape(text)}</td></tr>" for title, text in rows if text)
    return f"<table>{cells}</table>"
