"""What the command line's tests share."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from workbench.cli import main

QUICK = ("--set", "task.length=5", "--set", "hidden=4", "--set", "batch=4", "--set", "backend=numpy")
"""A run that ends in a moment, on the backend that starts soonest."""


@dataclass(frozen=True)
class Said:
    """What one command said: its exit status and what it printed."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The last line printed, read as JSON."""
        return json.loads(self.out.strip().splitlines()[-1])


class Terminal:
    """Runs commands in this process, as typed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: object) -> Said:
        try:
            status = main([str(word) for word in words])
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        printed = self._capsys.readouterr()
        return Said(status, printed.out, printed.err)


def in_a_process(words: Sequence[object], before: Path | None = None) -> "subprocess.Popen[str]":
    """Start a command in a process of its own, which looks for modules in a folder before all others."""
    root = os.pathsep.join(map(str, filter(None, (before, Path(__file__).resolve().parents[2]))))
    return subprocess.Popen(
        [sys.executable, "-m", "workbench", *map(str, words)],
        env=os.environ | {"PYTHONPATH": root},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def press_ctrl_c(process: "subprocess.Popen[str]") -> Said:
    """Interrupt a command and return what it said."""
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return Said(process.returncode, out, err)
