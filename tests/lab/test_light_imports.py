"""Who only reads, steers and asks after runs loads nothing that trains: the window opens sooner."""

import subprocess
import sys

import pytest

LOADED = "import sys, {module}; print(*(name for name in sys.modules if name.startswith({prefixes})))"
HEAVY = ("workbench.backends", "workbench.training.network", "scipy", "matplotlib", "numba", "torch", "cupy")


@pytest.mark.parametrize(
    "module",
    ["workbench.lab.running", "workbench.lab.estimate", "workbench.training.words", "workbench.lab.workbook"],
)
def test_reading_and_steering_load_no_part_of_training(module: str) -> None:
    program = LOADED.format(module=module, prefixes=HEAVY)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == []
