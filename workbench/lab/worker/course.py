"""The course of a training: learn, look, keep, obey; from the last checkpoint on where there is one."""

import time

import numpy as np

from workbench.lab.building import Setup, build_probe, build_trainer
from workbench.lab.origin import Origin
from workbench.lab.workbook import COURSE, Command, Lease, Status, Workbook
from workbench.lab.worker.recorder import Recorder
from workbench.lab.worker.wishes import Wishes
from workbench.training.cadence import FilmCadence
from workbench.training.errors import Diverged, TrainingError
from workbench.training.pace import Pace

COMMIT_EVERY = 0.1  # seconds
WATCHING = "watching"
"""Beside the probe's arrays, each snapshot has the share of the training time that the film has taken."""
FILM_SHARE = 0.03  # of the time training takes; commits and checkpoints take about 1 % more
_LOOK_FOR_COMMANDS = 0.05  # seconds, while paused


class Course:
    """Trains a run and keeps everything; obeys commands between two steps, or chunks of steps taken together.

    Commands that change the numbers are kept with their step, and repeated there when a run is resumed.
    """

    def __init__(self, workbook: Workbook, lease: Lease, wishes: Wishes, setup: Setup, checkpoint_every: float) -> None:
        self._workbook, self._wishes = workbook, wishes
        self._run = lease.run
        self._experiment = setup.experiment
        self._trainer = build_trainer(setup)
        self._probe = build_probe(setup, self._trainer)
        self._checkpoint_every = checkpoint_every
        self._way = ""
        self._checkpointed = self._restore()
        self._recorder = Recorder(workbook, lease, wishes, after=self._checkpointed)
        course = workbook.commands.course(self._run)
        self._repeated = {command.step: command for command in course if command.step is not None}
        self._cadence = FilmCadence(share=FILM_SHARE)
        self._pace = Pace(setup.backend.works_ahead)
        self._last_picture = max(workbook.film.steps(self._run), default=-1)
        self._distance = workbook.film.distance(self._run)
        self._show_again()
        self._committed_at = self._checkpointed_at = time.perf_counter()

    def train(self) -> None:
        """Train until the last step is done, or somebody asks to stop."""
        self._begin()
        self._repeat_commands()
        self._obey()
        while not self._is_over and not self._wishes.stop:
            self._learn()
            self._repeat_commands()
            self._film()
            self._keep()
        self._end("finished" if self._is_over else "stopped")

    @property
    def _is_over(self) -> bool:
        """Whether the last step is taken."""
        return self._trainer.step >= self._experiment.steps

    def rescue(self) -> None:
        """Keep the numbers of a training that failed, and its state unless that is what went wrong."""
        try:
            state = self._trainer.state()
        except Diverged:
            self._recorder.commit()
        else:
            self._recorder.checkpoint(self._trainer.step, state)

    def _restore(self) -> int:
        """Go to the last checkpoint and return its step, -1 without one."""
        latest = self._workbook.checkpoints.latest(self._run)
        if latest is None:
            return -1
        self._trainer.restore(latest[1])
        return latest[0]

    def _begin(self) -> None:
        if self._checkpointed < 0:
            self._validate()
            self._snapshot()
            self._checkpoint()
        self._set_status("running")

    def _learn(self) -> None:
        """Take the steps of a chunk and note their numbers; validate where that is due."""
        start = time.perf_counter()
        results = self._trainer.train(min(self._pace.steps, self._undisturbed()))
        seconds = time.perf_counter() - start
        self._cadence.trained(seconds)
        self._pace.took(len(results), seconds)
        for result in results:
            self._recorder.step(result, seconds / len(results))
        self._keep_way()
        if self._trainer.step % self._experiment.validate_every == 0 or self._is_over:
            self._validate()

    def _undisturbed(self) -> int:
        """Return how many steps can be taken before something has to be done at one."""
        if self._wishes.single_step:
            return 1
        step, every = self._trainer.step, self._experiment.validate_every
        marks = (self._experiment.steps, step + every - step % every, self._recorder.last_kept, *self._repeated)
        return min(mark - step for mark in marks if mark > step)

    def _keep_way(self) -> None:
        """Keep how a batch's sequences are run, where there are several ways; known once one was."""
        way = "; ".join(dict.fromkeys(program.way for program in self._trainer.network.programs if program.way))
        if way and not self._way:
            self._way = way
            origin = Origin.from_values(self._workbook.runs.get(self._run).origin).changed(way=way)
            self._recorder.commit(lambda: self._workbook.runs.set_origin(self._run, origin.values()))

    def _validate(self) -> None:
        start = time.perf_counter()
        validation = self._trainer.validate()
        self._recorder.validation(self._trainer.step, validation, time.perf_counter() - start)

    def _film(self) -> None:
        """Take a picture where one is due; an earlier sitting's are not taken again."""
        if self._trainer.step - self._last_picture >= self._distance and self._cadence.due:
            self._snapshot()

    def _snapshot(self) -> None:
        start = time.perf_counter()
        step = self._trainer.step
        arrays = self._probe.snapshot(step, self._trainer.update).arrays
        self._recorder.snapshot(step, {**arrays, WATCHING: np.array(self._cadence.cost)})
        self._last_picture = max(self._last_picture, step)
        self._distance = self._workbook.film.distance(self._run)
        self._cadence.filmed(time.perf_counter() - start)

    def _show_again(self) -> None:
        """Look closely at the sequence of the last picture: what was chosen during an earlier sitting."""
        film, last = self._workbook.film, self._last_picture
        if "sequence" in film.names(self._run, last):
            self._probe.show(int(film.read(self._run, last, "sequence")["sequence"]))

    def _show_sequence(self, sequence: int) -> None:
        """Look closely at another sequence, and take a picture of it in place of one of this step."""
        try:
            self._probe.show(sequence)
        except TrainingError as error:  # fewer held-out sequences than the experiment asks for; no reason to end
            said, step = str(error), self._trainer.step
            self._recorder.commit(lambda: self._workbook.messages.append(self._run, "warning", said, step=step))
        else:
            self._snapshot()

    def _show_this_step(self) -> None:
        """Take a picture unless there is one of this step."""
        if self._trainer.step not in self._workbook.film.steps(self._run):
            self._snapshot()

    def _keep(self) -> None:
        now = time.perf_counter()
        # Commands that waited for kept steps to be repeated take effect as soon as these are.
        at_once = self._wishes.single_step or self._trainer.step == self._recorder.last_kept
        if now - self._committed_at < COMMIT_EVERY and not at_once:
            return
        self._recorder.commit()
        self._committed_at = now
        if now - self._checkpointed_at >= self._checkpoint_every:
            self._checkpoint()
        self._obey()

    def _checkpoint(self) -> None:
        self._recorder.checkpoint(self._trainer.step, self._trainer.state())
        self._checkpointed, self._checkpointed_at = self._trainer.step, time.perf_counter()

    def _obey(self) -> None:
        """Carry out what was asked; rest here while paused, with a picture of this very step."""
        self._wishes.single_step = False
        self._read_commands()
        if not self._wishes.paused or self._is_over:
            return
        self._show_this_step()
        if self._checkpointed != self._trainer.step:
            self._checkpoint()
        self._set_status("paused")
        while self._wishes.paused and not self._wishes.stop and not self._wishes.single_step:
            self._wishes.wait(_LOOK_FOR_COMMANDS)
            self._wishes.refuse_if_lost()
            self._read_commands()
        if not self._wishes.single_step:  # a run that takes single steps is paused all the while
            self._set_status("running")

    def _read_commands(self) -> None:
        for command in self._workbook.commands.pending(self._run):
            self._carry_out(command)
            if command.kind == "step":
                return  # what was asked after it waits until the step is done

    def _carry_out(self, command: Command) -> None:
        step = self._trainer.step
        if command.kind in COURSE and step < self._recorder.last_kept:
            return  # its turn comes once the numbers kept already have been repeated
        self._recorder.commit(lambda: self._workbook.commands.take(command, self._run, step))
        match command.kind:
            case "pause":
                self._wishes.paused = True
            case "go":
                self._wishes.paused = False
            case "step":
                self._wishes.paused = self._wishes.single_step = True
            case "stop":
                self._wishes.ask_to_stop()
            case "snapshot":
                self._snapshot()
            case "learning_rate":
                self._trainer.change_learning_rate(command.value or 0.0)
            case "sequence":
                self._show_sequence(int(command.value or 0))

    def _repeat_commands(self) -> None:
        command = self._repeated.pop(self._trainer.step, None)
        if command is not None:
            self._trainer.change_learning_rate(command.value or 0.0)

    def _end(self, status: Status) -> None:
        """Keep the last picture, the last state and how it ended."""
        if status == "stopped":
            self._set_status("stopping")
        self._show_this_step()
        self._checkpoint()
        self._set_status(status)

    def _set_status(self, status: Status) -> None:
        self._recorder.commit(lambda: self._workbook.runs.set_status(self._run, status))
