"""Single functions of the cell language, compiled, and programs in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.backends import get_backend
from workbench.cells import Cell

Array = NDArray[Any]

# Units of a row: whole vectors of every width, and a remainder.
UNITS = 1003


def apply(expression: str, x: Array, h: Array | None = None, dtype: str = "float32") -> Array:
    """Evaluate an expression of ``x`` and of ``h`` in compiled code, number by number."""
    cell = Cell.from_equations(f"h = {expression}", states=["h"])
    program = get_backend("numba").compile(cell, inputs=UNITS, hidden=UNITS, dtype=dtype)
    start = {} if h is None else {"h": _in_rows(h, dtype)}
    trace = program.forward({}, _in_rows(x, dtype)[None], start=start)
    return np.asarray(trace["h"]).reshape(-1)[: x.size]


def _in_rows(values: Array, dtype: str) -> Array:
    return np.resize(values.astype(dtype), (-(-values.size // UNITS), UNITS))


def start_process(program: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start Python on a program's text, with more variables in its environment."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | environment,
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def output_of(process: subprocess.Popen[str]) -> str:
    """Wait for a process that must succeed and say nothing on its error stream; return what it printed."""
    output, errors = process.communicate(timeout=200)
    assert process.returncode == 0, errors
    assert not errors
    return output
