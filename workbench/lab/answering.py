"""The process that reads a user's file for the window: ``python -m workbench.lab.answering``.

A question's header is ``{"question": name, ...}``, an answer's ``{"answer": ...}`` or ``{"error": ...}``; see
``workbench.lab.apart``, which asks. The task of the last question is kept for the next ones, for a minute.
"""

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError
from workbench.lab.building import prepare
from workbench.lab.describing import Description, TaskShape, describe, shape_of
from workbench.lab.errors import LabError
from workbench.lab.estimate import Outlook, outlook_of
from workbench.lab.experiment import Experiment
from workbench.lab.own_data import file_of
from workbench.lab.running import add_run
from workbench.lab.serving import serve
from workbench.lab.told import error_to_plain
from workbench.lab.wire import from_plain, to_plain
from workbench.lab.workbook import RunRecord, open_workbook
from workbench.tasks import Task, TaskError
from workbench.tasks.support.files.look import FileLook, look_at_file

_KEPT_FOR = 60.0  # seconds


class Answers:
    """Answers questions, each by the method of its name."""

    def __init__(self) -> None:
        self._kept: tuple[object, Task | TaskError] | None = None
        self._lock = threading.Lock()
        self._forgetting: threading.Timer | None = None
        self._asked = 0

    def answer(self, header: dict[str, Any], payload: bytes) -> tuple[dict[str, Any], bytes]:
        """Return the answer to a question, or the error that it raised."""
        ways: dict[str, Callable[..., Any]] = {
            "look": self.look,
            "check": self.check,
            "describe": self.describe,
            "shape": self.shape,
            "needs": self.needs,
            "start": self.start,
        }
        question = {name: value for name, value in header.items() if name != "question"}
        self._asked += 1
        if self._forgetting is not None:
            self._forgetting.cancel()
        try:
            with self._lock:
                return {"answer": to_plain(ways[header["question"]](**question), bytearray())}, b""
        except WorkbenchError as error:
            return {"error": error_to_plain(error)}, b""
        except MemoryError:
            memory = LabError("The memory ran out while the file was read. Give a part of it.")
            return {"error": error_to_plain(memory)}, b""
        except Exception as error:  # noqa: BLE001 - the sentence goes to the person, and the next question may be fine
            unforeseen = LabError(f"The file could not be read ({type(error).__name__}: {error}).")
            return {"error": error_to_plain(unforeseen)}, b""
        finally:
            self._forget_later()

    def look(self, path: str, encoding: str, delimiter: str) -> FileLook:
        """Return what the beginning of a file shows."""
        return look_at_file(path, encoding=encoding, delimiter=delimiter)

    def check(self, experiment: str) -> None:
        """Raise where the task cannot be built, or gives no such batch."""
        wanted = Experiment.from_json(experiment)
        self._task_of(wanted).training_batch(0, wanted.batch)

    def describe(self, experiment: str, count: int) -> Description:
        """Return examples of the task."""
        return describe(self._task_of(Experiment.from_json(experiment)), count)

    def shape(self, experiment: str) -> TaskShape:
        """Return the sizes of the task."""
        return shape_of(self._task_of(Experiment.from_json(experiment)))

    def needs(self, experiment: str, records: list[Any]) -> Outlook:
        """Return what the experiment will need."""
        wanted = Experiment.from_json(experiment)
        runs = [from_plain(RunRecord, record, b"") for record in records]
        return outlook_of(prepare(wanted, task=self._task_of(wanted)), runs)

    def start(self, workbook: str, experiment: str) -> int:
        """Add a run of the experiment to a workbook."""
        wanted = Experiment.from_json(experiment)
        setup = prepare(wanted, task=self._task_of(wanted))
        with open_workbook(Path(workbook)) as opened:
            return add_run(opened, setup)

    def _task_of(self, experiment: Experiment) -> Task:
        """Return the experiment's task, the one built last where neither its settings nor its file have changed.

        What was refused is not read again either. Raises TaskError.
        """
        key = (experiment.task.model_dump_json(), experiment.seed, _state_of(file_of(experiment.task)))
        if self._kept is None or self._kept[0] != key:
            self._kept = None  # two large files at once may be too much
            try:
                self._kept = key, experiment.task.build(experiment.seed)
            except TaskError as refusal:
                self._kept = key, refusal.with_traceback(None)
        found = self._kept[1]
        if isinstance(found, TaskError):
            raise found
        return found

    def _forget_later(self) -> None:
        self._forgetting = threading.Timer(_KEPT_FOR, self._forget, (self._asked,))
        self._forgetting.daemon = True
        self._forgetting.start()

    def _forget(self, asked: int) -> None:
        with self._lock:
            if asked == self._asked:  # else another question came in between
                self._kept = None


def _state_of(path: str) -> tuple[int, int] | None:
    """Return when a file was last changed and its size, None where it cannot be looked at."""
    try:
        entry = Path(path).stat()
    except (OSError, ValueError):
        return None
    return entry.st_mtime_ns, entry.st_size


if __name__ == "__main__":
    serve(Answers().answer)
    sys.exit(0)
