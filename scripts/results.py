"""Measure the known results: ``python3 scripts/results.py``.

Trains a grid of cells and tasks, keeps each run in a workbook and writes a table of ours beside published beside
baseline. Interrupted, it goes on where it was. ``--only NAME`` measures some sections, ``--long`` the published sizes.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from steps.supported_python import require_supported


def measure_in_environment() -> int:
    """Measure with the packages of the program."""
    from steps.environment import SetupError, ensure
    from steps.launching import INSTALL, PROGRAM

    try:
        ensure(PROGRAM, [INSTALL])
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    variables = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent)}
    command = [str(PROGRAM.python), "-m", "known_results", *sys.argv[1:]]
    process = subprocess.Popen(command, env=variables)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the process too, which stops its runs first
    return process.wait()


if __name__ == "__main__":
    require_supported()
    sys.exit(measure_in_environment())
