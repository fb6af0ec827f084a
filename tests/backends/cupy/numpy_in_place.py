"""A backend by the name of CuPy's that computes with NumPy, and fails as a card does where it is told to."""

import os
import time
from collections.abc import Iterator
from itertools import count
from types import SimpleNamespace
from typing import Any

import numpy as np

from workbench.backends.arrays.program import ArrayProgram
from workbench.backends.numpy import HostArrays
from workbench.cells import Cell

WAY = "persistent: NumPy in CuPy's place"
_passes: Iterator[int] = count()


def _fail_where_told() -> None:
    broken, number = os.environ.get("STAND_IN_TRAINING", ""), next(_passes)
    if number < int(os.environ.get("STAND_IN_AT", "0")):
        return
    if broken == "slow":
        time.sleep(0.05)
    if broken == "memory":
        words = "Out of memory allocating 1,073,741,824 bytes (allocated so far: 536,870,912 bytes)."
        raise type("OutOfMemoryError", (MemoryError,), {"__module__": "cupy.cuda.memory"})(words)
    if broken == "lost":
        words = "cudaErrorECCUncorrectable: uncorrectable ECC error encountered"
        raise type("CUDARuntimeError", (RuntimeError,), {"__module__": "cupy_backends.cuda.api.runtime"})(words)


class _Arrays:
    """NumPy, with the card's memory."""

    cuda = SimpleNamespace(runtime=SimpleNamespace(memGetInfo=lambda: (8 << 30, 8 << 30)))

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)


class _Program(ArrayProgram):
    way = WAY

    def forward(self, *arguments: Any, **options: Any) -> Any:
        _fail_where_told()
        return super().forward(*arguments, **options)


class CupyBackend(HostArrays):
    """What the worker of a run finds in the place of the real one."""

    name = "cupy"

    def __init__(self, *, tf32: bool = False, way: str | None = None) -> None:
        self.xp: Any = _Arrays()

    def compile(self, cell: Cell, inputs: int, hidden: int, dtype: str = "float32") -> ArrayProgram:
        return _Program(np, cell, inputs, hidden, dtype)

    def is_compiled(self, cell: Cell, dtype: str = "float32") -> bool:
        return True

    def compile_ahead(self, cell: Cell, dtype: str = "float32") -> None:
        """Do nothing."""
