"""The experiment: what is wrong is named with its field, and the value survives every way of writing it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workbench.cells import catalogue
from workbench.lab.errors import ExperimentError
from workbench.lab.experiment import CellText, Experiment

OWN_CELL = {"title": "mine", "states": ["h"], "equations": "h = tanh(W @ h + U @ x + b)", "init": {"b": 1.0}}


def experiment(**values: object) -> Experiment:
    return Experiment(**{"cell": "lstm", "task": {"name": "adding"}, **values})  # type: ignore[arg-type]


def problems(**values: object) -> list[str]:
    with pytest.raises(ExperimentError) as caught:
        experiment(**values)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("hidden", 0, "hidden: must be at least 1, not 0"),
        ("hidden", 10**9, "hidden: must be at most 16384, not 1000000000"),
        ("hidden", 2.5, "hidden: must be a whole number, not 2.5"),
        ("hidden", "many", "hidden: must be a whole number, not 'many'"),
        ("hidden", True, "hidden: must be a whole number, not True"),
        ("learning_rate", float("nan"), "learning_rate: must be a finite number, not nan"),
        ("learning_rate", float("inf"), "learning_rate: must be a finite number, not inf"),
        ("learning_rate", 0, "learning_rate: must be above 0, not 0"),
        ("learning_rate", "fast", "learning_rate: must be a number, not 'fast'"),
        ("optimizer", "adm", "optimizer: must be 'sgd', 'rmsprop', 'adam' or 'adamw', not 'adm'"),
        ("name", 5, "name: must be text, not 5"),
        ("hiden", 64, "hiden: there is no such field; did you mean hidden?"),
        ("probe_sequence", 16, "probe_sequence: must be below probe_size (16), not 16"),
        ("warmup", 9999, "warmup: must be at most steps (2000), not 9999"),
        ("task", {"name": "adding", "length": 1}, "task.length: must be at least 2, not 1"),
        ("teacher_forcing", 1.5, "teacher_forcing: must be at most 1, not 1.5"),
        (
            "task",
            {"name": "adding", "lenght": 9},
            "task.lenght: there is no such field; did you mean length?",
        ),
        ("cell", {"states": ["h"]}, "cell.equations: is missing"),
    ],
)
def test_a_wrong_field_is_named_with_the_reason(field: str, value: object, sentence: str) -> None:
    assert problems(**{field: value}) == [sentence]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"task": {"name": "language-model"}, "bidirectional": True},
            "bidirectional: language-model predicts what comes next, and a network that reads from the end has seen it",
        ),
        (
            {"bidirectional": True, "truncate": 10},
            "truncate: must be 0 with bidirectional, which needs the sequence as a whole",
        ),
        (
            {"representation": "mean", "checkpoint_every": 10},
            "checkpoint_every: must be 0 with representation mean, which needs the sequence as a whole",
        ),
        (
            {"task": {"name": "reverse"}, "truncate": 10},
            "truncate: must be 0 with the decoder of reverse, which needs the sequence as a whole",
        ),
    ],
)
def test_a_network_that_does_not_suit_its_task_is_refused(values: dict[str, object], sentence: str) -> None:
    assert problems(**values) == [sentence]


def test_what_a_task_has_no_use_for_does_not_matter() -> None:
    assert experiment(task={"name": "copy"}, representation="mean", truncate=10).truncate == 10


def test_all_wrong_fields_are_named_at_once() -> None:
    assert [problem.split(":")[0] for problem in problems(hidden=0, batch=0, dtype="float16")] == [
        "hidden",
        "batch",
        "dtype",
    ]


@pytest.mark.parametrize("missing", ["cell", "task"])
def test_cell_and_task_have_to_be_given(missing: str) -> None:
    values = {"cell": "lstm", "task": {"name": "adding"}}
    del values[missing]

    with pytest.raises(ExperimentError, match=f"{missing}: is missing"):
        Experiment(**values)  # type: ignore[arg-type]


def test_an_unknown_cell_or_task_is_answered_with_those_that_are_there() -> None:
    assert f"the cells are {next(iter(catalogue()))}, " in problems(cell="lstn")[0]
    assert 'Did you mean "adding"?' in problems(task={"name": "ading"})[0]


def test_a_cell_of_ones_own_is_checked_where_it_stands() -> None:
    assert experiment(cell=OWN_CELL).build_cell().title == "mine"
    wrong = problems(cell={**OWN_CELL, "equations": "h = tanh(W @ h +"})
    assert wrong[0].startswith("cell: equations, line 1")


@pytest.mark.parametrize("value", [7, ["h"], None])
def test_a_cell_is_a_name_or_a_table(value: object) -> None:
    assert "must be a cell's name, or a table" in problems(cell=value)[0]


def test_an_experiment_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        experiment().hidden = 3  # type: ignore[misc]


def test_a_changed_copy_leaves_the_first_as_it_was() -> None:
    first = experiment()

    second = first.changed({"hidden": 8, "task.length": 20})

    assert (first.hidden, first.task.model_dump()["length"]) == (64, 100)
    assert (second.hidden, second.task.model_dump()["length"]) == (8, 20)


def test_an_experiment_from_before_a_field_was_there_has_its_default() -> None:
    first = experiment(hidden=32)
    values = {name: value for name, value in first.values().items() if name != "checkpoint_every"}
    assert Experiment.from_json(json.dumps(values)) == first
    assert first.checkpoint_every == 0


def test_another_task_brings_its_own_defaults() -> None:
    assert experiment().changed({"task.name": "copy"}).task.name == "copy"


@pytest.mark.parametrize("path", ["hiden", "cell.title", "hidden.size", "tusk.length"])
def test_a_path_that_leads_nowhere_is_refused(path: str) -> None:
    with pytest.raises(ExperimentError, match=path):
        experiment().changed({path: 1})


def test_a_name_is_made_of_what_it_is() -> None:
    assert experiment(hidden=32).label == "lstm 32, adding"
    assert experiment(name="first try").label == "first try"
    assert experiment(cell=OWN_CELL).label == "mine 64, adding"


@pytest.mark.parametrize("name", Experiment.model_fields)
def test_every_field_says_what_it_is(name: str) -> None:
    field = Experiment.model_fields[name]

    assert field.title
    assert field.description
    assert isinstance(field.json_schema_extra, dict)
    assert field.json_schema_extra["group"]


@given(
    hidden=st.integers(1, 16384),
    learning_rate=st.floats(1e-12, 1000),
    name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    own=st.booleans(),
    seed=st.integers(0, 2**53),
)
def test_json_keeps_every_field(hidden: int, learning_rate: float, name: str, own: bool, seed: int) -> None:
    first = experiment(
        hidden=hidden,
        learning_rate=learning_rate,
        name=name,
        seed=seed,
        cell=CellText(**OWN_CELL) if own else "gru",
    )

    assert Experiment.from_json(first.to_json()) == first
