"""How a run ends that did not come to its end: with what status, with which words, and with what was saved of it."""

import sys
import traceback
from contextlib import suppress

from workbench.backends.cupy.failures import Failure, explain
from workbench.errors import WorkbenchError
from workbench.lab.building import Setup
from workbench.lab.errors import NoRoom, WorkbookBusy
from workbench.lab.workbook import RunRecord, Status, Workbook
from workbench.lab.worker.course import Course
from workbench.sizes import readable_bytes

_LOWER = "Lower batch, hidden or layers, shorten the task, or set truncate or checkpoint_every."


def end(workbook: Workbook, record: RunRecord, status: Status, sentence: str, details: str = "") -> None:
    """Leave a run with a status, and its sentence in its log."""
    with suppress(NoRoom, WorkbookBusy), workbook.together():
        step = workbook.runs.get(record.id).step
        workbook.messages.append(
            record.id, "error" if status == "failed" else "warning", sentence, step=step, details=details
        )
        workbook.runs.set_status(record.id, status, sentence)


def fail(workbook: Workbook, record: RunRecord, course: Course | None, sentence: str) -> None:
    """Keep what there is of a failed run: its numbers, its last good state, its log."""
    details = traceback.format_exc()
    print(sentence, file=sys.stderr)
    if course is not None:
        _rescue(course)
    end(workbook, record, "failed", sentence, details)


def lose(workbook: Workbook, record: RunRecord, failure: Failure) -> None:
    """Leave a run whose device is gone as it was at its last checkpoint: nothing can be asked of a device that is."""
    details = traceback.format_exc()
    sentence = f"{failure.sentence} Once it works again, resume the run: it goes on from its last checkpoint."
    print(sentence, file=sys.stderr)
    end(workbook, record, "interrupted", sentence, details)


def sentence_of(error: BaseException, setup: Setup | None) -> str:
    """Return what went wrong, as a person reads it."""
    failure = explain(error)
    if isinstance(error, WorkbenchError):
        return str(error)
    if failure is not None and failure.kind == "memory":
        return _out_of_device_memory(failure, setup)
    if failure is not None:
        return f"{failure.sentence} To see what the GPU lacks: rnn-workbench devices."
    if isinstance(error, MemoryError):
        return f"The memory ran out. {_LOWER}"
    return f"The program itself failed ({type(error).__name__}: {error}). The log has the details."


def _out_of_device_memory(failure: Failure, setup: Setup | None) -> str:
    needs = f" The whole training needs about {readable_bytes(setup.requirements.memory)}." if setup else ""
    return f"{failure.sentence}{needs} {_LOWER} Programs that also use the GPU take from its memory: see nvidia-smi."


def _rescue(course: Course) -> None:
    """Keep what can be kept; the first error is the one to tell."""
    try:
        course.rescue()
    except (WorkbenchError, MemoryError):
        return
    except Exception as error:
        if explain(error) is None:
            raise
