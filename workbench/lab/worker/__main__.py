"""Entry of a worker: sees that it runs in the right environment, then trains."""

import argparse
import os
import sys
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.lab.running import WORKER, threads_of, worker_environment
from workbench.lab.workbook import Lease, Workbook
from workbench.lab.worker.sitting import CHECKPOINT_EVERY, train_run

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
    try:
        _enter_environment(options.workbook, options.run, arguments)
        lease = Lease(options.run, options.lease) if options.lease else None
        return train_run(options.workbook, options.run, lease=lease, checkpoint_every=options.checkpoint_every)
    except WorkbenchError as error:
        print(error, file=sys.stderr)
        return REFUSED


def _enter_environment(path: Path, run: int, arguments: list[str]) -> None:
    """Start this process anew if it was not given the thread counts of the run: they are read on loading."""
    with Workbook(path) as workbook:
        wanted = worker_environment(threads_of(workbook.runs.get(run)))
    if any(os.environ.get(name) != value for name, value in wanted.items() if name.endswith("_THREADS")):
        os.execve(sys.executable, [sys.executable, "-m", WORKER, *arguments], wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
