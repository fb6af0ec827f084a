"""Compiling a run's cell before its first step, in a process of its own."""

import signal
import sys
from collections.abc import Sequence

from workbench.backends import BackendError, get_backend, resolve_backend
from workbench.cells import Cell
from workbench.errors import WorkbenchError
from workbench.lab.building import Setup
from workbench.lab.choices import GPU
from workbench.lab.experiment import dump_toml
from workbench.lab.workbook import Lease, Workbook
from workbench.lab.worker.apart import Answer, Watch, ask_apart
from workbench.lab.worker.wishes import Wishes

STOPPED = "Stopped while its cell was being compiled. Resume the run to begin it."


def get_ready(workbook: Workbook, lease: Lease, setup: Setup, wishes: Wishes) -> None:
    """Compile a run's cell unless that is done, and load what was compiled.

    The run says what it waits for. Raises BackendError where the cell cannot be compiled here, StoppedEarly, LeaseLost.
    """
    resolve_backend(setup.backend_name)  # it may have gone since the run was begun
    if setup.backend_name == GPU:
        # Its code depends on the sizes, and is compiled with the first batch.
        workbook.runs.set_status(lease.run, "starting", f"Getting the GPU ready for {setup.cell.title}.")
        return
    backend, cell, dtype = setup.backend, setup.cell, setup.experiment.dtype
    if not backend.is_compiled(cell, dtype):
        workbook.runs.set_status(lease.run, "starting", f"Compiling {cell.title}, once per cell.")
        watch = Watch(workbook, lease, wishes, STOPPED)
        answer = ask_apart(__name__, [backend.name, dtype], dump_toml(cell.values), watch)
        if answer.status:
            raise BackendError(_why(cell, answer))
        workbook.runs.set_status(lease.run, "starting")
    backend.compile_ahead(cell, dtype)


def _why(cell: Cell, answer: Answer) -> str:
    return answer.said or f"The process that compiles {cell.title} broke off (exit status {answer.status})."


def main(arguments: Sequence[str]) -> int:
    """Compile the cell whose file comes in, for a backend and a floating-point type; print what is wrong with it."""
    backend, dtype = arguments
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # half-written files are cleared away on the way out
    try:
        get_backend(backend).compile_ahead(Cell.from_text(sys.stdin.read()), dtype)
    except WorkbenchError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
