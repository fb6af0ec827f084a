"""One run as figures see it: read from the workbook, with a sentence for what is not there."""

from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.cells import Cell
from workbench.figures.errors import FigureError
from workbench.figures.layers import Direction, layer_of, number_of, place_of, split_layer
from workbench.figures.lengths import without_lengths
from workbench.figures.spec import Level
from workbench.lab.experiment import Experiment
from workbench.lab.running import cell_of, experiment_of
from workbench.lab.workbook import Columns, RunRecord, Workbook
from workbench.tasks import Baseline, describe_task, task_class


class Source:
    """A run's data. Raises UnknownRun where the workbook has no such run."""

    def __init__(self, workbook: Workbook, run: int) -> None:
        self._workbook, self.run = workbook, run
        self.record: RunRecord = workbook.runs.get(run)
        self.name = self.record.name

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment, as it was started."""
        return experiment_of(self.record)

    @cached_property
    def cell(self) -> Cell:
        """The cell, as it was when the run began."""
        return cell_of(self.record)

    @property
    def loss_unit(self) -> str:
        """ "nats", or "" where the loss is a squared error."""
        return "nats" if self._task["loss"] == "cross-entropy" else ""

    @property
    def loss_name(self) -> str:
        """What the loss is called beside an axis."""
        return "cross-entropy" if self._task["loss"] == "cross-entropy" else "mean squared error"

    @property
    def main_metric(self) -> str:
        """The metric by which the task is judged."""
        return str(self._task["metric"])

    def is_better_lower(self, metric: str) -> bool:
        """Tell whether a metric is the one by which the task is judged, and an error."""
        return metric == self.main_metric and task_class(self.experiment.task).better == "lower"

    @property
    def _task(self) -> dict[str, Any]:
        return _described(self.experiment.task.name)

    @cached_property
    def training(self) -> Columns:
        """The numbers of every training step. Raises FigureError before the first."""
        columns = self._workbook.scalars.read(self.run)
        if not len(columns):
            raise FigureError(f"Run {self.run} has taken no step yet. Train it, then draw it.")
        return columns

    @cached_property
    def validations(self) -> Columns:
        """What the held-out data said."""
        return self._workbook.validations.read(self.run)

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names of the task's metrics, the main one first; without those that are kept by length."""
        names = [name for name in without_lengths(self.validations.values) if name != "loss"]
        return tuple(sorted(names, key=lambda name: name != self.main_metric))

    def scores(self, step: int | None) -> tuple[int, dict[str, float]]:
        """Return the last validation up to a step, None for the very last: its own step, and each score by name.

        Raises FigureError where there is none so early.
        """
        columns = self.validations
        count = len(columns) if step is None else int(np.searchsorted(columns.steps, step, side="right"))
        if not count:
            when = " yet" if step is None else f" up to step {step}"
            raise FigureError(f"Run {self.run} has not been validated{when}, so it has no scores to draw.")
        return int(columns.steps[count - 1]), {name: float(own[count - 1]) for name, own in columns.values.items()}

    @property
    def baselines(self) -> tuple[Baseline, ...]:
        """What trivial and optimal predictors get on the run's task."""
        return self._workbook.runs.baselines(self.run)

    @cached_property
    def film_steps(self) -> tuple[int, ...]:
        """The steps that have a snapshot."""
        return self._workbook.film.steps(self.run)

    def snapshot_step(self, step: int | None) -> int:
        """Return the step asked for, or the last one with a snapshot. Raises FigureError naming the nearest."""
        steps = self.film_steps
        if not steps:
            raise FigureError(f"Run {self.run} has no snapshot yet: the first comes when it begins to train.")
        if step is None:
            return steps[-1]
        if step not in steps:
            before = [known for known in steps if known < step][-1:]
            near = before + [known for known in steps if known > step][:1]
            raise FigureError(
                f"Run {self.run} has no snapshot of step {step}. The nearest is of step "
                f"{' or '.join(map(str, near))}; there are {len(steps)}, of steps {steps[0]} to {steps[-1]}."
            )
        return step

    @cached_property
    def array_names(self) -> tuple[str, ...]:
        """The names of the last snapshot's arrays; none without a film."""
        return self._workbook.film.names(self.run, self.film_steps[-1]) if self.film_steps else ()

    def array(self, step: int, name: str) -> NDArray[Any]:
        """Return one array of a snapshot."""
        return self._workbook.film.read(self.run, step, name)[name]

    def answer_begins(self, step: int) -> tuple[Level, ...]:
        """Return the upright line between the source and the answer of a snapshot; none where no decoder writes."""
        if "switch" not in self.array_names:
            return ()
        return (Level("answer", int(self.array(step, "switch")) - 0.5),)

    def history(self, name: str) -> dict[int, NDArray[Any]]:
        """Return one array over the whole film, by step."""
        return self._workbook.film.history(self.run, name)

    @property
    def has_several_layers(self) -> bool:
        """Whether a name has to say its layer: there are several, or two directions, or an encoder beside a decoder."""
        experiment = self.experiment
        decodes = task_class(experiment.task).reads == "decoder"
        return experiment.layers > 1 or experiment.bidirectional or decodes

    def refuse_unknown_layer(self, layer: int) -> None:
        """Raise FigureError for a layer that the network lacks."""
        layers = self.experiment.layers
        if not 1 <= layer <= layers:
            there = "one layer" if layers == 1 else f"layers 1 to {layers}"
            raise FigureError(f"Run {self.run} has no layer {layer}: its network has {there}.")

    def layers_of(self, kind: str, layer: int | None) -> list[str]:
        """Return the layers that have arrays of a kind, in order: those of one number, or all.

        Raises FigureError for a layer that the network lacks.
        """
        if layer is not None:
            self.refuse_unknown_layer(layer)
        names = (name.removeprefix(f"{kind}/") for name in self.array_names if name.startswith(f"{kind}/"))
        found = {own for name in names if (own := split_layer(name)[0])}
        return sorted((own for own in found if layer in (None, number_of(own))), key=place_of)

    def layer(self, number: int, direction: Direction) -> str:
        """Return the name of a layer. Raises FigureError for one that the network lacks."""
        self.refuse_unknown_layer(number)
        if direction == "backward" and not self.experiment.bidirectional:
            raise FigureError(f"Run {self.run} reads in one direction only: no layer of it reads from the end.")
        return layer_of(number, direction)

    def names_of(self, kind: str, layer: str) -> tuple[str, ...]:
        """Return the names x of arrays "kind/layer.x": states first, the rest as the equations have them."""
        start = f"{kind}/{layer}."
        there_is = [name.removeprefix(start) for name in self.array_names if name.startswith(start)]
        known = [*self.cell.states, *self.cell.parameters, *(line.name for line in self.cell.assignments)]
        return tuple(sorted(there_is, key=lambda name: known.index(name) if name in known else len(known)))

    def label(self, symbol: str) -> str:
        """Return a name of the equations as mathematics: W_fh is W with f, h above."""
        return rf"\({self.cell.latex_name(symbol)}\)"


def run_labels(sources: Sequence[Source]) -> list[str]:
    """Return a name for each run; runs of one name are told apart by their numbers."""
    names = [source.name for source in sources]
    return [f"{source.name} (run {source.run})" if names.count(source.name) > 1 else source.name for source in sources]


@cache
def _described(task: str) -> dict[str, Any]:
    return describe_task(task)
