"""Processes of their own that measure when asked, so that the threads of two libraries never meet."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from benchmarks.settings import Settings
from workbench.lab.machine import thread_environment


class MeasuringError(Exception):
    """What keeps a section from being measured, or makes its figures worthless; its text is a sentence."""


class Asked:
    """A process that answers questions: see ``answering``."""

    def __init__(self, name: str, questions: IO[str], answers: IO[str]) -> None:
        self.name, self._questions, self._answers = name, questions, answers

    def ask(self, question: str, *numbers: float) -> Any:
        """Ask one question and wait for its answer. Raises MeasuringError where the process has ended."""
        try:
            print(question, *numbers, file=self._questions, flush=True)
            answer = self._answers.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise MeasuringError(f"The process of {self.name} ended without an answer; its own words stand above.")
        return json.loads(answer)


@contextmanager
def started(
    name: str, arguments: Sequence[str], environment: Mapping[str, str], python: Path | None = None
) -> Iterator[Asked]:
    """Start ``python -m ARGUMENTS``, by this Python if no other is named, and end it when the block ends."""
    command = [str(python or sys.executable), "-m", *arguments]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        yield Asked(name, process.stdin, process.stdout)
        process.stdin.close()


def rounds_in_turn(processes: Mapping[str, Asked], settings: Settings) -> dict[str, list[float]]:
    """Ask every process in turn for the ``seconds`` of what it repeats, round after round."""
    for process in processes.values():
        process.ask("seconds", 0)  # none is still starting when another is measured
    rounds = [
        [float(process.ask("seconds", settings.seconds)) for process in processes.values()]
        for _ in range(settings.rounds)
    ]
    return {name: list(column) for name, column in zip(processes, zip(*rounds, strict=True), strict=True)}


def free_environment() -> dict[str, str]:
    """Return the variables under which a library takes as many threads as it likes."""
    held = thread_environment(1)
    return {name: value for name, value in os.environ.items() if name not in held}
