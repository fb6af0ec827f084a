"""Set up the workbench and measure it: ``python3 scripts/bench.py``.

Names of sections (as ``engine typed``) measure these alone; ``--json FILE`` keeps the figures. Other libraries are
measured from an environment of their own, which the sections that need it make.
"""

import os
import subprocess
import sys
from pathlib import Path

from steps.supported_python import require_supported

# These hold a library to older or smaller kernels; on a user's machine they are unset.
PINNED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def measure_in_environment() -> int:
    """Measure with the packages that the checks use, torch among them where there is a build."""
    from steps.checking import set_up
    from steps.launching import PROGRAM

    set_up()
    variables = {name: value for name, value in os.environ.items() if name not in PINNED}
    variables["PYTHONPATH"] = str(Path(__file__).resolve().parent)
    command = [str(PROGRAM.python), "-m", "benchmarks", *sys.argv[1:]]
    return subprocess.run(command, env=variables, check=False).returncode


if __name__ == "__main__":
    require_supported()
    sys.exit(measure_in_environment())
