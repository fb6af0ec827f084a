"""Cell, task and needs in the form: chosen by clicks, drawn from the background."""

from html import escape

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.gui.form.support import line, type_into
from tests.gui.support import choose
from workbench.cells import catalogue
from workbench.cells.facts import summary
from workbench.gui.dialogs.cell_editor import CellEditor
from workbench.gui.dialogs.cells import CellBrowser
from workbench.gui.form.form import ExperimentForm
from workbench.gui.format import size, steps
from workbench.lab.estimate import describe_needs
from workbench.tasks import task_types

# Cell.


@pytest.mark.parametrize("name", catalogue())
def test_a_cell_is_chosen_by_its_title_and_typeset(qtbot: QtBot, form: ExperimentForm, name: str) -> None:
    cell = catalogue()[name]
    choose(form.cell.choice, cell.title, qtbot)
    assert form.draft.value("cell") == name
    assert all(part in form.cell.equations.text() for equation in cell.rich_text for part in equation.split(" ")[:1])
    assert escape(cell.about) in form.cell.equations.toolTip()
    assert cell.equations.strip() == form.cell.equations.accessibleDescription()


@pytest.mark.parametrize("name", ["slstm", "lru"])
def test_the_form_says_one_sentence_of_a_cell(qtbot: QtBot, form: ExperimentForm, name: str) -> None:
    cell = catalogue()[name]
    choose(form.cell.choice, cell.title, qtbot)
    said = [label.text() for label in form.cell.findChildren(QLabel)]
    assert summary(cell) in said
    assert cell.about not in said


def test_every_choice_of_a_cell_has_its_sentence_as_a_tool_tip(form: ExperimentForm) -> None:
    choice = form.cell.choice
    tips = {choice.itemData(row): choice.itemData(row, Qt.ItemDataRole.ToolTipRole) for row in range(len(catalogue()))}
    assert tips == {name: summary(cell) for name, cell in catalogue().items()}


def test_latex_is_copied_from_the_menu_of_the_equations(form: ExperimentForm) -> None:
    copy = next(action for action in form.cell.menu().actions() if action.text() == "Copy LaTeX")
    copy.trigger()
    assert QGuiApplication.clipboard().text() == catalogue()["lstm"].latex


def test_own_equations_open_the_editor_and_leave_the_cell_for_now(qtbot: QtBot, form: ExperimentForm) -> None:
    choose(form.cell.choice, "Own equations…", qtbot)
    editor = form.window().findChild(CellEditor)
    assert editor is not None
    assert editor.isVisible()
    assert form.cell.choice.currentText() == "LSTM"
    editor.reject()


def test_what_was_typed_into_a_dismissed_editor_is_there_again(qtbot: QtBot, form: ExperimentForm) -> None:
    editor = form.edit_cell()
    editor.fields.equations.setPlainText("h = unfinis")
    editor.reject()
    choose(form.cell.choice, "Own equations…", qtbot)
    again = [found for found in form.window().findChildren(CellEditor) if found.isVisible()]
    assert [found.fields.equations.toPlainText() for found in again] == ["h = unfinis"]
    again[0].reject()


def test_the_catalogue_opens_by_a_click(qtbot: QtBot, form: ExperimentForm) -> None:
    qtbot.mouseClick(form.cell.browse, Qt.MouseButton.LeftButton)
    browser = form.window().findChild(CellBrowser)
    assert browser is not None
    assert browser.cell.name == "lstm"
    browser.reject()


def test_a_cell_of_ones_own_stands_in_the_list_by_its_title(form: ExperimentForm) -> None:
    form.draft.set("cell", {"title": "Leaky", "states": ["s"], "equations": "s = 0.9 * s + tanh(W_sx @ x)"})
    assert form.cell.choice.currentText() == "Leaky"
    form.draft.undo_stack.undo()
    assert form.cell.choice.currentText() == "LSTM"
    assert form.cell.choice.findText("Leaky") == -1


def test_a_wrong_cell_is_explained_in_its_place(form: ExperimentForm) -> None:
    form.draft.set("cell", {"title": "Leaky", "states": ["s"], "equations": "s = tahn(x)"})
    assert "did you mean tanh?" in form.refusal
    assert form.cell.choice.property("wrong") is True
    assert not form.cell.equations.isVisible()


# Task.


