"""Reber's grammar: predict the next symbol of strings that a small automaton writes."""

from typing import ClassVar, Literal

from workbench.tasks.base import Baseline, TaskSettings
from workbench.tasks.support.grammars.grammar import BEYOND, HELD_OUT, Grammar
from workbench.tasks.support.grammars.reber import SHORTEST, reber

MEMORYLESS = "expected counts of the grammar's symbol pairs"


class ReberSettings(TaskSettings):
    """Nothing is to be chosen: the grammar says it all."""

    title: ClassVar[str] = "Reber grammar"
    about: ClassVar[str] = "Predict the next symbol of strings from a small grammar."
    use = "Grammars and counting"

    name: Literal["reber"] = "reber"

    def build(self, seed: int) -> "Reber":
        """Return the task drawn from ``seed``."""
        return Reber(self, seed)


class Reber(Grammar):
    """The present symbol does not tell the state of the grammar: what came before decides what may follow."""

    metric = "legal predictions"
    version = 1
    source = (
        "Grammar: Reber 1967; next symbols: Cleeremans, Servan-Schreiber & McClelland 1989; what is counted as right: "
        "Hochreiter & Schmidhuber 1997, experiment 1"
    )

    def __init__(self, settings: ReberSettings, seed: int) -> None:
        super().__init__(settings, seed, reber(), SHORTEST)
        self.solved_below = 1.02 * self.least_nats
        self.solved = "Cross-entropy on held-out strings within 2 % of what the grammar itself leaves open."
        self.protocol = (
            "Strings of Reber's grammar, from B to E; where it branches, both ways are as likely. A string has 8 "
            f"symbols on average; the longest drawn has {SHORTEST + BEYOND}, one in 80,000 would have more. At each "
            "step the target is the next symbol. The first symbol, always B, is never predicted; every other one "
            "counts in the loss, the T or P after B and the last E among them: 6 branchings and one certain E on "
            "average. A prediction is legal where every symbol that may come has more than any that may not. Each "
            f"training batch is new; {HELD_OUT} strings drawn apart are held out, of each length as many as expected."
        )

    def baselines(self) -> tuple[Baseline, ...]:
        """Return what one reaches that knows the grammar, and one that knows the present symbol alone."""
        value, legal = self.memoryless
        return (
            Baseline(
                "grammar known",
                self.least_nats,
                1.0,
                f"6 ln 2 / 7; exactly {self.least_formula}",
                "expected visits of the automaton's states",
            ),
            Baseline("without memory", value, legal, "-sum p(a b) ln p(b | a) over pairs of symbols", MEMORYLESS),
        )
