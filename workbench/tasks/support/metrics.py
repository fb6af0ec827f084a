"""Scores of read-outs on the host: squared error, cross-entropy in nats, accuracy."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def squared_error(outputs: NDArray[Any], targets: NDArray[Any]) -> float:
    """Return the mean over all elements of (outputs - targets)^2."""
    return float(np.mean(np.square(outputs - targets, dtype=np.float64)))


def log_softmax(logits: NDArray[Any]) -> NDArray[Any]:
    """Return the log probabilities over the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    result: NDArray[Any] = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def cross_entropy(logits: NDArray[Any], targets: NDArray[Any]) -> float:
    """Return the mean of -ln p(target), in nats; logits (N, K), targets (N,)."""
    chosen = np.take_along_axis(log_softmax(logits), targets[:, None], axis=-1)
    return float(-chosen.mean(dtype=np.float64))


def accuracy(logits: NDArray[Any], targets: NDArray[Any]) -> float:
    """Return the share of rows whose largest logit is the target's; logits (..., K), targets (...)."""
    return float(np.mean(logits.argmax(axis=-1) == targets))


def most_likely(logits: NDArray[Any]) -> tuple[int, float]:
    """Return the class with the largest of (K,) logits and its probability."""
    best = int(logits.argmax())
    return best, float(np.exp(log_softmax(logits)[best]))
