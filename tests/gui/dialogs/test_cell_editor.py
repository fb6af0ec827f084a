"""Equations of one's own: typed, checked, explained, handed to the draft."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.support import small_experiment
from workbench.api import train
from workbench.cells import Cell, catalogue
from workbench.gui.background import Background
from workbench.gui.dialogs.cell_editor import CellEditor
from workbench.gui.form.cell_words import CellWords
from workbench.gui.form.draft import Draft
from workbench.lab.experiment import CellText

LEAKY = "s = 0.9 * s + 0.1 * tanh(W_ss @ s + W_sx @ x + b_s)"


@pytest.fixture
def editor(qtbot: QtBot, background: Background) -> CellEditor:
    """The editor on an LSTM of 8 units that reads 2 inputs."""
    shown = CellEditor(Draft(small_experiment()), background)
    qtbot.addWidget(shown)
    with qtbot.waitExposed(shown):
        shown.show()
    qtbot.waitUntil(shown.use.isEnabled)
    return shown


def type_equations(qtbot: QtBot, editor: CellEditor, text: str) -> None:
    for field, words in ((editor.fields.init, ""), (editor.fields.equations, text)):
        field.setFocus()
        qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(field, Qt.Key.Key_Delete)
        first, *others = words.split("\n")
        qtbot.keyClicks(field, first)
        for line in others:
            qtbot.keyClick(field, Qt.Key.Key_Return)
            qtbot.keyClicks(field, line)


def test_it_starts_from_the_cell_in_use(editor: CellEditor) -> None:
    lstm = catalogue()["lstm"]
    assert editor.fields.equations.toPlainText().strip() == lstm.equations.strip()
    assert (editor.fields.states.text(), editor.fields.init.toPlainText()) == ("h, c", "b_f = 1.0")


def test_typed_equations_become_the_draft_s_cell_and_train(qtbot: QtBot, editor: CellEditor, tmp_path: Path) -> None:
    draft = editor._draft
    type_equations(qtbot, editor, LEAKY)
    qtbot.keyClick(editor.fields.states, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(editor.fields.states, "s")
    qtbot.waitUntil(editor.use.isEnabled)
    qtbot.mouseClick(editor.use, Qt.MouseButton.LeftButton)
    assert draft.experiment is not None
    assert isinstance(draft.experiment.cell, CellText)
    assert draft.experiment.cell.equations == LEAKY
    assert draft.undo_stack.undoText() == "Change cell"
    assert train(draft.experiment.changed({"steps": 3}), tmp_path / "own.rnnw").status == "finished"


def test_a_mistake_is_marked_at_its_line_and_column_with_a_way_out(qtbot: QtBot, editor: CellEditor) -> None:
    type_equations(qtbot, editor, "c = tanh(W_cx @ x)\nh = tahn(c)")
    qtbot.waitUntil(editor.fields.error.isVisible)
    assert editor.fields.error.text() == "Line 2, column 5: unknown function 'tahn'; did you mean tanh?"
    assert editor.fields.equations.marked_text == "tahn"
    assert not editor.use.isEnabled()
    assert not editor.check.isEnabled()
    type_equations(qtbot, editor, "c = tanh(W_cx @ x)\nh = tanh(c)")
    qtbot.waitUntil(editor.use.isEnabled)
    assert not editor.fields.error.isVisible()
    assert editor.fields.equations.marked_text == ""


def test_an_unfinished_last_line_is_marked_too(qtbot: QtBot, editor: CellEditor) -> None:
    type_equations(qtbot, editor, "h = tanh(")
    qtbot.waitUntil(editor.fields.error.isVisible)
    assert editor.fields.error.text().startswith("Line 1, column ")
    assert editor.fields.equations.marked_text != ""


@pytest.mark.parametrize(
    ("init", "words"), [("b_f = ", "Initial values: "), ("b_f = true", "takes a number"), ("q = 1.0", "'q'")]
)
def test_wrong_initial_values_are_explained(qtbot: QtBot, editor: CellEditor, init: str, words: str) -> None:
    editor.fields.init.setPlainText(init)
    qtbot.waitUntil(editor.fields.error.isVisible)
    assert words in editor.fields.error.text()


def test_equations_are_typeset_and_parameters_counted_while_one_types(qtbot: QtBot, editor: CellEditor) -> None:
    type_equations(qtbot, editor, "h = tanh(W_hh @ h + V @ x)\nc = h")
    qtbot.waitUntil(lambda: "W<sup>h,h</sup>" in editor.view.equations.text().replace("<i>", "").replace("</i>", ""))
    # 8 x 8, 8 x 2, and a read-out of 8 weights and a bias.
    assert f"{8 * 8 + 8 * 2 + 8 + 1} learnt in all" in editor.view.parameters.text()


def test_a_cell_that_does_not_fit_the_sizes_is_told_but_can_be_used(qtbot: QtBot, editor: CellEditor) -> None:
    type_equations(qtbot, editor, "h = tanh(x)\nc = h")
    qtbot.waitUntil(lambda: "as many inputs as units" in editor.view.parameters.text())
    assert editor.use.isEnabled()


def test_nothing_can_be_done_with_a_cell_before_it_is_judged(qtbot: QtBot, background: Background) -> None:
    """A click on a button that does nothing yet would be lost."""
    editor = CellEditor(Draft(small_experiment()), background)
    qtbot.addWidget(editor)
    assert not editor.use.isEnabled()
    assert not editor.check.isEnabled()
    qtbot.waitUntil(editor.check.isEnabled)


def test_the_gradient_is_checked_in_words(qtbot: QtBot, editor: CellEditor) -> None:
    qtbot.mouseClick(editor.check, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: editor.gradient.text() not in ("", "Checking the gradient…"))
    assert editor.gradient.text().startswith("The gradient is right")


def test_a_gradient_that_cannot_be_checked_is_explained(qtbot: QtBot, editor: CellEditor) -> None:
    type_equations(qtbot, editor, "c = log(0 - exp(c))\nh = W @ x + c")
    qtbot.waitUntil(editor.use.isEnabled)
    qtbot.mouseClick(editor.check, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "not finite" in editor.gradient.text())


def test_a_saved_cell_loads_again(qtbot: QtBot, editor: CellEditor, tmp_path: Path) -> None:
    editor.fields.name.setText("Mine")
    qtbot.waitUntil(editor.use.isEnabled)
    editor.save(tmp_path / "mine")
    assert Cell.from_file(tmp_path / "mine.toml").title == "Mine"
    editor.fields.equations.setPlainText("")
    editor.load(tmp_path / "mine.toml")
    qtbot.waitUntil(editor.use.isEnabled)
    assert editor.words().cell_text().build().values == Cell.from_file(tmp_path / "mine.toml").values


def test_a_file_that_is_no_cell_is_refused_and_nothing_typed_is_lost(editor: CellEditor, tmp_path: Path) -> None:
    before = editor.words()
    (tmp_path / "no.toml").write_text("hidden = 3")
    editor.load(tmp_path / "no.toml")
    assert "no key 'hidden'" in editor.fields.error.text()
    assert editor.words() == before


@pytest.mark.parametrize("name", catalogue())
def test_words_of_a_cell_make_the_same_cell(name: str) -> None:
    cell = catalogue()[name]
    made = CellWords.of(cell).cell_text().build()
    assert {**made.values, "equations": ""} == {**cell.values, "equations": ""}
    assert made.equations.strip() == cell.equations.strip()


def test_a_wrong_cell_in_the_draft_can_be_mended(qtbot: QtBot, background: Background) -> None:
    draft = Draft(small_experiment())
    draft.set("cell", {"states": ["s"], "equations": "s = tahn(W_sx @ x)", "init": {"W_sx": "glorot"}})
    editor = CellEditor(draft, background)
    qtbot.addWidget(editor)
    editor.show()
    qtbot.waitUntil(editor.fields.error.isVisible)
    assert editor.fields.init.toPlainText() == 'W_sx = "glorot"'
    editor.fields.equations.setPlainText("s = tanh(W_sx @ x)")
    qtbot.waitUntil(editor.use.isEnabled)
    qtbot.mouseClick(editor.use, Qt.MouseButton.LeftButton)
    assert draft.problems == {}
