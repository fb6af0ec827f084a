"""Compiling a run's cell before its first step.

In a process of its own: a wish to stop need not wait for it, and a compiler that crashes takes nothing with it.
"""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import IO

from workbench.backends import BackendError, get_backend, resolve_backend
from workbench.cells import Cell
from workbench.errors import WorkbenchError
from workbench.lab.building import Setup
from workbench.lab.experiment import dump_toml
from workbench.lab.workbook import Lease, Workbook
from workbench.lab.worker.wishes import Wishes

LOOK_EVERY = 0.05  # seconds
PATIENCE = 5.0  # seconds that the compiler is given to tidy up when it is ended
STOPPED = "Stopped while its cell was being compiled. Resume the run to begin it."
_HIDDEN = 0
if sys.platform == "win32":
    _HIDDEN = subprocess.CREATE_NO_WINDOW


class StoppedEarly(WorkbenchError):
    """Somebody asked to stop before training began."""


def get_ready(workbook: Workbook, lease: Lease, setup: Setup, wishes: Wishes) -> None:
    """Compile a run's cell unless that is done, and load what was compiled.

    The run says what it waits for. Raises BackendError where the cell cannot be compiled here, StoppedEarly, LeaseLost.
    """
    backend, cell, dtype = setup.backend, setup.cell, setup.experiment.dtype
    resolve_backend(backend.name)  # it may have gone since the run was begun
    if not backend.is_compiled(cell, dtype):
        workbook.runs.set_status(lease.run, "starting", f"Compiling {cell.title}, once per cell.")
        _compile_apart(workbook, lease, setup, wishes)
        workbook.runs.set_status(lease.run, "starting")
    backend.compile_ahead(cell, dtype)


def _compile_apart(workbook: Workbook, lease: Lease, setup: Setup, wishes: Wishes) -> None:
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as answer:
        source.write(dump_toml(setup.cell.values).encode())
        source.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, setup.backend.name, setup.experiment.dtype],
            stdin=source,
            stdout=answer,
            creationflags=_HIDDEN,
        )
        try:
            while _goes_on(process):
                _refuse_if_unwanted(workbook, lease, wishes)
        finally:
            _end(process)
        if process.returncode:
            raise BackendError(_why(setup.cell, process.returncode, answer))


def _goes_on(process: "subprocess.Popen[bytes]") -> bool:
    try:
        process.wait(LOOK_EVERY)
    except subprocess.TimeoutExpired:
        return True
    return False


def _refuse_if_unwanted(workbook: Workbook, lease: Lease, wishes: Wishes) -> None:
    """Raise StoppedEarly or LeaseLost where nobody waits for the cell any more; other commands wait their turn."""
    wishes.refuse_if_lost()
    for command in workbook.commands.pending(lease.run):
        if command.kind == "stop":
            workbook.commands.take(command, lease.run, workbook.runs.get(lease.run).step)
            wishes.ask_to_stop()
    if wishes.stop:
        workbook.runs.set_status(lease.run, "stopping")
        raise StoppedEarly(STOPPED)


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _why(cell: Cell, status: int, answer: IO[bytes]) -> str:
    answer.seek(0)
    said = answer.read().decode(errors="replace").strip()
    return said or f"The process that compiles {cell.title} broke off (exit status {status})."


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
