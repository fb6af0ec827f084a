"""Training, step by step; all a trainer knows fits in named arrays, so that it can stop and go on."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.backends.quiet import quiet
from workbench.tasks import Batch, Task
from workbench.training.arrays import Array, euclidean_norm
from workbench.training.backpropagation import Backpropagation
from workbench.training.checkpoint import carried_arrays, refuse_unfit_state, restore_carried
from workbench.training.clipping import clip_by_norm, clip_by_value
from workbench.training.errors import DIVERGED, Diverged, TrainingError
from workbench.training.evaluation import evaluate, sequences_at_once
from workbench.training.network import Carried, Network
from workbench.training.optimizers import Optimizer
from workbench.training.schedules import Schedule


@dataclass(frozen=True)
class StepResult:
    """One training step: its number (from 1), the batch's mean loss, the gradient's norm before clipping."""

    step: int
    loss: float
    gradient_norm: float
    learning_rate: float


@dataclass(frozen=True)
class Validation:
    """The mean loss over the held-out sequences, and the task's metrics on them."""

    loss: float
    metrics: dict[str, float]


class Trainer:
    """Trains a network on a task; ``step`` counts the steps completed.

    ``optimizer`` works on ``network.trained.flat``. Clipping by norm comes before clipping by value; None
    or 0 leaves either out. ``truncate`` cuts backpropagation into pieces of so many steps; 0 does not.
    ``checkpoint_every`` keeps the states of every so many steps alone, to save memory; 0 keeps everything.
    """

    def __init__(
        self,
        network: Network,
        task: Task,
        optimizer: Optimizer,
        schedule: Schedule,
        *,
        batch: int,
        learning_rate: float,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        truncate: int = 0,
        checkpoint_every: int = 0,
    ) -> None:
        self.network, self.task, self.optimizer, self.schedule = network, task, optimizer, schedule
        self.batch, self.clip_norm, self.clip_value = batch, clip_norm, clip_value
        self.step = 0
        self._learning_rate = learning_rate
        self._gradient_norm = 0.0
        self._has_moved = False
        self._carried: Carried | None = None
        self._backpropagation = Backpropagation(network, truncate, checkpoint_every)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step."""
        return self._learning_rate * self.schedule.factor(self.step)

    @property
    def update(self) -> Array | None:
        """What the last step subtracted from the trained parameters (P,); None before the first step."""
        return self.optimizer.update if self._has_moved else None

    def train_step(self) -> StepResult:
        """Learn from one batch.

        Raises Diverged where loss or gradient is not finite; parameters and optimiser stay as they were.
        """
        batch = self.task.training_batch(self.step, self.batch)
        with quiet(self.network.backend.xp):
            return self._learn(batch)

    def _learn(self, batch: Batch) -> StepResult:
        loss, carried = self._backpropagation.run(batch, self._carried if batch.continues else None)
        gradient = self._backpropagation.gradient.flat
        norm = euclidean_norm(self.network.backend.xp, gradient)
        self._refuse_if_diverged(loss, norm)
        self._clip(gradient, norm)
        learning_rate = self.learning_rate
        self.optimizer.step(gradient, learning_rate)
        self._carried, self._gradient_norm, self._has_moved = carried, norm, True
        self.step += 1
        return StepResult(self.step, loss, norm, learning_rate)

    def validate(self) -> Validation:
        """Judge the network on the held-out sequences; raises Diverged where their loss is not finite."""
        batch = self.task.validation()
        evaluation = evaluate(
            self._backpropagation.pool,
            batch,
            together=sequences_at_once(self.batch),
            steps=self._backpropagation.steps_at_once(self.task.length),
        )
        if not isfinite(evaluation.loss):
            raise Diverged(self._advice(f"the validation loss is {evaluation.loss}"))
        return Validation(evaluation.loss, self.task.metrics(evaluation.outputs, batch))

    def change_learning_rate(self, value: float) -> None:
        """Set the base learning rate from the next step on; the schedule's factor still applies."""
        if not (isfinite(value) and value > 0):
            raise TrainingError(f"The learning rate {value} is not a positive number. Give one such as 0.001.")
        self._learning_rate = value

    def state(self) -> dict[str, NDArray[Any]]:
        """Return all that the coming steps depend on, as named host arrays.

        Raises Diverged where a parameter is not finite: such a state is not worth keeping.
        """
        if not bool(self.network.backend.xp.isfinite(self.network.trained.flat).all()):
            raise Diverged(self._advice("a parameter is not finite"))
        to_host = self.network.backend.to_host
        arrays = {f"parameter/{name}": to_host(view) for name, view in self.network.parameters.items()}
        arrays |= {f"optimizer/{name}": to_host(kept) for name, kept in self.optimizer.memories.items()}
        if self._carried is not None:
            arrays |= carried_arrays(self.network.backend, self._carried)
        arrays |= {
            "trainer/step": np.array(self.step),
            "trainer/updates": np.array(self.optimizer.count),
            "trainer/learning_rate": np.array(self._learning_rate),
            "trainer/gradient_norm": np.array(self._gradient_norm),
        }
        return {name: array.copy() for name, array in arrays.items()}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a state; every step after it gives the numbers it gave before, bit for bit.

        Raises TrainingError for a state of another network or another optimiser.
        """
        refuse_unfit_state(self.network, self.optimizer, state)
        self.network.assign({name: state[f"parameter/{name}"] for name in self.network.parameters})
        for name, kept in self.optimizer.memories.items():
            kept[...] = self.network.backend.asarray(state[f"optimizer/{name}"])
        self.optimizer.count = int(state["trainer/updates"])
        self._carried = restore_carried(self.network, state)
        self.step = int(state["trainer/step"])
        self._learning_rate = float(state["trainer/learning_rate"])
        self._gradient_norm = float(state["trainer/gradient_norm"])
        self._has_moved = False

    def _clip(self, gradient: Array, norm: float) -> None:
        if self.clip_norm:
            clip_by_norm(gradient, norm, self.clip_norm)
        if self.clip_value:
            clip_by_value(self.network.backend.xp, gradient, self.clip_value)

    def _refuse_if_diverged(self, loss: float, norm: float) -> None:
        if not isfinite(loss):
            raise Diverged(self._advice(f"the loss is {loss}"))
        if not isfinite(norm):
            raise Diverged(self._advice(f"the gradient's norm is {norm}"))

    def _advice(self, what: str) -> str:
        """Return a sentence on where training broke down and what to try."""
        last = (
            f"The last finite gradient norm was {_plain(self._gradient_norm)}"
            if self.step
            else "It was the first step: the cell itself may give such values (rnn-workbench check tells)"
        )
        clipping = "lower the clip norm" if self.clip_norm else "set the clip norm (1 is a common choice)"
        return (
            f"{DIVERGED} at step {self.step + 1}: {what}. {last}. "
            f"Lower the learning rate (now {_plain(self.learning_rate)}), or {clipping}."
        )


def _plain(number: float) -> str:
    """Return three digits that count, with a power of ten only where a person would write one."""
    rounded = float(f"{number:.3g}")
    if rounded == 0 or 1e-6 <= abs(rounded) < 1e6:
        return f"{rounded:.8f}".rstrip("0").rstrip(".")
    return f"{rounded:g}"
