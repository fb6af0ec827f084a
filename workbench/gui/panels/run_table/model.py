"""The runs of the session as a Qt model: one row a run, in the order in which they were made."""

from collections.abc import Mapping
from enum import IntEnum, auto
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from workbench.gui.format import number
from workbench.gui.panels.run_table.about import status_word, tooltip
from workbench.gui.panels.run_table.score import Score
from workbench.gui.session import RunList
from workbench.lab.workbook import RunRecord

Index = QModelIndex | QPersistentModelIndex
TICK, NAME, SCORE = range(3)
_TITLES = ("Drawn", "Name", "Loss")
_NOWHERE = QModelIndex()
_LAST = float("inf")
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_TICK_FLAGS = _FLAGS | Qt.ItemFlag.ItemIsUserCheckable
_EDITABLE_FLAGS = _FLAGS | Qt.ItemFlag.ItemIsEditable


class RunRole(IntEnum):
    """What the model tells beyond Qt's own roles."""

    RUN = Qt.ItemDataRole.UserRole
    """The run's number."""
    STYLE = auto()
    """The RunStyle of a ticked run, else None."""
    CURRENT = auto()
    """Whether the run is looked at closely."""
    STATUS = auto()
    """The run's status as the workbook has it."""
    WORD = auto()
    """The status as it is called in the window."""
    PROGRESS = auto()
    """Share of its steps that a run being trained has taken, else None."""
    VALIDATED = auto()
    """Whether the loss shown is that on the held-out data, not that of the last batch."""
    SORT = auto()
    """What a column is sorted by."""


_LOOKS = [
    int(role)
    for role in (
        RunRole.STYLE,
        RunRole.CURRENT,
        Qt.ItemDataRole.CheckStateRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
    )
]
"""What changes when other runs are ticked or looked at: named, so that nothing is sorted anew."""


class RunModel(QAbstractTableModel):
    """All runs, whether they are drawn, and how good they are. Renaming is asked for, not done, here."""

    rename_wanted = Signal(int, str)

    def __init__(self, runs: RunList) -> None:
        super().__init__()
        self._runs = runs
        self._records: list[RunRecord] = []
        self._scores: dict[int, Score] = {}
        self.editable = False
        runs.changed.connect(self._take)
        runs.shown_changed.connect(self._restyle)
        runs.current_changed.connect(self._restyle)
        self._take()

    def record(self, index: Index) -> RunRecord:
        """Return the run of a row."""
        return self._records[index.row()]

    def index_of(self, run: int) -> QModelIndex:
        """Return where a run's name stands, an invalid index where it is not there."""
        rows = (row for row, record in enumerate(self._records) if record.id == run)
        return self.index(next(rows, -1), NAME)

    def score(self, run: int) -> Score | None:
        """Return what the last validation of a run said, as far as that was read."""
        return self._scores.get(run)

    def set_scores(self, scores: Mapping[int, Score]) -> None:
        """Show what the last validations said; runs that are left out keep what they had."""
        changed = {run for run, score in scores.items() if self._scores.get(run) != score}
        self._scores.update(scores)
        for row, record in enumerate(self._records):
            if record.id in changed:
                self._tell_row(row)

    def forget_scores(self) -> None:
        """Forget all scores: another workbook comes."""
        self._scores.clear()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of runs."""
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(_TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the columns' titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _TITLES[section] if 0 <= section < len(_TITLES) else None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Tell what can be done to a cell."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if index.column() == TICK:
            return _TICK_FLAGS
        return _EDITABLE_FLAGS if index.column() == NAME and self.editable else _FLAGS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows, or what a role asks of its run."""
        if not index.isValid():
            return None
        record, column = self._records[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(record, column)
            case Qt.ItemDataRole.EditRole:
                return record.name if column == NAME else None
            case Qt.ItemDataRole.CheckStateRole if column == TICK:
                return Qt.CheckState.Checked if record.id in self._runs.shown else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.TextAlignmentRole:
                across = Qt.AlignmentFlag.AlignRight if column == SCORE else Qt.AlignmentFlag.AlignLeft
                return across | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ToolTipRole:
                return self._tooltip(record, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(record, column)
        return self._own(record, column, role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tick a run, or ask for another name, which comes when the workbook has it."""
        if not index.isValid():
            return False
        run = self._records[index.row()].id
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == TICK:
            self._runs.show(run, Qt.CheckState(value) == Qt.CheckState.Checked)
            return True
        if role == Qt.ItemDataRole.EditRole and index.column() == NAME and self.editable:
            self.rename_wanted.emit(run, str(value))
        return False

    # What cells say.

    def _text(self, record: RunRecord, column: int) -> str | None:
        if column == NAME:
            return record.name
        if column == SCORE:
            return number(self._quality(record))
        return None

    def _quality(self, record: RunRecord) -> float | None:
        score = self._scores.get(record.id)
        return score.loss if score is not None else record.loss

    def _tooltip(self, record: RunRecord, column: int) -> str:
        if column != TICK:
            return tooltip(record, self._scores.get(record.id))
        if record.id == self._runs.current:
            return "The run that is looked at closely is always drawn."
        return "Leave this run out of the plots." if record.id in self._runs.shown else "Draw this run in the plots."

    def _spoken(self, record: RunRecord, column: int) -> str | None:
        if column == TICK:
            return "drawn in the plots" if record.id in self._runs.shown else "not drawn in the plots"
        if column == NAME:
            closely = ", looked at closely" if record.id == self._runs.current else ""
            return f"{record.name}, {status_word(record)}{closely}"
        return self._text(record, column)

    def _own(self, record: RunRecord, column: int, role: int) -> Any:
        match role:
            case RunRole.RUN:
                return record.id
            case RunRole.STYLE:
                return self._runs.style(record.id) if record.id in self._runs.shown else None
            case RunRole.CURRENT:
                return record.id == self._runs.current
            case RunRole.STATUS:
                return record.status
            case RunRole.WORD:
                return status_word(record)
            case RunRole.PROGRESS:
                return record.step / record.steps if record.active and record.steps else None
            case RunRole.VALIDATED:
                return record.id in self._scores
            case RunRole.SORT:
                return self._sort_key(record, column)
        return None

    def _sort_key(self, record: RunRecord, column: int) -> int | str | float:
        if column == NAME:
            return record.name.casefold()
        if column == SCORE:
            quality = self._quality(record)
            return quality if quality is not None and quality == quality else _LAST  # NaN is no order
        return record.id

    # Keeping up with the session.

    def _take(self) -> None:
        """Take over the session's runs row by row, so that places and edits in the view stay."""
        records = self._runs.records
        self._drop_gone({record.id for record in records})
        if not self._records and records:
            self.beginInsertRows(QModelIndex(), 0, len(records) - 1)
            self._records = list(records)
            self.endInsertRows()
            return
        for row, record in enumerate(records):
            if row == len(self._records) or self._records[row].id != record.id:
                self.beginInsertRows(QModelIndex(), row, row)
                self._records.insert(row, record)
                self.endInsertRows()
            elif self._records[row] != record:
                self._records[row] = record
                self._tell_row(row)

    def _drop_gone(self, there: set[int]) -> None:
        for row in range(len(self._records) - 1, -1, -1):
            if self._records[row].id not in there:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._records[row]
                self.endRemoveRows()

    def _restyle(self) -> None:
        if self._records:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._records) - 1, SCORE), _LOOKS)

    def _tell_row(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, SCORE))
