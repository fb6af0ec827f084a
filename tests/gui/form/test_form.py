"""The form used by clicks and keys: fields, undo, wrong values, folding, widths."""

from typing import Literal

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.gui.form.support import line, type_into
from tests.gui.support import choose, small_experiment
from workbench.gui.background import Background
from workbench.gui.form.draft import Draft
from workbench.gui.form.editors import ChoiceField, FlagField
from workbench.gui.form.fields import FormField, experiment_fields, task_fields
from workbench.gui.form.form import ExperimentForm
from workbench.gui.form.path_field import PathField
from workbench.gui.form.section import FoldingSection
from workbench.gui.theme import Mode, theme
from workbench.lab.experiment import Experiment, presets
from workbench.tasks import task_types

FIELDS = experiment_fields(Experiment)


def another_text(field: FormField) -> str:
    """Return a text that is another value of the field."""
    if field.kind == "text":
        return "mine"
    least = field.bounds.get("ge", field.bounds.get("gt", 0))
    return str(int(least) + 2) if field.kind == "whole" else "0.25"


@pytest.mark.parametrize("field", [f for f in FIELDS if f.kind not in ("choice", "flag")], ids=lambda field: field.path)
def test_typing_into_a_field_edits_the_draft(qtbot: QtBot, form: ExperimentForm, field: FormField) -> None:
    form.fold([])
    form.draft.set("optimizer", "sgd")
    form.draft.set("schedule", "step")
    type_into(qtbot, line(form, field.path), another_text(field))
    assert form.draft.value(field.path) == field.parse(another_text(field))
    assert form.draft.problems == {}


@pytest.mark.parametrize("field", [f for f in FIELDS if f.kind == "choice"], ids=lambda field: field.path)
def test_choosing_edits_the_draft(qtbot: QtBot, form: ExperimentForm, field: FormField) -> None:
    form.fold([])
    editor = form.row(field.path).editor
    assert isinstance(editor, ChoiceField)
    choose(editor, editor.itemText(1), qtbot)
    assert form.draft.value(field.path) == field.choices[1]


