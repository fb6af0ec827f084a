"""The work of a step: its products are those of the formulas of each cell."""

from typing import Any

import pytest

from workbench.cells import catalogue
from workbench.tasks import parse_task
from workbench.training.initialization import Architecture
from workbench.training.work import Work, training_work, validation_work

STEPS, BATCH, HIDDEN = 20, 4, 8
ADDING = parse_task({"name": "adding", "length": STEPS}).build(seed=0)


def work(cell: str, batch: int = BATCH, truncate: int = 0, checkpoint_every: int = 0, **sizes: Any) -> Work:
    architecture = Architecture.of(ADDING, catalogue()[cell], **{"hidden": HIDDEN} | sizes)
    return training_work(architecture, ADDING, batch=batch, truncate=truncate, checkpoint_every=checkpoint_every)


@pytest.mark.parametrize(("cell", "gates"), [("elman", 1), ("gated", 2), ("gru", 3), ("lstm", 4)])
def test_products_are_those_of_backpropagation_through_time(cell: str, gates: int) -> None:
    """Recurrent ones three times: forward, back to the state before, and to the weights; those of x twice."""
    inputs = 2
    rows = STEPS * BATCH
    readout = 3 * BATCH * HIDDEN
    assert work(cell).products == rows * gates * HIDDEN * (3 * HIDDEN + 2 * inputs) + readout


def test_the_layer_above_passes_its_gradient_down() -> None:
    own = work("elman", layers=2).products - work("elman").products
    assert own == STEPS * BATCH * HIDDEN * (3 * HIDDEN + 3 * HIDDEN)


def test_a_larger_batch_takes_no_more_calls() -> None:
    assert work("lstm", batch=64).calls == work("lstm").calls
    assert work("lstm", batch=64).elements == 16 * work("lstm").elements


@pytest.mark.parametrize(
    ("truncate", "every", "again"), [(0, 5, 15), (0, 6, 18), (0, 20, 0), (10, 5, 10), (10, 4, 16), (12, 5, 15)]
)
def test_segments_that_are_not_kept_run_forward_twice(truncate: int, every: int, again: int) -> None:
    """All but the last of each piece."""
    more = work("elman", truncate=truncate, checkpoint_every=every).products - work("elman").products
    assert more == again * BATCH * HIDDEN * (HIDDEN + 2)


def test_symbols_are_looked_up_and_not_multiplied() -> None:
    task = parse_task({"name": "copy", "delay": 5}).build(seed=0)
    found = training_work(Architecture.of(task, catalogue()["elman"], hidden=HIDDEN), task, batch=BATCH)
    rows = task.length * BATCH
    assert found.products == rows * HIDDEN * (3 * HIDDEN + 3 * task.outputs)


def test_validation_only_goes_forward_over_all_held_out_sequences() -> None:
    architecture = Architecture.of(ADDING, catalogue()["elman"], hidden=HIDDEN)
    found = validation_work(architecture, ADDING, together=100)
    assert found.products == 500 * STEPS * HIDDEN * (HIDDEN + 2) + 500 * HIDDEN
    assert validation_work(architecture, ADDING, together=50).calls > 1.8 * found.calls
