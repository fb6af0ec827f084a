"""What is said of a cell at a glance: sizes, stages, what is kept, and the first sentence about it."""

import numpy as np
import pytest

from tests.cells.support import one_line
from workbench.cells import Cell, CellError, catalogue
from workbench.cells.facts import Kept, count_kept, count_learnt, describe_cells, kept_values, kept_words, step_words
from workbench.cells.facts import summary as summary_of

INPUTS, HIDDEN = 3, 8


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("elman", HIDDEN * (HIDDEN + INPUTS + 1)),
        ("lstm", 4 * HIDDEN * (HIDDEN + INPUTS + 1)),
        ("lstm-coupled", 3 * HIDDEN * (HIDDEN + INPUTS + 1)),
        ("gru", 3 * HIDDEN * (HIDDEN + INPUTS + 1) + HIDDEN),  # two biases in n
        ("indrnn", HIDDEN * (1 + INPUTS + 1)),
        ("minlstm", 3 * HIDDEN * (INPUTS + 1)),
        ("lru", 2 * HIDDEN + 2 * HIDDEN * INPUTS + 2 * HIDDEN**2 + HIDDEN * INPUTS),
        ("clockwork", HIDDEN * (HIDDEN + INPUTS + 1)),  # periods are not learnt
        ("reservoir", 0),
    ],
)
def test_a_cell_learns_as_many_numbers_as_its_formula_says(name: str, expected: int) -> None:
    assert count_learnt(catalogue()[name], INPUTS, HIDDEN) == expected


@pytest.mark.parametrize("name", catalogue())
def test_the_count_is_that_of_the_parameters_drawn(name: str) -> None:
    cell = catalogue()[name]
    drawn = cell.initial_parameters(INPUTS, HIDDEN, seed=0, length=10)
    assert count_learnt(cell, INPUTS, HIDDEN) == sum(
        np.size(array) for key, array in drawn.items() if key not in cell.fixed
    )


def test_sizes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(CellError, match="needs as many inputs as units"):
        count_learnt(one_line("tanh(x + W @ h)"), INPUTS, HIDDEN)


def test_what_is_kept_is_named_as_in_the_equations() -> None:
    # The gates; tanh of the sum and tanh(c) have no name.
    assert kept_values(catalogue()["lstm"]) == Kept(("f", "i", "o"), 2)
    assert kept_values(catalogue()["elman"]) == Kept((), 0)
    assert (count_kept(catalogue()["lstm"]), count_kept(catalogue()["elman"])) == (7, 1)


def test_what_is_kept_is_said_in_a_sentence() -> None:
    assert kept_words(catalogue()["elman"]) == "Only the state s: 1 number a unit and step."
    assert kept_words(catalogue()["gated"]) == "The state s; g and 1 value without a name: 3 numbers a unit and step."
    assert kept_words(catalogue()["lstm"]) == (
        "The states h and c; f, i, o and 2 values without a name: 7 numbers a unit and step."
    )
    assert "<i>f</i><sub>t</sub>" in kept_words(catalogue()["lstm"], catalogue()["lstm"].rich_text_name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("feedforward", "all steps are computed at once"),
        ("indrnn", "only a loop over the units"),
        ("lstm", "One stage"),
        ("mgu", "Two stages: two matrix products"),
    ],
)
def test_the_stages_of_a_step_are_said_in_a_sentence(name: str, words: str) -> None:
    assert words in step_words(catalogue()[name])


def test_more_stages_than_there_are_words_for_are_numbers() -> None:
    lines = ["a0 = tanh(W0 @ h)", *(f"a{n} = tanh(W{n} @ a{n - 1})" for n in range(1, 11)), "h = a10 + U @ x"]
    cell = Cell.from_equations("\n".join(lines), states=["h"])
    assert step_words(cell) == "11 stages: 11 matrix products of a step have to wait for one another."


def test_the_summary_is_the_first_sentence() -> None:
    about = "Holds 0.5 of it. Nothing else."
    assert summary_of(Cell.from_equations("h = tanh(U @ x)", ["h"], about=about)) == "Holds 0.5 of it."
    assert summary_of(Cell.from_equations("h = tanh(U @ x)", ["h"], about="One sentence.")) == "One sentence."
    assert summary_of(Cell.from_equations("h = tanh(U @ x)", ["h"])) == ""


@pytest.mark.parametrize("name", catalogue())
def test_the_summary_of_a_cell_fits_a_line_or_two(name: str) -> None:
    summary = summary_of(catalogue()[name])
    assert summary.endswith(".")
    assert 30 < len(summary) < 140


def test_the_whole_catalogue_is_described_for_sizes() -> None:
    rows = {row["name"]: row for row in describe_cells(INPUTS, HIDDEN)}
    assert list(rows) == list(catalogue())
    assert rows["lstm"]["shapes"]["W_fx"] == [HIDDEN, INPUTS]
    assert (rows["lstm"]["learnt"], rows["lstm"]["kept"]) == (4 * HIDDEN * (HIDDEN + INPUTS + 1), 7)
    assert (rows["lstm"]["saved"], rows["lstm"]["saved_unnamed"]) == (["f", "i", "o"], 2)
    assert rows["clockwork"]["fixed"] == ["p"]


@pytest.mark.parametrize("name", catalogue())
def test_both_schedules_have_the_same_stages_and_keep_the_same_named_values(name: str) -> None:
    """So that what is said of a cell holds on every backend; NumPy's may keep a sum more, where products join it."""
    cell = catalogue()[name]
    compiled, stepwise = cell.folded_plan, cell.plan
    assert compiled.stages == stepwise.stages
    kept = [{key for key, value in plan.step.names.items() if value in plan.saved} for plan in (compiled, stepwise)]
    assert kept[0] == kept[1]
    assert len(compiled.saved) <= len(stepwise.saved)
