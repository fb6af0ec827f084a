"""Entry of a worker: sees that it runs in the right environment, then trains."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.lab.running import WORKER, environment_of
from workbench.lab.workbook import Lease, Workbook
from workbench.lab.worker.sitting import CHECKPOINT_EVERY, StartAnew, train_run

REFUSED = 2


def main(arguments: list[str]) -> int:
    """Train a run until it is finished or stopped; return the exit status."""
    parser = argparse.ArgumentParser(prog=f"python -m {WORKER}", description="Train one run of a workbook.")
    parser.add_argument("workbook", type=Path, help="the workbook's file")
    parser.add_argument("run", type=int, help="the run's number")
    parser.add_argument(
        "--checkpoint-every", type=float, default=CHECKPOINT_EVERY, metavar="SECONDS", help="time between checkpoints"
    )
    parser.add_argument("--lease", metavar="HOLDER", help="the lease that was taken for this process")
    options = parser.parse_args(arguments)
    lease = Lease(options.run, options.lease) if options.lease else None
    try:
        wanted = _environment(options.workbook, options.run)
        if any(os.environ.get(name) != value for name, value in wanted.items() if name.endswith("_THREADS")):
            return _start_anew(wanted, arguments)  # thread counts are read on loading
        return train_run(options.workbook, options.run, lease=lease, checkpoint_every=options.checkpoint_every)
    except StartAnew as again:
        own = [str(options.workbook), str(options.run), "--checkpoint-every", str(options.checkpoint_every)]
        return _start_anew(_environment(options.workbook, options.run), [*own, "--lease", again.lease.holder])
    except WorkbenchError as error:
        print(error, file=sys.stderr)
        return REFUSED


def _environment(path: Path, run: int) -> dict[str, str]:
    with Workbook(path) as workbook:
        return environment_of(workbook.runs.get(run))


def _start_anew(environment: dict[str, str], arguments: list[str]) -> int:
    """Let this process begin again in another environment."""
    command = [sys.executable, "-m", WORKER, *arguments]
    if sys.platform != "win32":  # there, whoever waits for us would take the exchange for our end
        os.execve(sys.executable, command, environment)
    return subprocess.call(command, env=environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
