"""The list of tasks: under headings that nobody can choose, found by keys, by the wheel and by typing."""

from typing import get_args

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.support import choose
from workbench.gui.form.form import ExperimentForm
from workbench.gui.form.task_choice import TaskChoice, by_use
from workbench.tasks import Use, task_types


@pytest.fixture
def choice(qtbot: QtBot, dressed: QApplication) -> TaskChoice:
    box = TaskChoice()
    qtbot.addWidget(box)
    with qtbot.waitExposed(box):
        box.show()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    return box


def _rows(choice: TaskChoice) -> list[tuple[str, str | None]]:
    return [(choice.itemText(row), choice.itemData(row)) for row in range(choice.count())]


def _tasks(choice: TaskChoice) -> list[str]:
    return [name for _, name in _rows(choice) if name is not None]


def _turn_wheel(choice: TaskChoice) -> None:
    """Turn the mouse wheel over the closed list, by one notch towards oneself."""
    at, buttons, keys = QPointF(choice.rect().center()), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    turn = (QPoint(), QPoint(0, -120), buttons, keys, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(choice, QWheelEvent(at, QPointF(choice.mapToGlobal(at.toPoint())), *turn))


def test_each_task_stands_once_below_the_heading_of_its_use(choice: TaskChoice) -> None:
    heading, found = "", {}
    for text, name in _rows(choice):
        if name is None:
            heading = text
        else:
            assert name not in found
            found[name] = heading
    assert found == {name: settings.use for name, settings in task_types().items()}


def test_headings_come_in_the_order_of_uses_each_with_its_tasks_by_title(choice: TaskChoice) -> None:
    headings = [text for text, name in _rows(choice) if name is None]
    assert headings == [use for use in get_args(Use) if use in headings]
    assert by_use([("Text", "b", 1), ("Memory", "x", 2), ("Text", "A", 3)]) == {
        "Memory": [("x", 2)],
        "Text": [("A", 3), ("b", 1)],
    }


def test_the_arrow_keys_go_past_headings_to_the_last_task_and_back(choice: TaskChoice, qtbot: QtBot) -> None:
    tasks = _tasks(choice)
    choice.setCurrentIndex(choice.findData(tasks[0]))
    seen = [tasks[0]]
    for _ in tasks[1:]:
        qtbot.keyClick(choice, Qt.Key.Key_Down)
        seen.append(choice.currentData())
    assert seen == tasks
    for _ in tasks[1:]:
        qtbot.keyClick(choice, Qt.Key.Key_Up)
    assert choice.currentData() == tasks[0]
    qtbot.keyClick(choice, Qt.Key.Key_Up)
    assert choice.currentData() == tasks[0]


def test_a_click_on_a_heading_chooses_nothing(choice: TaskChoice, qtbot: QtBot) -> None:
    choice.setCurrentIndex(choice.findData("copy"))
    choice.showPopup()
    view = choice.view()
    qtbot.waitUntil(view.isVisible)
    heading = view.model().index(choice.findText(task_types()["digits"].use), 0)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(heading).center())
    assert choice.currentData() == "copy"
    choice.hidePopup()


@pytest.mark.parametrize("name", task_types())
def test_typing_its_title_finds_a_task(choice: TaskChoice, name: str, qtbot: QtBot) -> None:
    choice.setCurrentIndex(choice.findData("digits" if name != "digits" else "copy"))
    qtbot.keyClicks(choice, task_types()[name].title)
    assert choice.currentData() == name


@pytest.mark.parametrize(("typed", "name"), [("problem", "adding"), ("dyck", "dyck"), ("language-m", "language-model")])
def test_typing_a_word_of_its_title_or_its_name_finds_a_task(
    choice: TaskChoice, typed: str, name: str, qtbot: QtBot
) -> None:
    choice.setCurrentIndex(choice.findData("digits"))
    qtbot.keyClicks(choice, typed)
    assert choice.currentData() == name


def test_the_space_bar_opens_the_list_where_nothing_is_typed(choice: TaskChoice, qtbot: QtBot) -> None:
    qtbot.keyClick(choice, Qt.Key.Key_Space)
    qtbot.waitUntil(choice.view().isVisible)
    choice.hidePopup()


def test_the_wheel_goes_past_a_heading(choice: TaskChoice) -> None:
    tasks = _tasks(choice)
    choice.setCurrentIndex(choice.findData(tasks[0]))
    for _ in tasks[1:]:
        _turn_wheel(choice)
    assert choice.currentData() == tasks[-1]


@pytest.mark.parametrize("name", task_types())
def test_a_task_of_the_list_comes_into_the_form(form: ExperimentForm, name: str, qtbot: QtBot) -> None:
    choose(form.task.choice, task_types()[name].title, qtbot)
    assert form.draft.value("task.name") == name


def test_fields_show_only_with_tasks_that_are_read_out_as_they_say(form: ExperimentForm, qtbot: QtBot) -> None:
    for_one_answer, for_a_decoder = ("representation",), ("attention", "teacher_forcing", "beam")
    for name, shown in (("adding", for_one_answer), ("reverse", for_a_decoder), ("language-model", ())):
        choose(form.task.choice, task_types()[name].title, qtbot)
        hidden = {path: form.row(path).isHidden() for path in (*for_one_answer, *for_a_decoder)}
        assert [path for path, is_hidden in hidden.items() if not is_hidden] == list(shown)
