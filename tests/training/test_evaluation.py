"""Evaluation in parts equals evaluation at once."""

from dataclasses import replace

import numpy as np
import pytest

from tests.training.support import classify_last, make_network, run_on, symbols, symbols_every
from workbench.tasks import Real
from workbench.training.backpropagation import Backpropagation
from workbench.training.evaluation import evaluate
from workbench.training.pool import TracePool


@pytest.mark.parametrize(("together", "steps"), [(4, 9), (3, 9), (4, 2), (1, 4)])
def test_parts_of_sequences_read_at_their_end_add_up(together: int, steps: int) -> None:
    network = make_network(Real(3), 5, "cross-entropy", "last", layers=2)
    whole = evaluate(TracePool(network), classify_last(), together=100, steps=100)
    parts = evaluate(TracePool(network), classify_last(), together=together, steps=steps)
    assert parts.loss == pytest.approx(whole.loss, rel=1e-12)
    np.testing.assert_allclose(parts.outputs, whole.outputs, rtol=1e-10)


@pytest.mark.parametrize(("together", "steps"), [(3, 9), (4, 2), (1, 4)])
def test_parts_of_sequences_read_at_every_step_add_up(together: int, steps: int) -> None:
    network = make_network(symbols(6), 6, "cross-entropy", "every", window=2)
    batch = symbols_every(masked=True)
    whole = evaluate(TracePool(network), batch, together=100, steps=100)
    parts = evaluate(TracePool(network), batch, together=together, steps=steps)
    assert parts.loss == pytest.approx(whole.loss, rel=1e-12)
    np.testing.assert_allclose(parts.outputs, whole.outputs, rtol=1e-10)


def test_the_loss_is_the_one_training_computes() -> None:
    network = make_network(symbols(6), 6, "cross-entropy", "every", embedding=2)
    batch = replace(symbols_every(), lengths=np.array([9, 2, 5, 1]))

    loss, _ = run_on(Backpropagation(network), batch)
    assert evaluate(TracePool(network), batch, together=4, steps=9).loss == pytest.approx(loss, rel=1e-12)
