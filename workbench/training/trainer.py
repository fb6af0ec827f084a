"""Training, step by step; all a trainer knows fits in named arrays, so that it can stop and go on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.backends.quiet import quiet
from workbench.tasks import Task
from workbench.training.arrays import Array, euclidean_norm, norm_array
from workbench.training.checkpoint import carried_arrays, refuse_unfit_state, restore_carried
from workbench.training.clipping import clip_by_norm, clip_by_norm_array, clip_by_value
from workbench.training.divergence import advice
from workbench.training.encoder_decoder import EncoderDecoder
from workbench.training.errors import Diverged, TrainingError
from workbench.training.evaluation import sequences_at_once
from workbench.training.judging import Validation, judge
from workbench.training.learning import learner_of
from workbench.training.network import Carried, Network
from workbench.training.optimizers import Optimizer
from workbench.training.prepared import PreparedBatch
from workbench.training.schedules import Schedule
from workbench.training.staging import Staging
from workbench.training.teaching import TeacherForcing
from workbench.training.transport import bring_home


@dataclass(frozen=True)
class StepResult:
    """One training step: its number (from 1), the batch's mean loss, the gradient's norm before clipping."""

    step: int
    loss: float
    gradient_norm: float
    learning_rate: float


class Trainer:
    """Trains a network on a task; ``step`` counts the steps completed.

    ``optimizer`` works on ``network.trained.flat``. Clipping by norm comes before clipping by value; None
    or 0 leaves either out. ``truncate`` cuts backpropagation into pieces of so many steps; 0 does not.
    ``checkpoint_every`` keeps the states of every so many steps alone, to save memory; 0 keeps everything.
    """

    def __init__(
        self,
        network: Network | EncoderDecoder,
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
        teacher_forcing: TeacherForcing | None = None,
        beam: int = 1,
    ) -> None:
        self.network, self.task, self.optimizer, self.schedule = network, task, optimizer, schedule
        self.batch, self.clip_norm, self.clip_value = batch, clip_norm, clip_value
        self.step = 0
        self._learning_rate = learning_rate
        self._gradient_norm = 0.0
        self._has_moved = False
        self._carried: Carried | None = None
        self._teacher_forcing = teacher_forcing
        self._learner = learner_of(network, truncate, checkpoint_every, beam)
        self._staging = Staging(network.backend, self._draw)

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
        return self.train(1)[0]

    def train(self, count: int) -> list[StepResult]:
        """Take up to ``count`` steps: fewer where the next one diverges, or where their batches take too much room.

        Where programs work ahead, no number is read before all steps are begun; the numbers are the same.
        Raises Diverged where the first one's loss or gradient is not finite; parameters and optimiser stay as they
        were before a step that diverges.
        """
        if count == 1 or not self.network.backend.works_ahead:
            return self._train_one_by_one(map(self._draw_here, range(self.step, self.step + count)))
        return self._train_ahead(self._staging.take(self.step, count))

    def validate(self) -> Validation:
        """Judge the network on the held-out sequences; raises Diverged where their loss is not finite."""
        validation = judge(self._learner, self.network, self.task, together=sequences_at_once(self.batch))
        if not isfinite(validation.loss):
            raise Diverged(self._advice(f"the validation loss is {validation.loss}"))
        return validation

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
        arrays = {f"parameter/{name}": view for name, view in self.network.parameters.items()}
        arrays |= {f"optimizer/{name}": kept for name, kept in self.optimizer.memories.items()}
        state = {
            "trainer/step": np.array(self.step),
            "trainer/updates": np.array(self.optimizer.count),
            "trainer/learning_rate": np.array(self._learning_rate),
            "trainer/gradient_norm": np.array(self._gradient_norm),
        }
        if self._carried is not None:
            arrays |= carried_arrays(self.network, self._carried)
            state["carried/step"] = np.array(self._carried.step)
        return bring_home(self.network.backend, arrays) | state

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

    def _train_one_by_one(self, batches: Iterable[PreparedBatch]) -> list[StepResult]:
        results: list[StepResult] = []
        for batch in batches:
            try:
                results.append(self._learn(batch))
            except Diverged:
                if not results:
                    raise
                break  # the next call begins with it
        return results

    def _learn(self, batch: PreparedBatch) -> StepResult:
        """Take one step, its loss and norm known before anything is changed."""
        with quiet(self.network.backend.xp):
            mean, carried = self._learner.run(batch, self._carried if batch.continues else None)
            gradient, loss = self._learner.gradient.flat, float(mean)
            norm = euclidean_norm(self.network.backend.xp, gradient)
            self._refuse_if_diverged(loss, norm)
            if self.clip_norm:
                clip_by_norm(gradient, norm, self.clip_norm)
            learning_rate = self._move(gradient, carried)
        self._gradient_norm = norm
        return StepResult(self.step, loss, norm, learning_rate)

    def _train_ahead(self, batches: list[PreparedBatch]) -> list[StepResult]:
        """Begin all steps before any number is read; where one is not finite, go back and look at each."""
        done, go_back = self.step, self._remember()
        try:
            begun = [self._begin(batch) for batch in batches]
            read = self.network.backend.xp.stack([number for loss, norm, _ in begun for number in (loss, norm)])
            numbers = self.network.backend.to_host(read).reshape(-1, 2).tolist()
        except BaseException:  # a step whose numbers never came home was not taken
            go_back()
            raise
        if not all(isfinite(number) for own in numbers for number in own):
            go_back()
            return self._train_one_by_one(batches)
        self._gradient_norm = numbers[-1][1]
        rates = [learning_rate for _, _, learning_rate in begun]
        return [
            StepResult(step, loss, norm, rate)
            for step, ((loss, norm), rate) in enumerate(zip(numbers, rates, strict=True), done + 1)
        ]

    def _begin(self, batch: PreparedBatch) -> tuple[Array, Array, float]:
        """Take one step unseen; return loss and norm, arrays without axes, and the learning rate."""
        xp = self.network.backend.xp
        with quiet(xp):
            loss, carried = self._learner.run(batch, self._carried if batch.continues else None)
            gradient = self._learner.gradient.flat
            norm = norm_array(xp, gradient)
            if self.clip_norm:
                clip_by_norm_array(xp, gradient, norm, self.clip_norm)
            learning_rate = self._move(gradient, carried)
        self._staging.draw_ahead()
        return loss, norm, learning_rate

    def _move(self, gradient: Array, carried: Carried | None) -> float:
        """Follow the gradient, which is lost; return the learning rate."""
        if self.clip_value:
            clip_by_value(self.network.backend.xp, gradient, self.clip_value)
        learning_rate = self.learning_rate
        self.optimizer.step(gradient, learning_rate)
        self._carried, self._has_moved = carried, True
        self.step += 1
        return learning_rate

    def _remember(self) -> Callable[[], None]:
        """Return what brings parameters, optimiser and count back to where they are now."""
        arrays = [self.network.trained.flat, self.optimizer.update, *self.optimizer.memories.values()]
        copies = [array.copy() for array in arrays]
        kept = self.step, self._carried, self._has_moved, self.optimizer.count

        def go_back() -> None:
            self.step, self._carried, self._has_moved, self.optimizer.count = kept
            for array, copy in zip(arrays, copies, strict=True):
                array[...] = copy

        return go_back

    def _draw_here(self, step: int) -> PreparedBatch:
        """Return the batch of a step, where the programs run."""
        batch = self._draw(step)
        return batch.moved(self.network.backend.asarray) if self.network.backend.works_ahead else batch

    def _draw(self, step: int) -> PreparedBatch:
        """Return the batch of a step, on the host."""
        batch = self.task.training_batch(step, self.batch)
        if self._teacher_forcing is not None:
            batch = self._teacher_forcing.applied_to(batch, step)
        prepared: PreparedBatch = self._learner.prepare(batch)
        return prepared

    def _refuse_if_diverged(self, loss: float, norm: float) -> None:
        if not isfinite(loss):
            raise Diverged(self._advice(f"the loss is {loss}"))
        if not isfinite(norm):
            raise Diverged(self._advice(f"the gradient's norm is {norm}"))

    def _advice(self, what: str) -> str:
        return advice(
            what,
            step=self.step,
            gradient_norm=self._gradient_norm,
            learning_rate=self.learning_rate,
            clips_norm=bool(self.clip_norm),
        )
