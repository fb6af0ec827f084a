"""Additive attention: a decoder looks back at every step of the source (Bahdanau, Cho & Bengio 2015, appendix A.1.2).

With the decoder's last state q and what the encoder showed at step j, h_j:

    e_j = v . tanh(W q + U h_j),  a = softmax(e) over the source's own steps,  context = sum over j of a_j h_j.
"""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from math import inf
from typing import Any

from workbench.training.arrays import Array
from workbench.training.initialization import ATTENTION_SCORE, ATTENTION_SOURCE, ATTENTION_STATE


@dataclass(frozen=True)
class Keys:
    """What can be looked at: ``shown`` (S, B, C), ``projected`` U h (S, B, H); ``inside`` (S, B), their steps."""

    shown: Array
    projected: Array
    inside: Array


@dataclass(frozen=True)
class Glance:
    """One look: the state that asked, (B, H), the weights (S, B), and what was seen, (B, C)."""

    query: Array
    weights: Array
    context: Array


class Attention:
    """Looks at sources by three parameters."""

    def __init__(self, xp: Any, parameters: Mapping[str, Array]) -> None:
        self._xp = xp
        self._state, self._source = parameters[ATTENTION_STATE], parameters[ATTENTION_SOURCE]
        self._score = parameters[ATTENTION_SCORE]

    def keys(self, shown: Array, last: Array) -> Keys:
        """Return what can be looked at: what was shown (S, B, C), up to the last step of each source (B,)."""
        return Keys(shown, shown @ self._source.T, self._xp.arange(len(shown))[:, None] <= last)

    def look(self, keys: Keys, query: Array) -> Glance:
        """Return what states (B, H) see."""
        xp = self._xp
        scores = xp.where(keys.inside, self._hidden(keys, query) @ self._score, -inf)
        weights = xp.exp(scores - scores.max(axis=0))
        weights /= weights.sum(axis=0)
        return Glance(query, weights, (weights[:, :, None] * keys.shown).sum(axis=0))

    def backward(self, keys: Keys, glance: Glance, gradient: Array, into: "AttentionGradient") -> Array:
        """Return the gradient of the query, given that of the context (B, C); add the others."""
        weights = glance.weights
        into.shown += weights[:, :, None] * gradient
        by_weight = (keys.shown * gradient).sum(axis=2)
        by_score = weights * (by_weight - (weights * by_weight).sum(axis=0))
        hidden = self._hidden(keys, glance.query)
        into.score += (by_score[:, :, None] * hidden).sum(axis=(0, 1))
        before = by_score[:, :, None] * self._score * (1 - hidden * hidden)
        into.projected += before
        asked = before.sum(axis=0)
        into.state += asked.T @ glance.query
        return asked @ self._state

    def gradient(self, keys: Keys) -> "AttentionGradient":
        """Return zeros to add to."""
        xp = self._xp
        return AttentionGradient(
            *(xp.zeros_like(like) for like in (keys.shown, keys.projected, self._state, self._score))
        )

    def finish(self, keys: Keys, found: "AttentionGradient", into: MutableMapping[str, Array]) -> Array:
        """Add the parameters' gradients; return that of what the encoder showed, (S, B, C)."""
        into[ATTENTION_STATE] += found.state
        into[ATTENTION_SCORE] += found.score
        rows = found.projected.reshape(-1, found.projected.shape[2])
        into[ATTENTION_SOURCE] += rows.T @ keys.shown.reshape(-1, keys.shown.shape[2])
        return found.shown + found.projected @ self._source

    def _hidden(self, keys: Keys, query: Array) -> Array:
        return self._xp.tanh(keys.projected + query @ self._state.T)


@dataclass
class AttentionGradient:
    """Gradients gathered over a decoder's steps: of what is shown, of its projection, of W and of v."""

    shown: Array
    projected: Array
    state: Array
    score: Array
