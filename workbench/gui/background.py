"""Work off the window's thread: reading the workbook, estimating, starting runs."""

import logging
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from workbench.errors import WorkbenchError

Answer = TypeVar("Answer")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Request:
    key: str
    number: int
    job: Callable[[], Any]
    then: Callable[[Any], None]
    failed: Callable[[WorkbenchError], None]


class Background(QObject):
    """One thread that does one job after another. Of several waiting jobs with one key, only the newest is done.

    Answers come on the window's thread. An answer to a key that was forgotten since is dropped.
    """

    broke = Signal(str, str)
    """A job failed in a way nobody foresaw: a sentence, and the details."""
    _answered = Signal(object, object, object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._waiting: OrderedDict[str, _Request] = OrderedDict()
        self._wake = threading.Condition()
        self._closed = False
        self._number = 0
        self._forgotten: dict[str, int] = {}
        self._under_way = 0
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether jobs wait, are under way, or have answers not yet delivered."""
        return bool(self._waiting) or self._under_way > 0

    def ask(
        self,
        key: str,
        job: Callable[[], Answer],
        then: Callable[[Answer], None],
        failed: Callable[[WorkbenchError], None],
    ) -> None:
        """Do a job and hand its answer to ``then``, or the error that it raised to ``failed``."""
        with self._wake:
            if self._closed:
                return
            self._number += 1
            self._waiting[key] = _Request(key, self._number, job, then, failed)
            self._wake.notify()

    def is_waiting(self, key: str) -> bool:
        """Tell whether a job of that key still waits for its turn."""
        return key in self._waiting

    def forget(self, key: str) -> None:
        """Drop what was asked under a key, even if its answer is on its way."""
        with self._wake:
            self._waiting.pop(key, None)
            self._forgotten[key] = self._number

    def close(self) -> None:
        """Finish the job under way, drop all others and end the thread."""
        with self._wake:
            self._closed = True
            self._waiting.clear()
            self._wake.notify()
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._closed or self._waiting)
                if self._closed:
                    return
                _, request = self._waiting.popitem(last=False)
                self._under_way += 1
            answer, error = None, None
            try:
                answer = request.job()
            except Exception as raised:  # noqa: BLE001 (handed on to the window's thread, none is swallowed)
                error = raised
            self._answered.emit(request, answer, error)
            # The window's thread alone may let go of widgets: none may hang on to the thread that waits.
            del request, answer, error

    def _deliver(self, request: _Request, answer: object, error: Exception | None) -> None:
        self._under_way -= 1
        if self._closed or request.number <= self._forgotten.get(request.key, 0):
            return
        if error is None:
            request.then(answer)
        elif isinstance(error, WorkbenchError):
            request.failed(error)
        else:
            logger.error("background job %s", request.key, exc_info=error)
            self.broke.emit(f"Something went wrong ({request.key}): {error}", _details(error))


def _details(error: Exception) -> str:
    return "".join(traceback.format_exception(error))
