"""The trash: runs come back from it, and go for good only after a second press."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from workbench.gui.deeds import RunDeeds
from workbench.gui.dialogs.trash import TrashDialog
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def stack() -> Iterator[QUndoStack]:
    stack = QUndoStack()
    yield stack
    stack.clear()


@pytest.fixture
def deeds(opened: Session, clock: Clock, stack: QUndoStack) -> RunDeeds:
    return RunDeeds(opened, stack)


@pytest.fixture
def window(dressed: object, qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def trash(opened: Session, deeds: RunDeeds, window: QWidget, qtbot: QtBot) -> TrashDialog:
    """The open dialog, with both runs in the trash; the second one was put away last."""
    assert opened.workbook is not None
    opened.workbook.runs.trash(1)
    opened.workbook.runs.trash(2)
    dialog = TrashDialog(opened, deeds, window)
    dialog.open()
    qtbot.waitUntil(lambda: len(names(dialog)) == 2)
    return dialog


def names(dialog: TrashDialog) -> list[str]:
    items = [dialog.list.topLevelItem(row) for row in range(dialog.list.topLevelItemCount())]
    return [item.text(0) for item in items if item is not None]


def mark(qtbot: QtBot, dialog: TrashDialog, row: int) -> None:
    item = dialog.list.topLevelItem(row)
    assert item is not None
    qtbot.mouseClick(dialog.list.viewport(), LEFT, pos=dialog.list.visualItemRect(item).center())


def press(qtbot: QtBot, button: QPushButton) -> None:
    assert button.isEnabled()
    qtbot.mouseClick(button, LEFT)


def kept(session: Session) -> list[int]:
    assert session.workbook is not None
    runs = session.workbook.runs
    return sorted(record.id for record in (*runs.all(), *runs.all(trashed=True)))


def test_the_run_put_away_last_stands_first(trash: TrashDialog) -> None:
    assert names(trash) == ["elman 6, adding", "lstm 8, adding"]
    assert not trash.restore.isEnabled()
    assert not trash.delete.isEnabled()


def test_a_marked_run_is_restored_and_that_can_be_undone(
    trash: TrashDialog, opened: Session, stack: QUndoStack, qtbot: QtBot
) -> None:
    mark(qtbot, trash, 1)
    press(qtbot, trash.restore)
    qtbot.waitUntil(lambda: names(trash) == ["elman 6, adding"])
    qtbot.waitUntil(lambda: [record.id for record in opened.runs.records] == [1])
    assert stack.undoText() == "Restore lstm 8, adding"
    stack.undo()
    qtbot.waitUntil(lambda: len(names(trash)) == 2)


def test_a_run_is_deleted_only_after_a_second_press(trash: TrashDialog, opened: Session, qtbot: QtBot) -> None:
    mark(qtbot, trash, 0)
    press(qtbot, trash.delete)
    assert trash.confirmation.isVisible()
    assert "“elman 6, adding”" in trash.confirmation.question
    assert "cannot be undone" in trash.confirmation.question
    assert trash.confirmation.no.hasFocus()
    assert kept(opened) == [1, 2]
    press(qtbot, trash.confirmation.yes)
    qtbot.waitUntil(lambda: names(trash) == ["lstm 8, adding"])
    assert kept(opened) == [1]
    assert not trash.confirmation.isVisible()


def test_keep_deletes_nothing(trash: TrashDialog, opened: Session, qtbot: QtBot) -> None:
    mark(qtbot, trash, 0)
    press(qtbot, trash.delete)
    press(qtbot, trash.confirmation.no)
    assert not trash.confirmation.isVisible()
    assert not opened.errands.busy
    assert kept(opened) == [1, 2]


def test_another_mark_takes_the_question_back(trash: TrashDialog, qtbot: QtBot) -> None:
    mark(qtbot, trash, 0)
    qtbot.keyClick(trash.list, Qt.Key.Key_Delete)
    assert trash.confirmation.isVisible()
    mark(qtbot, trash, 1)
    assert not trash.confirmation.isVisible()


def test_the_trash_is_emptied_after_a_second_press(trash: TrashDialog, opened: Session, qtbot: QtBot) -> None:
    press(qtbot, trash.empty)
    assert "all 2 runs" in trash.confirmation.question
    press(qtbot, trash.confirmation.yes)
    qtbot.waitUntil(lambda: names(trash) == [])
    assert kept(opened) == []
    assert not trash.empty.isEnabled()
    assert not trash.list.isVisible()


def test_a_run_that_came_back_elsewhere_leaves_the_list(trash: TrashDialog, opened: Session, qtbot: QtBot) -> None:
    assert opened.workbook is not None
    opened.workbook.runs.restore(2)
    qtbot.waitUntil(lambda: names(trash) == ["lstm 8, adding"])


def test_closing_while_it_reads_is_harmless(trash: TrashDialog, opened: Session, qtbot: QtBot) -> None:
    opened.runs.changed.emit()
    trash.close()
    qtbot.waitUntil(lambda: not opened.reader.busy)
