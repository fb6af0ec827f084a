"""The model of the run table: it keeps Qt's rules, follows the session row by row, and never renames by itself."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from workbench.gui.panels.run_table import RunModel, RunRole, Score
from workbench.gui.panels.run_table.model import NAME, SCORE, TICK
from workbench.gui.session import RunList, Session
from workbench.lab.workbook import RunRecord, Status

ROLE = Qt.ItemDataRole


def record(run: int, status: Status = "finished", **values: object) -> RunRecord:
    """Return a run whose experiment nobody can read, as one of a later version."""
    own = RunRecord(
        id=run, name=f"run {run}", experiment="{}", cell="", origin={"backend": "numpy"}, status=status, sentence="",
        step=50, steps=200, loss=0.123456, seconds=2.0, created=0.0, started=0.0, ended=None, trashed=None,
    )  # fmt: skip
    return replace(own, **values)  # type: ignore[arg-type]


@pytest.fixture
def runs() -> RunList:
    return RunList()


@pytest.fixture
def model(runs: RunList) -> RunModel:
    return RunModel(runs)


def names(model: RunModel) -> list[str]:
    return [str(model.index(row, NAME).data()) for row in range(model.rowCount())]


def test_the_model_keeps_the_rules_of_qt_while_runs_come_change_and_go(
    model: RunModel, runs: RunList, qtmodeltester: ModelTester
) -> None:
    qtmodeltester.check(model)
    runs.update([record(1), record(2), record(4)])
    runs.update([record(1), record(2), record(3), record(4, "running")])
    runs.show(1, True)
    model.set_scores({2: Score(20, 0.5, {})})
    runs.update([record(1), record(3)])
    qtmodeltester.check(model)
    runs.clear()
    assert model.rowCount() == 0


def test_a_restored_run_comes_back_between_its_neighbours(model: RunModel, runs: RunList) -> None:
    runs.update([record(1), record(3)])
    runs.update([record(1), record(2), record(3)])
    assert names(model) == ["run 1", "run 2", "run 3"]


def test_only_the_row_of_a_changed_run_is_told(model: RunModel, runs: RunList, qtbot: QtBot) -> None:
    runs.update([record(1), record(2)])
    with qtbot.waitSignal(model.dataChanged) as told:
        runs.update([record(1), record(2, step=60)])
    first, last = told.args[:2]
    assert (first.row(), last.row()) == (1, 1)
    assert first.column() < last.column()


def test_the_loss_is_that_of_the_last_batch_until_there_is_a_validation(model: RunModel, runs: RunList) -> None:
    runs.update([record(1)])
    index = model.index(0, SCORE)
    assert (index.data(), index.data(RunRole.VALIDATED)) == ("0.1235", False)
    model.set_scores({1: Score(40, 0.25, {})})
    assert (index.data(), index.data(RunRole.VALIDATED)) == ("0.25", True)


def test_a_loss_that_is_no_number_sorts_behind_all_others(model: RunModel, runs: RunList) -> None:
    runs.update([record(1, loss=float("nan")), record(2, loss=None), record(3, loss=1e30)])
    keys = [model.index(row, SCORE).data(RunRole.SORT) for row in range(3)]
    assert keys[0] == keys[1] > keys[2]


@pytest.mark.parametrize(
    ("status", "word", "progress"),
    [("idle", "waiting", None), ("running", "training", 0.25), ("paused", "paused", 0.25), ("failed", "failed", None)],
)
def test_a_status_is_a_word_and_progress_is_that_of_runs_in_training(
    model: RunModel, runs: RunList, status: Status, word: str, progress: float | None
) -> None:
    runs.update([record(1, status)])
    index = model.index(0, NAME)
    assert index.data(RunRole.WORD) == word
    assert index.data(RunRole.PROGRESS) == progress
    assert word in index.data(ROLE.AccessibleTextRole)


def test_ticking_a_cell_draws_the_run_and_the_current_one_stays_drawn(model: RunModel, runs: RunList) -> None:
    runs.update([record(1), record(2)])
    first, second = model.index(0, TICK), model.index(1, TICK)
    assert runs.current == 2
    assert first.data(RunRole.STYLE) is None
    assert model.setData(first, Qt.CheckState.Checked, ROLE.CheckStateRole)
    assert runs.shown == (2, 1)
    assert first.data(RunRole.STYLE) == runs.style(1)
    model.setData(second, Qt.CheckState.Unchecked, ROLE.CheckStateRole)
    assert runs.shown == (2, 1)


def test_another_name_is_asked_for_and_not_shown_before_the_workbook_has_it(
    model: RunModel, runs: RunList, qtbot: QtBot
) -> None:
    runs.update([record(1)])
    model.editable = True
    with qtbot.waitSignal(model.rename_wanted) as asked:
        model.setData(model.index(0, NAME), "better")
    assert asked.args == [1, "better"]
    assert names(model) == ["run 1"]


def test_names_cannot_be_edited_before_somebody_renames(model: RunModel, runs: RunList) -> None:
    runs.update([record(1)])
    assert not model.flags(model.index(0, NAME)) & Qt.ItemFlag.ItemIsEditable


def test_a_tooltip_tells_cell_task_sizes_backend_time_and_seed(opened: Session) -> None:
    model = RunModel(opened.runs)
    text = model.index(0, NAME).data(ROLE.ToolTipRole)
    for part in ("lstm", "adding, length 12", "8 units, batch 8", "float32", "60 of 60", "steps/s", "Seed"):
        assert part in text


def test_a_tooltip_of_a_run_that_cannot_be_read_tells_what_is_known_and_its_name_is_no_markup(
    model: RunModel, runs: RunList
) -> None:
    runs.update([record(1, name="<i>a</i>", sentence="The loss is no number.")])
    text = model.index(0, NAME).data(ROLE.ToolTipRole)
    assert "&lt;i&gt;a" in text
    assert "numpy" in text
    assert "The loss is no number." in text
