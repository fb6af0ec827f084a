"""The two losses, in nats or squared units, and their gradients; both work in place on the outputs."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from workbench.training.arrays import Array

Loss = Callable[[Any, Array, Array, Array | float], Array]
"""``loss(xp, outputs, targets, weights)`` returns the loss of each row (N,) and overwrites ``outputs``
(N, K) with the gradient of ``sum(weights * losses)``; weights are one number or an array (N,)."""


def squared_error(xp: Any, outputs: Array, targets: Array, weights: Array | float) -> Array:
    """Return each row's mean squared difference (N,); ``targets`` are (N, K).

    ``outputs`` (N, K) become the gradient of the weighted sum of the rows' losses.
    """
    width = outputs.shape[1]
    outputs -= targets
    losses = (outputs * outputs).mean(axis=1)
    outputs *= _as_column(weights) * (2.0 / width)
    return losses


def cross_entropy(xp: Any, outputs: Array, targets: Array, weights: Array | float) -> Array:
    """Return each row's -log softmax(outputs)[target] in nats (N,); ``targets`` are classes (N,).

    ``outputs`` (N, K), the logits, become the gradient of the weighted sum of the rows' losses. The
    largest logit of a row is subtracted first, so that no exponential overflows.
    """
    rows = xp.arange(outputs.shape[0])
    outputs -= outputs.max(axis=1, keepdims=True)
    losses = outputs[rows, targets]
    xp.exp(outputs, out=outputs)
    totals = outputs.sum(axis=1)
    xp.subtract(xp.log(totals), losses, out=losses)
    outputs /= totals[:, None]
    outputs[rows, targets] -= 1.0
    outputs *= _as_column(weights)
    return losses


LOSSES: Mapping[str, Loss] = MappingProxyType({"squared-error": squared_error, "cross-entropy": cross_entropy})


def _as_column(weights: Array | float) -> Array | float:
    return weights if isinstance(weights, float) else weights[:, None]
