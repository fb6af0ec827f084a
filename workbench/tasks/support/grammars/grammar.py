"""What the tasks on Reber's grammars share: strings, the next symbol, which predictions are legal."""

from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import Batch, Example, Reading, Symbols, Task, TaskSettings
from workbench.tasks.support.grammars.automata import Automaton, Walks
from workbench.tasks.support.grammars.reber import SYMBOLS
from workbench.tasks.support.grammars.strings import counted, own_steps, predict_next, previous
from workbench.tasks.support.metrics import cross_entropy
from workbench.tasks.support.pools import Pool, pool_size
from workbench.tasks.support.randomness import generator

HELD_OUT = 500
CHOSEN_FROM = 16
"""So many strings are drawn for each one held out."""
BEYOND = 36
"""So many symbols a string may have more than the shortest; of free strings one in 80,000 has more."""


class Grammar(Task):
    """Read a string but its last symbol; at each step the target is the symbol that comes next."""

    inputs: Symbols
    loss = "cross-entropy"
    reads = "every"
    better = "higher"
    predicts_next = True

    def __init__(self, settings: TaskSettings, seed: int, automaton: Automaton, shortest: int) -> None:
        self.settings = settings
        self.inputs = Symbols(len(SYMBOLS), SYMBOLS)
        self.outputs = len(SYMBOLS)
        self.output_names = SYMBOLS
        self.automaton = automaton
        self.walks = Walks(automaton, shortest, shortest + BEYOND)
        self.length = self.walks.longest - 1
        self._seed = seed
        self._pool = Pool(self._draw, seed, f"{self.name}/training", pool_size(self.length))

    def training_batch(self, step: int, batch: int) -> Batch:
        """Return new strings, a function of seed, step and size alone."""
        return self._pool.batch(step, batch)

    def validation(self) -> Batch:
        """Return the 500 held-out strings."""
        return self._held_out

    @cached_property
    def _held_out(self) -> Batch:
        """Return strings of each length as often as expected: 500 free ones may miss the grammar's entropy by 1 %."""
        random = generator(self._seed, f"{self.name}/held-out")
        strings, lengths = self.walks.draw(random, CHOSEN_FROM * HELD_OUT)
        own = random.permutation(np.argsort(lengths, kind="stable")[CHOSEN_FROM // 2 :: CHOSEN_FROM])
        return predict_next(strings[:, own], lengths[own])

    def _draw(self, random: np.random.Generator, count: int) -> Batch:
        return predict_next(*self.walks.draw(random, count))

    @property
    def least_nats(self) -> float:
        """The loss of the best predictor: a string's entropy over all its symbols but the first."""
        return self.walks.nats / self._predictions

    @property
    def _predictions(self) -> float:
        return self.walks.length - 1

    @property
    def least_formula(self) -> str:
        """How ``least_nats`` comes about."""
        return f"{self.walks.nats:.3f} nats / {self._predictions:.3f} predictions, expected for one string"

    @cached_property
    def memoryless(self) -> tuple[float, float]:
        """The loss, and the legal predictions, of one that knows nothing but the present symbol."""
        pairs = self.walks.pairs
        follows = pairs.sum(axis=1)
        known = follows / np.maximum(follows.sum(axis=1, keepdims=True), np.finfo(float).tiny)
        surprise = -np.log(known, out=np.zeros_like(known), where=known > 0)
        # Rounded, for many chances are equal in endless strings; one that has both alike tells neither apart.
        legal = outranks(known.round(3)[:, None], self.automaton.legal)
        share = (pairs.sum(axis=2) * legal).sum() / pairs.sum()
        return float((follows * surprise).sum() / pairs.sum()), float(share)

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return the shares of legal predictions and of strings that have no other, and the cross-entropy."""
        counts = counted(batch)
        legal = self._legal(batch.inputs)
        passed = outranks(outputs, legal)
        likeliest = np.take_along_axis(legal, outputs.argmax(axis=-1)[..., None], axis=-1)[..., 0]
        return {
            "legal predictions": float(passed[counts].mean()),
            "likeliest symbol legal": float(likeliest[counts].mean()),
            "strings without error": float((passed | ~counts).all(axis=0).mean()),
            "cross-entropy": cross_entropy(outputs[counts], batch.targets[counts]),
        }

    def _legal(self, inputs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return (T, B, K): which symbols may come after each one read."""
        legal: NDArray[np.bool_] = self.automaton.legal[self.automaton.read(inputs)]
        return legal

    def describe(self, batch: Batch, own: int) -> Example:
        """Return a string without its last symbol, and the same string one symbol later."""
        length = own_steps(batch, own)
        return Example(self._print(batch.inputs[:length, own]), self._print(batch.targets[:length, own]))

    def describe_output(self, outputs: NDArray[Any]) -> str:
        """Return the likeliest symbol at each step."""
        return self._print(outputs.argmax(axis=-1))

    def is_correct(self, outputs: NDArray[Any], target: NDArray[Any]) -> bool:
        """Return whether the likeliest symbol is a legal one at every step."""
        return bool(self._is_legal(outputs, target).all())

    def reading(self, example: Example, outputs: NDArray[Any], target: NDArray[Any]) -> Reading:
        """Return the string beside the likeliest symbols, and how many of these are legal."""
        legal = self._is_legal(outputs, target)
        note = f"{int(legal.sum())} of {len(legal)} symbols legal"
        return replace(super().reading(example, outputs, target), note=note)

    def _is_legal(self, outputs: NDArray[Any], target: NDArray[Any]) -> NDArray[np.bool_]:
        """Return (T,), whether the likeliest symbol may come there; every string begins with symbol 0, B."""
        legal = self._legal(previous(target)[:, None])[:, 0]
        likeliest: NDArray[np.bool_] = legal[np.arange(len(target)), outputs.argmax(axis=-1)]
        return likeliest

    def _print(self, symbols: NDArray[Any]) -> str:
        return "".join(SYMBOLS[symbol] for symbol in symbols)


def outranks(outputs: NDArray[Any], legal: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return (...), whether every legal symbol has more than any illegal one; outputs and ``legal`` (..., K)."""
    least = np.where(legal, outputs, np.inf).min(axis=-1)
    most = np.where(legal, -np.inf, outputs).max(axis=-1)
    passed: NDArray[np.bool_] = least > most
    return passed
