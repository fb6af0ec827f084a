"""Embedded Reber grammar: an outer symbol is to be remembered while a whole inner string goes by."""

from collections.abc import Mapping
from functools import cached_property
from math import log
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import Baseline, Batch, TaskSettings
from workbench.tasks.support.grammars.automata import Walks
from workbench.tasks.support.grammars.grammar import BEYOND, HELD_OUT, Grammar
from workbench.tasks.support.grammars.reber import OUTER, SHORTEST, embedded_reber
from workbench.tasks.support.grammars.strings import own_steps, predict_next
from workbench.tasks.support.lengths import tested_lengths
from workbench.tasks.support.randomness import generator

BY_LENGTH = 128
LONGEST = 1000
MEMORY = "outer-symbol accuracy"


class EmbeddedReberSettings(TaskSettings):
    """For how long the outer symbol has to be remembered."""

    title: ClassVar[str] = "Embedded Reber grammar"
    about: ClassVar[str] = "Remember an outer symbol across an inner string of a grammar."
    use = "Grammars and counting"

    name: Literal["embedded-reber"] = "embedded-reber"
    inner: int = Field(
        SHORTEST,
        title="Shortest inner string",
        description="Only inner strings of at least so many symbols are drawn; 5: all that the grammar writes.",
        json_schema_extra={"unit": "symbols"},
        ge=SHORTEST,
        le=LONGEST,
    )
    test_length: int = Field(
        40,
        title="Test length",
        description="The longest held-out inner strings; results are kept by length. 0: the same as trained.",
        json_schema_extra={"unit": "symbols"},
        ge=0,
        le=LONGEST,
    )

    def build(self, seed: int) -> "EmbeddedReber":
        """Return the task drawn from ``seed``."""
        return EmbeddedReber(self, seed)


class EmbeddedReber(Grammar):
    """B, an outer T or P, an inner string of Reber's grammar from B to E, the same outer symbol again, E."""

    metric = MEMORY
    version = 1
    source = (
        "Smith & Zipser 1989; Cleeremans, Servan-Schreiber & McClelland 1989; Fahlman 1991; Hochreiter & Schmidhuber "
        "1997, experiment 1; here the inner chances are the same after either outer symbol"
    )

    def __init__(self, settings: EmbeddedReberSettings, seed: int) -> None:
        super().__init__(settings, seed, embedded_reber(), settings.inner + OUTER)
        self._inner, self._longest = settings.inner, max(settings.test_length, SHORTEST)
        self._tested = settings.test_length > 0
        self.solved_below = 1.02 * self.least_nats
        self.solved = "Cross-entropy on held-out strings within 2 % of what the grammar itself leaves open."
        self.protocol = (
            "B, an outer T or P, an inner string of Reber's grammar from B to E, the same outer symbol again, E. Inner "
            f"strings have {self._inner} to {self._inner + BEYOND} symbols, each string as likely as the grammar makes "
            "it among these. At each step the target is the next symbol. The first symbol, always B, is never "
            "predicted; every other one counts in the loss. The outer-symbol accuracy looks at the second outer symbol "
            "alone: it is right where no symbol has more. A prediction is legal where every symbol that the grammar "
            f"allows has more than any other. Each training batch is new; {HELD_OUT} strings drawn apart are held out, "
            f"of each length as many as expected, and {BY_LENGTH} of each tested inner length."
        )

    def by_length(self) -> Mapping[int, Batch]:
        """Return 128 strings for each tested number of inner symbols; empty where none is asked for."""
        return self._by_length

    @cached_property
    def _by_length(self) -> Mapping[int, Batch]:
        lengths = tested_lengths(self._inner, self._longest) if self._tested else ()
        return {inner: self._of_length(inner) for inner in lengths if len(lengths) > 1}

    def _of_length(self, inner: int) -> Batch:
        walks = Walks(self.automaton, inner + OUTER, inner + OUTER)
        random = generator(self._seed, f"{self.name}/by-length", inner)
        return predict_next(*walks.draw(random, BY_LENGTH))

    def baselines(self) -> tuple[Baseline, ...]:
        """Return what one reaches that knows all, all but the outer symbol, the present symbol alone."""
        nats, predictions = self.walks.nats, self.walks.length - 1
        return (
            Baseline(
                "all known",
                self.least_nats,
                1.0,
                f"7 ln 2 / 11 where inner strings are free; exactly {self.least_formula}",
                "expected visits of the automaton's states",
            ),
            Baseline(
                "without the outer symbol",
                (nats + log(2)) / predictions,
                1 / 2,
                f"8 ln 2 / 11 where inner strings are free; exactly ({nats:.3f} + ln 2) nats / {predictions:.3f}",
                "the same, and ln 2 for the second outer symbol",
            ),
            Baseline(
                "without memory",
                self.memoryless[0],
                1 / 2,
                "-sum p(a b) ln p(b | a) over pairs of symbols",
                "expected counts of the grammar's symbol pairs",
            ),
        )

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return the accuracy on the one symbol that needs the memory, and how legal all predictions are."""
        columns = range(batch.inputs.shape[1])
        places = np.array([own_steps(batch, own) - 2 for own in columns]), columns
        right = outputs[places].argmax(axis=-1) == batch.targets[places]
        return {MEMORY: float(right.mean())} | super().metrics(outputs, batch)