def test_a_task_is_chosen_by_its_title_and_brings_its_fields(qtbot: QtBot, form: ExperimentForm) -> None:
    choose(form.task.choice, "Copy problem", qtbot)
    type_into(qtbot, line(form, "task.delay"), "7")
    assert form.draft.value("task") == {"name": "copy", "delay": 7, "test_delay": 0, "count": 10, "alphabet": 8}


@pytest.mark.parametrize("name", task_types())
def test_every_task_shows_an_example(qtbot: QtBot, form: ExperimentForm, name: str) -> None:
    form.task.preview.clear()
    form.draft.set("task.name", "copy" if name == "adding" else "adding")
    form.draft.set("task.name", name)
    qtbot.waitUntil(lambda: "→ <b>" in form.task.preview.text())
    qtbot.waitUntil(lambda: form.task.picture.isVisible() == (name == "digits"))


def test_another_example_is_shown_by_a_click(qtbot: QtBot, form: ExperimentForm) -> None:
    qtbot.waitUntil(lambda: "→" in form.task.preview.text())
    first = form.task.preview.text()
    qtbot.mouseClick(form.task.another, Qt.MouseButton.LeftButton)
    assert form.task.preview.text() != first


def test_about_the_task_says_how_it_is_made_and_solved(qtbot: QtBot, form: ExperimentForm) -> None:
    qtbot.waitUntil(lambda: "Each of 12 steps" in form.task.about.text())
    assert not form.task.about.isVisible()
    qtbot.mouseClick(form.task.about_button, Qt.MouseButton.LeftButton)
    assert form.task.about.isVisible()
    assert "Solved: Mean squared error" in form.task.about.text()
    assert "Hochreiter" in form.task.about.text()


def test_a_file_that_cannot_be_read_is_marked_and_refused(qtbot: QtBot, form: ExperimentForm) -> None:
    form.draft.set("task.name", "language-model")
    type_into(qtbot, line(form, "task.path"), "/no/such/file.txt")
    qtbot.waitUntil(lambda: form.refusal.startswith("There is no file /no/such/file.txt"))
    assert line(form, "task.path").property("wrong") is True
    assert "There is no file" in form.row("task.path").reason.text()
    type_into(qtbot, line(form, "hidden"), "9")
    assert form.row("task.path").reason.isVisible()
    type_into(qtbot, line(form, "task.path"), "")
    qtbot.waitUntil(lambda: form.refusal == "" and form.needs.outlook is not None)
    assert line(form, "task.path").property("wrong") is False


# What it will need.


def test_needs_arrive_from_the_background(qtbot: QtBot, form: ExperimentForm) -> None:
    qtbot.waitUntil(lambda: form.needs.outlook is not None)
    needed = describe_needs(form.draft.last_valid)
    assert form.needs.figure("Parameters") == steps(needed.parameters)
    assert form.needs.figure("Memory") == size(needed.memory)
    assert form.needs.figure("Time").startswith("about ")


def test_needs_follow_edits(qtbot: QtBot, form: ExperimentForm) -> None:
    qtbot.waitUntil(lambda: form.needs.outlook is not None)
    type_into(qtbot, line(form, "hidden"), "31")
    wanted = steps(describe_needs(form.draft.last_valid).parameters)
    qtbot.waitUntil(lambda: form.needs.figure("Parameters") == wanted)


def test_old_figures_stay_while_a_value_is_wrong(qtbot: QtBot, form: ExperimentForm) -> None:
    qtbot.waitUntil(lambda: form.needs.outlook is not None)
    before = form.needs.figure("Parameters")
    type_into(qtbot, line(form, "hidden"), "31")
    type_into(qtbot, line(form, "hidden"), "0")
    told: list[object] = []
    form.needs.told.connect(lambda: told.append(form.needs.outlook))
    qtbot.wait(400)
    assert told == [], "what was asked for before the mistake came"
    assert (form.needs.outlook, form.needs.figure("Parameters")) == (None, before)


def test_more_memory_than_there_is_refuses_with_a_sentence(qtbot: QtBot, form: ExperimentForm) -> None:
    form.draft.set("hidden", 16384)
    form.draft.set("layers", 8)
    with qtbot.waitSignal(form.refusal_changed):
        form.draft.set("batch", 60000)
    qtbot.waitUntil(lambda: "are free" in form.refusal)
    assert form.draft.problems == {}
    form.draft.undo_stack.setIndex(0)
    qtbot.waitUntil(lambda: form.refusal == "" and form.needs.outlook is not None)
