"""How the learning rate changes over training: constant, in steps, along a cosine; with warm-up."""

from dataclasses import dataclass
from math import cos, pi
from typing import Protocol

from workbench.training.errors import TrainingError

SCHEDULES = ("constant", "step", "cosine")


class Schedule(Protocol):
    """A factor of the learning rate for every step."""

    def factor(self, step: int) -> float:
        """Return the factor for the step that follows ``step`` completed ones."""


@dataclass(frozen=True)
class Constant:
    """The learning rate stays as it is."""

    def factor(self, step: int) -> float:
        """Return 1."""
        return 1.0


@dataclass(frozen=True)
class StepDecay:
    """The learning rate is multiplied by ``decay`` after every ``every`` steps."""

    every: int
    decay: float

    def factor(self, step: int) -> float:
        """Return ``decay`` to the power of the intervals completed."""
        return float(self.decay ** (step // self.every))


@dataclass(frozen=True)
class Cosine:
    """The learning rate falls to zero along half a cosine over ``steps`` (Loshchilov & Hutter 2017)."""

    steps: int

    def factor(self, step: int) -> float:
        """Return ``(1 + cos(pi * step / steps)) / 2``, and 0 beyond the last step."""
        return 0.5 * (1.0 + cos(pi * min(step / self.steps, 1.0)))


@dataclass(frozen=True)
class WarmUp:
    """The learning rate rises in a straight line over ``steps``, then ``then`` begins."""

    steps: int
    then: Schedule

    def factor(self, step: int) -> float:
        """Return ``(step + 1) / steps`` of the start of ``then``, later the factor of ``then`` itself."""
        if step < self.steps:
            return (step + 1) / self.steps * self.then.factor(0)
        return self.then.factor(step - self.steps)


def create_schedule(name: str, *, steps: int, warmup: int = 0, decay_every: int = 1000, decay: float = 0.5) -> Schedule:
    """Return the named schedule for a training of ``steps`` steps, of which ``warmup`` come first.

    ``decay_every`` and ``decay`` concern "step" alone. Raises TrainingError for an unknown name.
    """
    schedules: dict[str, Schedule] = {
        "constant": Constant(),
        "step": StepDecay(decay_every, decay),
        "cosine": Cosine(max(steps - warmup, 1)),
    }
    if name not in schedules:
        raise TrainingError(f"There is no schedule {name!r}. Choose one of {', '.join(SCHEDULES)}.")
    return WarmUp(warmup, schedules[name]) if warmup else schedules[name]
