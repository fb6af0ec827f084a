"""Two-lag echo: the chance of a 1 depends on the bits read three and eight steps ago."""

from dataclasses import replace
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import Baseline, Batch, Example, Reading, TaskSettings
from workbench.tasks.support.bits import Bits, delayed
from workbench.tasks.support.drawn import length_field, tested_length_field

NEAR, FAR = 3, 8
NEAR_ADDS, FAR_TAKES = 0.5, 0.25
NEAR_OPTIMUM = 0.01
SOURCE = "R2RT, Recurrent Neural Networks in Tensorflow I, 2016"


class TwoLagEchoSettings(TaskSettings):
    """How many bits are read."""

    title: ClassVar[str] = "Echo at two lags"
    about: ClassVar[str] = "Tell the chance of a 1 from the bits three and eight steps ago."
    use = "Memory"

    name: Literal["two-lag-echo"] = "two-lag-echo"
    length: int = length_field(
        100, f"Bits of a training sequence; it must be longer than the lag of {FAR}.", fewest=FAR + 1
    )
    test_length: int = tested_length_field(0)

    def build(self, seed: int) -> "TwoLagEcho":
        """Return the task drawn from ``seed``."""
        return TwoLagEcho(self, seed)


class TwoLagEcho(Bits):
    """Targets are drawn, so that no network reaches a loss of 0; how near it comes tells which lags it knows."""

    metric = "cross-entropy"
    better = "lower"
    version = 1
    held_out = 500
    source = f"{SOURCE}; there truncation 1 with 4 hidden units, truncation 10 with 16"

    def __init__(self, settings: TwoLagEchoSettings, seed: int) -> None:
        super().__init__(settings, seed, settings.length, settings.test_length, uncounted=FAR)
        best = self.baselines()[-1].value
        self.solved_below = best + NEAR_OPTIMUM
        self.solved = f"Cross-entropy on held-out sequences within {NEAR_OPTIMUM} of the lowest possible, {best:.4f}."
        self.protocol = (
            f"{settings.length} fair bits x; the target at each step is 1 with the chance 0.5 + {NEAR_ADDS} "
            f"x_(t-{NEAR}) - {FAR_TAKES} x_(t-{FAR}). The first {FAR} steps do not count. The source cuts one long "
            "stream, here each sequence starts anew; truncation cuts it into pieces, states carried over. Each "
            f"training batch is new; {self.held_out} sequences drawn apart are held out."
        )

    def answers(self, bits: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.int64]:
        """Return a bit for each of bits (T, B), drawn with its chance."""
        chance = chance_of_one(delayed(bits, NEAR), delayed(bits, FAR))
        return (random.random(bits.shape) < chance).astype(np.int64)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the lowest loss without memory, with a memory of three steps, and with one of eight."""
        near, far = np.meshgrid([0, 1], [0, 1], indexing="ij")
        chances = chance_of_one(near, far)
        return (
            _baseline("bits alone", chances.mean(), "H(E y)"),
            _baseline(f"lag {NEAR} known", chances.mean(axis=1), f"E H(E[y | x_(t-{NEAR})])"),
            _baseline("both lags known", chances, f"E H(E[y | x_(t-{NEAR}), x_(t-{FAR})])"),
        )

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return cross-entropy and accuracy over the bits that count; no sequence can be right as a whole."""
        scores = super().metrics(outputs, batch)
        return {name: scores[name] for name in ("cross-entropy", "accuracy")}

    def is_correct(self, outputs: NDArray[Any], target: NDArray[Any]) -> None:
        """Return None: where the target is drawn, there is no right and wrong."""

    def reading(self, example: Example, outputs: NDArray[Any], target: NDArray[Any]) -> Reading:
        """Return the bits due beside the more likely ones, and how many can be right at best."""
        reading = super().reading(example, outputs, target)
        return replace(reading, note=f"{reading.note}; {_best_accuracy():.0%} at best, on average")


def chance_of_one(near: NDArray[np.int64], far: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the chance that the target is 1, from the bits read three and eight steps before."""
    return 0.5 + NEAR_ADDS * near - FAR_TAKES * far


def entropy(chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the entropy of a bit in nats; ``chance`` is that of a 1."""
    either = np.stack([chance, 1 - chance])
    surprise: NDArray[np.float64] = -np.log(np.where(either > 0, either, 1.0))
    result: NDArray[np.float64] = (either * surprise).sum(axis=0)
    return result


def _best_accuracy() -> float:
    near, far = np.meshgrid([0, 1], [0, 1])
    chances = chance_of_one(near, far)
    return float(np.maximum(chances, 1 - chances).mean())


def _baseline(name: str, chances: Any, formula: str) -> Baseline:
    value = float(entropy(np.asarray(chances)).mean())
    said = f"{formula} = {value:.4f}, H the entropy of a bit, y the target; past bits fair and independent"
    return Baseline(name, value, value, said, SOURCE)
