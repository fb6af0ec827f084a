"""Deeds done to runs: they reach the workbook, can be undone, and say why they cannot be done."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from PySide6.QtGui import QUndoStack
from pytestqt.qtbot import QtBot

from workbench.gui.deeds import RunDeeds
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.lab.workbook import open_workbook


@pytest.fixture
def stack() -> Iterator[QUndoStack]:
    stack = QUndoStack()
    yield stack
    stack.clear()


@pytest.fixture
def deeds(opened: Session, clock: Clock, stack: QUndoStack) -> RunDeeds:
    return RunDeeds(opened, stack)


def names(session: Session) -> dict[int, str]:
    return {record.id: record.name for record in session.runs.records}


def wait_for(qtbot: QtBot, session: Session, runs: set[int]) -> None:
    qtbot.waitUntil(lambda: names(session).keys() == runs)


def test_a_trashed_run_comes_back_by_undo_and_goes_again_by_redo(
    deeds: RunDeeds, opened: Session, stack: QUndoStack, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(deeds.trashed) as told:
        deeds.trash(1)
    assert told.args == [1, "lstm 8, adding"]
    assert stack.undoText() == "Move lstm 8, adding to the trash"
    wait_for(qtbot, opened, {2})
    stack.undo()
    wait_for(qtbot, opened, {1, 2})
    stack.redo()
    wait_for(qtbot, opened, {2})


def test_a_deed_that_ends_after_its_workbook_was_left_does_not_touch_the_next(
    deeds: RunDeeds, opened: Session, stack: QUndoStack, two_runs: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    other = Path(copyfile(two_runs, tmp_path / "other.rnnw"))
    with open_workbook(other) as workbook:
        workbook.runs.trash(1)
    opened.open(other)
    deeds.trash(1)
    qtbot.waitUntil(lambda: stack.count() == 1)
    assert opened.workbook is not None
    assert opened.workbook.path == other
    with qtbot.waitSignal(opened.complained) as told:
        stack.undo()
    assert "no longer open" in told.args[0]
    qtbot.waitUntil(lambda: not opened.errands.busy)
    assert [record.id for record in opened.workbook.runs.all(trashed=True)] == [1]


def test_a_renamed_run_gets_its_name_back_by_undo(
    deeds: RunDeeds, opened: Session, stack: QUndoStack, qtbot: QtBot
) -> None:
    deeds.rename(1, "  first ")
    qtbot.waitUntil(lambda: names(opened)[1] == "first")
    assert stack.undoText() == "Rename lstm 8, adding"
    stack.undo()
    qtbot.waitUntil(lambda: names(opened)[1] == "lstm 8, adding")


@pytest.mark.parametrize("name", ["", "   ", "lstm 8, adding"])
def test_an_empty_name_and_the_same_name_change_nothing(
    deeds: RunDeeds, opened: Session, stack: QUndoStack, name: str
) -> None:
    deeds.rename(1, name)
    assert not opened.errands.busy
    assert stack.count() == 0


def test_quick_undo_and_redo_end_where_they_should(
    deeds: RunDeeds, opened: Session, stack: QUndoStack, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(deeds.trashed):
        deeds.trash(1)
    for _ in range(3):
        stack.undo()
        stack.redo()
    stack.undo()
    qtbot.waitUntil(lambda: not opened.errands.busy)
    assert opened.workbook is not None
    assert [record.id for record in opened.workbook.runs.all()] == [1, 2]


def test_a_run_that_is_being_trained_is_not_trashed_and_the_workbook_says_why(
    deeds: RunDeeds, opened: Session, stack: QUndoStack, qtbot: QtBot
) -> None:
    assert opened.workbook is not None
    opened.workbook.leases.take(1)
    with qtbot.waitSignal(deeds.busy) as told:
        deeds.trash(1)
    assert told.args == [1, "Run 1 is being trained. Stop it first."]
    assert stack.count() == 0
    assert opened.workbook.runs.get(1).trashed is None


def test_taking_a_trash_back_undoes_it_where_it_was_the_last_deed(
    deeds: RunDeeds, opened: Session, stack: QUndoStack, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(deeds.trashed):
        deeds.trash(1)
    deeds.take_back_trash(1, "lstm 8, adding")
    wait_for(qtbot, opened, {1, 2})
    assert stack.canRedo()


def test_taking_a_trash_back_leaves_later_deeds_alone(
    deeds: RunDeeds, opened: Session, stack: QUndoStack, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(deeds.trashed):
        deeds.trash(1)
    deeds.rename(2, "second")
    qtbot.waitUntil(lambda: names(opened) == {2: "second"})
    deeds.take_back_trash(1, "lstm 8, adding")
    wait_for(qtbot, opened, {1, 2})
    assert names(opened)[2] == "second"
    assert stack.undoText() == "Restore lstm 8, adding"


def test_a_deed_on_a_run_deleted_since_complains_once_and_then_leaves_the_stack(
    deeds: RunDeeds, opened: Session, stack: QUndoStack, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(deeds.trashed):
        deeds.trash(1)
    with qtbot.waitSignal(deeds.done):
        deeds.delete([1])
    with qtbot.waitSignal(opened.complained) as complaint:
        stack.undo()
    assert "no run 1" in complaint.args[0]
    stack.redo()
    assert stack.count() == 0


def test_a_deed_of_another_workbook_is_not_repeated_in_this_one(
    deeds: RunDeeds, opened: Session, stack: QUndoStack, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(deeds.trashed):
        deeds.trash(1)
    with qtbot.waitSignal(opened.opened):
        opened.open(tmp_path / "other.rnnw", create=True)
    with qtbot.waitSignal(opened.complained) as complaint:
        stack.undo()
    assert "no longer open" in complaint.args[0]
    with open_workbook(tmp_path / "two.rnnw") as workbook:
        assert [record.id for record in workbook.runs.all()] == [2]
