"""What a training needs is known beforehand and refused in words."""

from typing import Any

import pytest

from tests.training.support import network_for
from workbench.backends import get_backend
from workbench.cells import catalogue
from workbench.tasks import parse_task
from workbench.training.errors import TrainingError
from workbench.training.initialization import Architecture
from workbench.training.requirements import Requirements, requirements

ADDING = parse_task({"name": "adding", "length": 20}).build(seed=0)


def needed(hidden: int = 8, batch: int = 4, **choices: Any) -> Requirements:
    architecture = Architecture.of(ADDING, catalogue()["lstm"], hidden=hidden)
    return requirements(get_backend("numpy"), architecture, ADDING, batch=batch, **choices)


def test_parameters_are_those_the_network_will_train() -> None:
    assert needed().parameters == network_for(ADDING, hidden=8).trained.flat.size


def test_the_count_is_that_of_the_formula_for_an_lstm() -> None:
    hidden, inputs = 8, 2
    assert needed().parameters == 4 * hidden * (hidden + inputs + 1) + hidden + 1


def test_adam_needs_five_arrays_of_the_parameters_size() -> None:
    assert needed(optimizer="adam").parameter_memory == 5 * 4 * needed().parameters


def test_memory_grows_with_the_batch_and_shrinks_with_truncation() -> None:
    assert needed(batch=8).batch_memory > 1.9 * needed(batch=4).batch_memory
    assert needed(truncate=5).batch_memory < 0.5 * needed().batch_memory


def test_a_billion_units_are_counted_without_being_allocated() -> None:
    assert needed(hidden=10**9).memory > 10**18


def test_what_fits_is_not_refused() -> None:
    needed().refuse_beyond(10**9)


def test_too_many_parameters_are_refused_with_the_numbers_and_what_to_lower() -> None:
    wanted = needed(hidden=20_000)
    with pytest.raises(TrainingError, match=r"needs .* GiB .*parameters.*1\.0 GiB are free.*Lower hidden"):
        wanted.refuse_beyond(2**30)


def test_too_large_a_batch_is_refused_with_what_to_lower() -> None:
    with pytest.raises(TrainingError, match="Lower batch"):
        needed(batch=10**7).refuse_beyond(2**30)
