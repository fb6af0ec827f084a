"""What there is to draw over training: its name for a person, its unit, its natural scale, and the levels beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from workbench.figures.lengths import without_lengths
from workbench.gui.format import number
from workbench.lab.experiment import Experiment
from workbench.tasks import Baseline, Task

Scale = Literal["log", "linear"]
LOSS, GRADIENT_NORM, LEARNING_RATE = "loss", "gradient_norm", "learning_rate"
_CLOCK = "seconds"
_UNITS = {"squared-error": "squared error", "cross-entropy": "cross-entropy (nats)"}
_TITLES = {LOSS: "loss", GRADIENT_NORM: "gradient norm", LEARNING_RATE: "learning rate"}
_CAPTIONS = {
    LOSS: "mean over the batch; circles: validation",
    GRADIENT_NORM: "Euclidean norm over all parameters, before clipping",
    LEARNING_RATE: "how far each step goes",
}


@dataclass(frozen=True)
class Level:
    """A value worth a line across the plot."""

    name: str
    value: float
    solved: bool = False

    @property
    def text(self) -> str:
        """What stands beside the line."""
        return f"{self.name} · {number(self.value)}"


@lru_cache(maxsize=64)
def experiment_from(text: str) -> Experiment:
    """Return the experiment of a run's text. Raises ExperimentError."""
    return Experiment.from_json(text)


def quantities(training: Iterable[str], validation: Iterable[str]) -> tuple[str, ...]:
    """Return what can be drawn of runs that have these columns: the loss first, then how the task is judged.

    Scores by length are no quantities of their own: a panel draws all lengths at once.
    """
    metrics = [name for name in without_lengths(validation) if name != LOSS]
    others = sorted((name for name in training if name not in (LOSS, _CLOCK)), key=_place)
    return tuple(dict.fromkeys((LOSS, *metrics, *others)))


def _place(name: str) -> tuple[int, str]:
    known = tuple(_TITLES)
    return (known.index(name) if name in known else len(known), name)


def title(quantity: str) -> str:
    """Return what a person calls it."""
    return _TITLES.get(quantity, quantity)


def label(quantity: str, task: type[Task] | None) -> str:
    """Return the y axis's text, with the unit."""
    if quantity == LOSS and task is not None:
        return _UNITS[task.loss]
    return title(quantity)


def caption(quantity: str) -> str:
    """Return one line on what is drawn."""
    return _CAPTIONS.get(quantity, f"{quantity} on the held-out data")


def natural_scale(quantity: str, task: type[Task] | None) -> Scale:
    """Return the scale to begin with: powers of ten for what shrinks towards 0."""
    shrinks = task is not None and quantity == task.metric and task.better == "lower"
    return "log" if quantity in (LOSS, GRADIENT_NORM) or shrinks else "linear"


def levels(quantity: str, task: type[Task] | None, baselines: Iterable[Baseline]) -> tuple[Level, ...]:
    """Return the levels that belong to a quantity: what other predictors score, and where the task counts as solved."""
    if quantity == LOSS:
        found = [Level(baseline.name, baseline.value) for baseline in baselines]
        if task is not None and task.solved_below is not None:
            found.append(Level("solved", task.solved_below, solved=True))
    elif task is not None and quantity == task.metric:
        found = [Level(baseline.name, baseline.metric) for baseline in baselines]
    else:
        found = []
    return _joined(found)


def _joined(found: list[Level]) -> tuple[Level, ...]:
    """Return levels that stand on one line as one, with the names of all."""
    together: dict[tuple[str, bool], list[Level]] = {}
    for level in found:
        together.setdefault((number(level.value), level.solved), []).append(level)
    return tuple(
        Level(", ".join(level.name for level in levels_there), levels_there[0].value, solved)
        for (_, solved), levels_there in together.items()
    )
