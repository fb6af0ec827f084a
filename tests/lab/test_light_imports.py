"""Who only reads, steers and asks after runs loads nothing that trains: the window opens sooner."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TRAINING = ("workbench.backends", "workbench.training.network")
HEAVY = ("cupy", "llvmlite", "matplotlib", "numba", "pyarrow", "scipy", "torch")


@pytest.mark.parametrize(
    "module",
    [
        "workbench.lab.running",
        "workbench.lab.estimate",
        "workbench.lab.asking",
        "workbench.training.words",
        "workbench.lab.workbook",
        "workbench.tasks.support.files.look",
        "workbench.tasks; workbench.tasks.task_types()",
    ],
)
def test_reading_and_steering_load_no_part_of_training(module: str) -> None:
    assert loaded(f"import {module}", (*TRAINING, *HEAVY)) == []


def test_starting_a_run_of_compiled_code_loads_no_compiler(path: Path) -> None:
    program = f"""
from pathlib import Path
from tests.lab.support import small_experiment
from workbench.lab.estimate import describe_needs
from workbench.lab.running import start_in_file
experiment = small_experiment(backend="numba")
start_in_file(Path({str(path)!r}), experiment)[0].close()
assert describe_needs(experiment).backend == "numba"
"""
    assert loaded(program, HEAVY) == []


def loaded(program: str, prefixes: tuple[str, ...]) -> list[str]:
    """Return the modules that a program has loaded, as far as their names begin so."""
    listing = f"import sys; print(*(name for name in sys.modules if name.startswith({prefixes})))"
    command, root = [sys.executable, "-c", f"{program}\n{listing}"], str(Path(__file__).resolve().parents[2])
    environment = os.environ | {"PYTHONPATH": root}
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env=environment)
    return done.stdout.split()
