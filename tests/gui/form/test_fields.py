"""Fields read from the models: kinds, bounds, words, and texts that mean values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.gui.form.fields import FormField, experiment_fields, in_sentence, sentence, task_fields
from workbench.gui.form.row import describe
from workbench.lab.experiment import Experiment

FIELDS = {field.path: field for field in (*experiment_fields(Experiment), *task_fields("language-model"))}


def test_kind_unit_and_bounds_come_from_the_model() -> None:
    hidden = FIELDS["hidden"]
    assert (hidden.kind, hidden.unit, hidden.bounds) == ("whole", "units", {"ge": 1, "le": 16384})
    assert FIELDS["optimizer"].choices == ("sgd", "rmsprop", "adam", "adamw")
    assert FIELDS["learning_rate"].bounds == {"gt": 0, "le": 1000}
    assert FIELDS["momentum"].when == {"optimizer": ["sgd", "rmsprop"]}


def test_a_file_of_a_task_is_a_path() -> None:
    assert FIELDS["task.path"].kind == "path"
    assert FIELDS["task.length"].group == "Task"


def test_the_hash_of_a_file_is_shown_where_there_is_one() -> None:
    field = FIELDS["task.sha256"]
    assert field.kind == "hash"
    assert [field.matters({"task": {"sha256": value}}) for value in ("", "ab" * 32)] == [False, True]


def test_how_a_file_is_read_matters_where_there_is_one() -> None:
    fields = {field.path: field for field in task_fields("sentiment")}
    of_file = ("task.text_column", "task.label_column", "task.delimiter", "task.encoding")
    for path in of_file:
        assert [fields[path].matters({"task": {"path": file}}) for file in ("", "/a/b.csv")] == [False, True]
    assert [fields["task.sentences"].matters({"task": {"path": file}}) for file in ("", "/a/b.csv")] == [True, False]
    assert fields["task.vocabulary"].matters({"task": {"path": ""}})


def test_the_help_has_description_bounds_and_default() -> None:
    assert describe(FIELDS["momentum"]) == (
        "Share of the last update that goes on. At least 0 and below 1. Default: 0.0."
    )


def test_thousands_of_a_quantity_are_grouped_and_those_of_a_year_are_not() -> None:
    last_year = next(field for field in task_fields("sunspots") if field.path == "task.last_year")
    assert last_year.print(1955) == "1955"
    assert FIELDS["steps"].print(1955) == "1\u2009955"


@given(st.integers(-(10**18), 10**18))
def test_a_printed_whole_number_means_itself(number: int) -> None:
    assert FIELDS["hidden"].parse(FIELDS["hidden"].print(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_printed_number_means_itself(number: float) -> None:
    assert FIELDS["learning_rate"].parse(FIELDS["learning_rate"].print(number)) == number


@pytest.mark.parametrize("text", ["", "many", "1.5", "1e3", "0x10", "--1", "9" * 400])
def test_what_is_no_whole_number_stays_text(text: str) -> None:
    assert FIELDS["hidden"].parse(text) == text


@pytest.mark.parametrize("text", ["", "0,5", "nan", "inf", "1e999"])
def test_what_is_no_finite_number_stays_text(text: str) -> None:
    assert FIELDS["learning_rate"].parse(text) == text


@pytest.mark.parametrize(("value", "text"), [(True, "true"), (False, "false")])
def test_a_flag_is_printed_and_read(value: bool, text: str) -> None:
    flag = FormField("nesterov", "Nesterov", "", "Training", "flag", default=False)
    assert (flag.print(value), flag.parse(text)) == (text, value)


def test_titles_and_sentences_are_written_as_in_english() -> None:
    assert [in_sentence(title) for title in ("Hidden units", "CSV file")] == ["hidden units", "CSV file"]
    assert [sentence(words) for words in ("must be 1", "Is it?")] == ["Must be 1.", "Is it?"]
