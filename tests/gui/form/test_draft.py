"""The draft: edits, undo, what is wrong, and what is kept for the next start."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.gui.form.draft import Draft
from workbench.lab.experiment import CellText, Experiment, presets
from workbench.tasks import parse_task

pytestmark = pytest.mark.usefixtures("qapp")
LEAKY = CellText(states=("s",), equations="s = 0.9 * s + 0.1 * tanh(W_sx @ x)", title="Leaky")


def draft() -> Draft:
    return Draft(Experiment(cell="lstm", task=parse_task({"name": "adding", "length": 50}), learning_rate=0.002))


def test_an_edit_makes_another_experiment_and_undo_brings_the_old_one_back() -> None:
    edited = draft()
    edited.set("hidden", 48)
    edited.set("task.length", 30)
    assert edited.experiment == draft().last_valid.changed({"hidden": 48, "task.length": 30})
    edited.undo_stack.undo()
    edited.undo_stack.undo()
    assert edited.experiment == draft().experiment


def test_an_edit_is_named_after_its_field() -> None:
    edited = draft()
    edited.set("hidden", 48)
    assert edited.undo_stack.undoText() == "Change hidden units"


def test_edits_of_one_field_in_a_row_are_undone_together() -> None:
    edited = draft()
    for text in ("1", "12", "128"):
        edited.enter("hidden", text)
    edited.enter("batch", "8")
    assert edited.undo_stack.count() == 2
    edited.undo_stack.undo()
    edited.undo_stack.undo()
    assert edited.value("hidden") == 64


def test_an_edit_taken_back_by_hand_leaves_nothing_to_undo() -> None:
    edited = draft()
    edited.enter("hidden", "6")
    edited.enter("hidden", "64")
    assert not edited.undo_stack.canUndo()


def test_what_is_no_number_is_named_and_kept() -> None:
    edited = draft()
    edited.enter("hidden", "many")
    assert edited.experiment is None
    assert edited.problems == {"hidden": "must be a whole number, not 'many'"}
    assert edited.texts == {"hidden": "many"}


def test_text_that_is_no_value_survives_undo_and_redo() -> None:
    edited = draft()
    edited.enter("hidden", "many")
    edited.set("batch", 8)
    edited.undo_stack.undo()
    edited.undo_stack.undo()
    assert (edited.texts, edited.problems) == ({}, {})
    edited.undo_stack.redo()
    assert edited.texts == {"hidden": "many"}


def test_an_empty_field_is_missing() -> None:
    edited = draft()
    edited.enter("learning_rate", " ")
    assert edited.problems == {"learning_rate": "a value is missing"}


def test_a_value_beyond_its_bounds_is_named_with_its_path() -> None:
    edited = draft()
    edited.enter("task.length", "1")
    assert set(edited.problems) == {"task.length"}
    assert edited.experiment is None
    assert edited.last_valid.task == draft().last_valid.task


def test_a_contradiction_of_two_fields_is_named() -> None:
    edited = draft()
    edited.enter("probe_sequence", "16")
    assert set(edited.problems) == {"probe_sequence"}


def test_a_number_is_kept_as_it_was_typed() -> None:
    edited = draft()
    edited.enter("learning_rate", "1e-3")
    assert edited.value("learning_rate") == 0.001
    assert edited.texts == {"learning_rate": "1e-3"}


def test_thousands_may_be_typed_with_spaces() -> None:
    edited = draft()
    edited.enter("steps", "20\u2009 000")
    assert edited.value("steps") == 20_000


def test_another_task_brings_its_defaults_and_undo_the_old_settings() -> None:
    edited = draft()
    edited.set("task.name", "copy")
    assert edited.values["task"] == {"name": "copy", "delay": 50, "test_delay": 0, "count": 10, "alphabet": 8}
    edited.undo_stack.undo()
    assert edited.values["task"] == {"name": "adding", "length": 50, "test_length": 0}


def test_each_choice_of_a_task_is_undone_by_itself() -> None:
    edited = draft()
    for name in ("translate", "parity", "copy"):
        edited.set("task.name", name)
    undone = []
    for _ in range(3):
        edited.undo_stack.undo()
        undone.append(edited.value("task.name"))
    assert undone == ["parity", "translate", "adding"]


def test_own_equations_make_a_valid_experiment() -> None:
    edited = draft()
    edited.set("cell", LEAKY)
    assert edited.experiment is not None
    assert edited.experiment.cell == LEAKY


def test_equations_that_are_wrong_are_a_problem_of_the_cell() -> None:
    edited = draft()
    edited.set("cell", {"states": ["s"], "equations": "s = tanh(q)\nr = +"})
    assert "line 2" in edited.problems["cell"]


def test_a_preset_loads_and_unloads_as_one_edit() -> None:
    edited = draft()
    edited.load(presets()["copy-gru"], "Load preset")
    assert edited.experiment == presets()["copy-gru"]
    assert edited.undo_stack.undoText() == "Load preset"
    edited.undo_stack.undo()
    assert edited.experiment == draft().experiment


def test_the_name_of_a_preset_goes_with_its_cell_but_ones_own_stays() -> None:
    edited = Draft(presets()["adding-lstm"])
    edited.set("cell", "elman")
    assert edited.value("name") == ""
    edited.set("name", "mine")
    edited.set("cell", "gru")
    assert edited.value("name") == "mine"


def test_changes_are_announced_once_each() -> None:
    edited, heard = draft(), []
    edited.changed.connect(lambda: heard.append(edited.value("hidden")))
    edited.set("hidden", 48)
    edited.set("hidden", 48)
    edited.undo_stack.undo()
    assert heard == [48, 64]


def test_a_draft_comes_back_with_wrong_values_and_typed_texts() -> None:
    edited = draft()
    edited.set("task.name", "digits")
    edited.set("cell", LEAKY)
    edited.enter("hidden", "many")
    edited.enter("learning_rate", "1e-3")
    back = Draft.restored(edited.saved())
    assert (back.values, back.texts, back.problems) == (edited.values, edited.texts, edited.problems)
    assert not back.undo_stack.canUndo()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "[" * 5000, '{"values": 3}', '{"values": {"task": {"name": ["x"]}, "cell": 7}}'],
)
def test_garbage_gives_the_experiment_the_program_opens_with(text: str) -> None:
    assert Draft.restored(text).experiment == presets()["adding-lstm"]


def test_unknown_fields_of_an_older_program_are_dropped_and_missing_ones_filled() -> None:
    kept = json.loads(draft().saved())
    kept["values"]["elegance"] = 3
    del kept["values"]["hidden"]
    kept["values"]["task"] = {"name": "adding", "colour": "red"}
    back = Draft.restored(json.dumps(kept), draft().last_valid)
    assert back.experiment == draft().last_valid.changed({"task": {"name": "adding"}})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(
    st.dictionaries(
        st.sampled_from(["cell", "task", "hidden", "name", "optimizer", "learning_rate"]), json_values, min_size=1
    )
)
def test_no_saved_text_brings_the_draft_down(values: dict[str, object]) -> None:
    back = Draft.restored(json.dumps({"values": values, "texts": values}))
    assert back.experiment is not None or back.problems
    assert Draft.restored(back.saved()).values == back.values
