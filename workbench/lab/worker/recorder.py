"""Keeping what a worker measures: buffered, committed together, held back while the workbook takes nothing."""

import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.lab.errors import NoRoom, WorkbookBusy, WorkbookError
from workbench.lab.workbook import Columns, Lease, Level, Workbook
from workbench.lab.worker.kept import Kept
from workbench.lab.worker.wishes import Wishes
from workbench.training.judging import Validation
from workbench.training.trainer import StepResult

RESERVE = 4 << 20  # bytes left free on the disk, so that the workbook can still say why nothing goes on
_RETRY = 0.5  # seconds
_DETERMINED = ("loss", "gradient_norm", "learning_rate")


class Recorder:
    """Writes a run's numbers and pictures. Every commit proves that the lease is still held.

    Numbers of steps that an earlier sitting kept are compared with those, not written again.
    """

    def __init__(self, workbook: Workbook, lease: Lease, wishes: Wishes, after: int) -> None:
        self._workbook, self._lease, self._wishes = workbook, lease, wishes
        self.run = lease.run
        self._training = Kept(workbook.scalars.read(self.run, after))
        self._validation = Kept(workbook.validations.read(self.run, after))
        self._rows: list[StepResult] = []
        self._seconds: list[float] = []
        self._judged: dict[int, dict[str, float]] = {}
        self._last: StepResult | None = None
        self.seconds = workbook.runs.get(self.run).seconds

    @property
    def last_kept(self) -> int:
        """The last step whose numbers an earlier sitting kept, -1 without any."""
        return self._training.last

    def step(self, result: StepResult, seconds: float) -> None:
        """Note a training step; ``seconds`` is what it took."""
        self.seconds += seconds
        self._last = result
        if result.step <= self._training.last:
            if self._training.agrees(result.step, _numbers(result)):
                return
            self._drop_from(result.step)
        self._rows.append(result)
        self._seconds.append(self.seconds)

    def validation(self, step: int, validation: Validation, seconds: float) -> None:
        """Note what the held-out data said after this many steps; ``seconds`` is what asking took."""
        self.seconds += seconds
        numbers = {"loss": validation.loss, **validation.metrics}
        if step <= self._validation.last:
            if self._validation.agrees(step, numbers):
                return
            self._drop_from(step + 1, validation=step)
        self._judged[step] = numbers

    def commit(self, *also: Callable[[], None], size: int = 0) -> None:
        """Write all that was noted, and whatever else is given, at once; wait while that is not possible.

        ``size``: bytes that the rest brings. Raises NoRoom or WorkbookBusy when asked to stop meanwhile, LeaseLost.
        """
        waited = False
        while True:
            self._wishes.refuse_if_lost()
            try:
                self._refuse_full_disk(size)
                self._write(also, waited=waited)
            except (NoRoom, WorkbookBusy) as error:
                if not waited:
                    self._say_why_we_wait(error)
                waited = True
                if self._wishes.stop or self._stop_was_sent():
                    raise
                self._wishes.wait(_RETRY)
            else:
                self._rows, self._seconds, self._judged = [], [], {}
                return

    def checkpoint(self, step: int, state: Mapping[str, NDArray[Any]]) -> None:
        """Keep a trainer's state, with all the numbers up to it, and see it onto the disk."""
        size = sum(array.nbytes for array in state.values())
        self.commit(lambda: self._workbook.checkpoints.append(self.run, step, state), size=size)
        self._workbook.flush_to_disk()

    def snapshot(self, step: int, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep a snapshot, with all the numbers up to it."""
        size = sum(array.nbytes for array in arrays.values())
        self.commit(lambda: self._workbook.film.append(self.run, step, arrays), size=size)

    def _write(self, also: Iterable[Callable[[], None]], *, waited: bool) -> None:
        with self._workbook.together():
            self._workbook.leases.renew(self._lease)
            self._write_numbers()
            for action in also:
                action()
            if waited:
                self._workbook.runs.set_status(self.run, "running")
                self._log("info", "The workbook can be written again: training goes on.")

    def _write_numbers(self) -> None:
        if self._rows:
            steps = np.array([row.step for row in self._rows], np.int64)
            values = {name: np.array([getattr(row, name) for row in self._rows], float) for name in _DETERMINED}
            # Single precision is plenty for a clock, and takes half the room.
            clock = np.array(self._seconds, np.float32).astype(np.float64)
            self._workbook.scalars.append(self.run, Columns(steps, {**values, "seconds": clock}))
        for step, numbers in self._judged.items():
            row = {name: np.array([number], float) for name, number in numbers.items()}
            self._workbook.validations.append(self.run, Columns(np.array([step], np.int64), row))
        if self._last is not None:
            self._workbook.runs.set_progress(self.run, step=self._last.step, loss=self._last.loss, seconds=self.seconds)

    def _drop_from(self, step: int, validation: int | None = None) -> None:
        """Forget what an earlier sitting kept from this step on: it cannot be repeated here."""
        first = step if validation is None else validation
        sentence = (
            f"From step {first} on the numbers differ from those kept before the interruption: another processor or "
            "library computes them. The kept ones from there on were dropped."
        )

        def drop() -> None:
            self._workbook.scalars.drop_from(self.run, step)
            self._workbook.validations.drop_from(self.run, first)
            self._workbook.film.drop_from(self.run, step)
            self._log("warning", sentence)

        self.commit(drop)
        self._training.forget_from(step)
        self._validation.forget_from(first)

    def _refuse_full_disk(self, size: int) -> None:
        free = shutil.disk_usage(self._workbook.path.parent).free
        if free < RESERVE + 2 * size:
            raise NoRoom(
                f"Training waits: the disk that holds {self._workbook.path.name} has {free >> 20} MiB left, and "
                f"{(RESERVE + 2 * size) >> 20} MiB are needed. Make room and it goes on by itself."
            )

    def _say_why_we_wait(self, error: WorkbookError) -> None:
        try:
            with self._workbook.together():
                self._workbook.leases.renew(self._lease)
                self._workbook.runs.set_status(self.run, "paused", str(error))
                self._log("warning", str(error))
        except (NoRoom, WorkbookBusy):  # not even room to say so in the workbook
            print(error, file=sys.stderr, flush=True)

    def _stop_was_sent(self) -> bool:
        return any(command.kind == "stop" for command in self._workbook.commands.pending(self.run))

    def _log(self, level: Level, sentence: str) -> None:
        step = self._last.step if self._last else 0
        self._workbook.messages.append(self.run, level, sentence, step=step)


def _numbers(result: StepResult) -> dict[str, float]:
    return {name: getattr(result, name) for name in _DETERMINED}