def test_tensorfloat_is_asked_for_beside_a_gpu_chosen_by_name_in_single_precision(
    qtbot: QtBot, form: ExperimentForm
) -> None:
    form.fold([])
    row = form.row("tf32")
    assert not row.isVisibleTo(form)
    form.draft.set("backend", "cupy")
    assert row.isVisibleTo(form)
    assert isinstance(row.editor, FlagField)
    qtbot.mouseClick(row.editor, Qt.MouseButton.LeftButton, pos=QPoint(8, row.editor.height() // 2))
    assert form.draft.value("tf32") is True
    assert form.draft.problems == {}
    form.draft.set("dtype", "float64")
    assert not row.isVisibleTo(form)


@pytest.mark.parametrize("name", task_types())
def test_every_task_has_its_fields_in_the_form(form: ExperimentForm, name: str) -> None:
    form.draft.set("task.name", name)
    assert [row.field.path for row in form.task.rows] == [field.path for field in task_fields(name)]
    assert all(row.isVisibleTo(form) == form.draft.matters(row.field) for row in form.task.rows)


def test_ctrl_z_in_a_field_undoes_the_edit_and_ctrl_y_does_it_again(qtbot: QtBot, form: ExperimentForm) -> None:
    field = line(form, "hidden")
    type_into(qtbot, field, "48")
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (form.draft.value("hidden"), field.text()) == (8, "8")
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert (form.draft.value("hidden"), field.text()) == (48, "48")


def test_the_window_s_undo_takes_ctrl_z_from_a_field(qtbot: QtBot, background: Background) -> None:
    draft = Draft(small_experiment())
    form = ExperimentForm(draft, background, tuple)
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(form)
    undo = draft.undo_stack.createUndoAction(window)
    undo.setShortcut(QKeySequence.StandardKey.Undo)
    window.addAction(undo)
    with qtbot.waitExposed(window):
        window.show()
    type_into(qtbot, line(form, "batch"), "4")
    type_into(qtbot, line(form, "hidden"), "48")
    with qtbot.waitSignal(undo.triggered):
        qtbot.keyClick(line(form, "hidden"), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (draft.value("hidden"), draft.value("batch")) == (8, 4)


def test_a_file_is_browsed_for(qtbot: QtBot, form: ExperimentForm) -> None:
    form.draft.set("task.name", "language-model")
    editor = form.row("task.path").editor
    assert isinstance(editor, PathField)
    with qtbot.waitSignal(form.data_asked):
        qtbot.mouseClick(editor.button, Qt.MouseButton.LeftButton)


def test_a_wrong_value_is_marked_explained_and_kept(qtbot: QtBot, form: ExperimentForm) -> None:
    row = form.row("hidden")
    type_into(qtbot, line(form, "hidden"), "many")
    assert line(form, "hidden").property("wrong") is True
    assert row.reason.text() == "Must be a whole number, not 'many'."
    assert row.reason.isVisible()
    assert form.refusal == "Hidden units: must be a whole number, not 'many'."
    qtbot.mouseClick(line(form, "batch"), Qt.MouseButton.LeftButton)
    assert line(form, "hidden").text() == "many"
    type_into(qtbot, line(form, "hidden"), "9")
    assert not row.reason.isVisible()
    assert form.draft.experiment is not None


def test_a_wrong_value_in_a_folded_section_unfolds_it(form: ExperimentForm) -> None:
    assert form.folded() == ["Watching", "Machine"]
    form.draft.enter("seed", "-1")
    assert form.folded() == ["Watching"]


def test_headings_fold_and_unfold_by_a_click(qtbot: QtBot, form: ExperimentForm) -> None:
    section = form.sections["Machine"]
    assert isinstance(section, FoldingSection)
    for folded in (False, True):
        with qtbot.waitSignal(form.fold_changed):
            qtbot.mouseClick(section.heading, Qt.MouseButton.LeftButton)
        assert section.folded is folded
    form.fold(["Machine", "Cell", "no such section"])
    assert form.folded() == ["Machine"]


def test_both_directions_are_offered_where_the_task_does_not_predict_what_comes_next(
    qtbot: QtBot, form: ExperimentForm
) -> None:
    row = form.row("bidirectional")
    assert row.isVisible()
    choose(form.task.choice, task_types()["sine"].title, qtbot)
    assert not row.isVisible()
    choose(form.task.choice, task_types()["parity"].title, qtbot)
    assert row.isVisible()


def test_both_directions_that_a_task_refuses_can_still_be_seen(qtbot: QtBot, form: ExperimentForm) -> None:
    form.draft.set("bidirectional", True)
    choose(form.task.choice, task_types()["sine"].title, qtbot)
    assert form.row("bidirectional").isVisible()
    assert form.row("bidirectional").reason.isVisible()


def test_fields_that_depend_on_another_appear_with_it(qtbot: QtBot, form: ExperimentForm) -> None:
    assert not form.row("momentum").isVisible()
    editor = form.row("optimizer").editor
    assert isinstance(editor, ChoiceField)
    choose(editor, "RMSprop", qtbot)
    assert form.row("momentum").isVisible()


def test_a_wrong_value_stays_in_view_where_the_field_has_no_meaning(form: ExperimentForm) -> None:
    form.draft.set("optimizer", "sgd")
    form.draft.enter("momentum", "7")
    form.draft.set("optimizer", "adam")
    assert form.row("momentum").isVisible()


def test_whole_numbers_have_thin_spaces_and_are_typed_as_digits(qtbot: QtBot, form: ExperimentForm) -> None:
    steps = line(form, "steps")
    assert steps.text() == "2\u2009000"
    qtbot.mouseClick(steps, Qt.MouseButton.LeftButton)
    assert steps.text() == "2000"
    qtbot.keyClick(steps, Qt.Key.Key_End)
    qtbot.keyClicks(steps, "0")
    assert form.draft.value("steps") == 20_000
    qtbot.mouseClick(line(form, "batch"), Qt.MouseButton.LeftButton)
    assert steps.text() == "20\u2009000"


def test_what_is_typed_stands_until_one_goes_on(qtbot: QtBot, form: ExperimentForm) -> None:
    hidden = line(form, "hidden")
    type_into(qtbot, hidden, "007")
    assert (hidden.text(), form.draft.value("hidden")) == ("007", 7)
    qtbot.mouseClick(line(form, "batch"), Qt.MouseButton.LeftButton)
    assert hidden.text() == "7"


def test_a_number_stands_as_it_was_typed(qtbot: QtBot, form: ExperimentForm) -> None:
    rate = line(form, "learning_rate")
    type_into(qtbot, rate, "1e-3")
    qtbot.mouseClick(line(form, "batch"), Qt.MouseButton.LeftButton)
    assert (rate.text(), form.draft.value("learning_rate")) == ("1e-3", 0.001)


def test_up_and_down_step_a_value(qtbot: QtBot, form: ExperimentForm) -> None:
    hidden, rate = line(form, "hidden"), line(form, "learning_rate")
    qtbot.mouseClick(hidden, Qt.MouseButton.LeftButton)
    qtbot.keyClick(hidden, Qt.Key.Key_Up)
    qtbot.keyClick(hidden, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert form.draft.value("hidden") == 19
    for _ in range(30):
        qtbot.keyClick(hidden, Qt.Key.Key_Down)
    assert form.draft.value("hidden") == 1
    qtbot.mouseClick(rate, Qt.MouseButton.LeftButton)
    qtbot.keyClick(rate, Qt.Key.Key_Down)
    assert (form.draft.value("learning_rate"), rate.text()) == (0.005, "0.005")


def turn_wheel(field: QWidget, notches: int) -> None:
    place = field.rect().center()
    QApplication.sendEvent(
        field,
        QWheelEvent(
            QPointF(place),
            QPointF(field.mapToGlobal(place)),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


@pytest.mark.parametrize("path", ["hidden", "optimizer"])
def test_the_wheel_changes_only_the_field_that_has_the_focus(qtbot: QtBot, form: ExperimentForm, path: str) -> None:
    form.row("batch").editor.setFocus()
    before = form.draft.value(path)
    turn_wheel(form.row(path).editor, -1)
    assert form.draft.value(path) == before
    form.focus_field(path)
    turn_wheel(form.row(path).editor, -1)
    assert form.draft.value(path) != before


@pytest.mark.parametrize("path", ["seed", "threads", "task.length", "hidden", "name", "batch"])
def test_a_field_can_be_brought_into_view_with_the_focus(qtbot: QtBot, form: ExperimentForm, path: str) -> None:
    form.resize(284, 420)
    form.focus_field(path)
    qtbot.waitUntil(lambda: in_view(form, form.row(path)))
    assert line(form, path).hasFocus()


@pytest.mark.parametrize(("path", "section"), [("cell", "Cell"), ("cell.states", "Cell"), ("task", "Task")])
def test_cell_and_task_can_be_brought_into_view_too(form: ExperimentForm, path: str, section: str) -> None:
    form.focus_field(path)
    assert form.sections[section].isAncestorOf(form.focusWidget())


def in_view(form: ExperimentForm, widget: QWidget) -> bool:
    area = form.findChild(QScrollArea)
    assert area is not None
    return area.viewport().rect().contains(widget.mapTo(area.viewport(), widget.rect().center()))


def test_each_field_says_what_it_means_its_bounds_and_its_default(form: ExperimentForm) -> None:
    hidden = line(form, "hidden")
    assert hidden.toolTip() == "Units of each layer. At least 1 and at most 16\u2009384. Default: 64."
    assert hidden.accessibleName() == "Hidden units"
    assert hidden.accessibleDescription() == hidden.toolTip()


def test_everything_that_takes_the_focus_has_a_name(form: ExperimentForm) -> None:
    form.fold([])
    nameless = [
        widget
        for widget in form.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisibleTo(form)
        and not (widget.accessibleName() or (isinstance(widget, QPushButton) and widget.text()))
    ]
    assert nameless == []


def test_a_preset_fills_the_form(form: ExperimentForm) -> None:
    preset = presets()["language-model-lstm"]
    form.draft.load(preset, "Load preset")
    assert line(form, "name").text() == preset.name
    assert line(form, "hidden").text() == str(preset.hidden)
    assert line(form, "task.length").text() == "64"


def test_an_empty_name_shows_what_the_run_will_be_called(form: ExperimentForm) -> None:
    assert line(form, "name").placeholderText() == "lstm 8, adding"


def test_a_sentence_with_a_long_path_wraps(qtbot: QtBot, form: ExperimentForm) -> None:
    form.resize(260, 700)
    form.draft.set("task.name", "language-model")
    form.draft.set("task.path", "/folder/" + "_".join(["a_name_in_words"] * 6) + ".txt")
    qtbot.waitUntil(lambda: form.refusal != "")
    form.task.say(form.refusal)
    labels = [label for label in form.findChildren(QLabel) if label.isVisible() and label.wordWrap()]
    assert len(labels) > 3
    assert [label.text() for label in labels if label.minimumSizeHint().width() > 236] == []


class Future(Experiment):
    """An experiment with fields that nobody foresaw."""

    patience: int = 5
    nesterov: bool = False
    noise: Literal["none", "white"] = "none"


def test_a_field_that_nobody_foresaw_appears_by_itself(qtbot: QtBot, background: Background) -> None:
    form = ExperimentForm(Draft(Future(**small_experiment().values())), background, tuple)
    qtbot.addWidget(form)
    form.resize(284, 868)
    form.show()
    type_into(qtbot, line(form, "patience"), "7")
    qtbot.mouseClick(form.row("nesterov").editor, Qt.MouseButton.LeftButton, pos=QPoint(8, 14))
    editor = form.row("noise").editor
    assert isinstance(editor, ChoiceField)
    choose(editor, "White", qtbot)
    assert isinstance(form.draft.experiment, Future)
    assert (form.draft.experiment.patience, form.draft.experiment.nesterov) == (7, True)
    assert form.draft.experiment.noise == "white"


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [260, 284, 300])
def test_nothing_is_cut_off_at_the_right(qtbot: QtBot, form: ExperimentForm, width: int, mode: Mode) -> None:
    theme().apply(mode)
    form.fold([])
    form.resize(width, 700)
    for name in task_types():
        form.draft.set("task.name", name)
        form.draft.set("cell", "lstm-peephole")
        qtbot.waitUntil(lambda: form.width() == width)
        area = form.findChild(QScrollArea)
        assert area is not None
        assert area.horizontalScrollBar().maximum() == 0
        QApplication.processEvents()
        for widget in area.viewport().findChildren(QWidget):
            if widget.isVisible() and isinstance(widget, QLabel | QLineEdit | QPushButton | ChoiceField):
                assert widget.mapTo(form, widget.rect().topRight()).x() <= width - 12, widget
        for button in area.viewport().findChildren(QPushButton):
            assert not button.isVisible() or button.width() >= button.sizeHint().width()
    theme().apply("light")
