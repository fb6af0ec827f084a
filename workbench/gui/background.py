"""Work off the window's thread: reading the workbook, estimating, starting runs."""

import logging
import threading
import traceback
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from workbench.errors import WorkbenchError

Answer = TypeVar("Answer")

logger = logging.getLogger(__name__)


@dataclass
class _Request:
    """What was asked. The window's side holds it until its answer is delivered, so that its end comes there too."""

    key: str
    job: Callable[[], Any]
    then: Callable[[Any], None]
    failed: Callable[[WorkbenchError], None]
    answer: Any = None
    error: Exception | None = None
    forgotten: bool = False


class Background(QObject):
    """One thread that does one job after another. Of several waiting jobs with one key, only the newest is done.

    Answers come on the window's thread. An answer to a key that was forgotten since is dropped, and so is one for a
    widget that is gone, if a method of it was to take it; an error for such a one is told to everybody.
    """

    broke = Signal(str, str)
    """A job failed in a way nobody foresaw, or for somebody who is gone: a sentence, and the details or ""."""
    _answered = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._waiting: OrderedDict[str, _Request] = OrderedDict()
        self._wake = threading.Condition()
        self._closed = False
        self._under_way: deque[_Request] = deque()
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether jobs wait, are under way, or have answers not yet delivered."""
        return bool(self._waiting) or bool(self._under_way)

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
            self._waiting[key] = _Request(key, job, then, failed)
            self._wake.notify()

    def is_pending(self, key: str) -> bool:
        """Tell whether an answer to that key is still to come."""
        with self._wake:
            return key in self._waiting or any(own.key == key and not own.forgotten for own in self._under_way)

    def forget(self, key: str) -> None:
        """Drop what was asked under a key, even if its answer is on its way."""
        with self._wake:
            self._waiting.pop(key, None)
            for request in self._under_way:
                request.forgotten |= request.key == key

    def forget_all(self) -> None:
        """Drop everything that was asked so far."""
        with self._wake:
            self._waiting.clear()
            for request in self._under_way:
                request.forgotten = True

    def close(self) -> None:
        """Finish the job under way, drop all others and end the thread."""
        with self._wake:
            self._closed = True
            self._waiting.clear()
            self._wake.notify()
        self._thread.join()
        self._under_way.clear()

    def _work(self) -> None:
        while self._work_once():
            self._answered.emit()

    def _work_once(self) -> bool:
        """Wait for a job and do it; tell whether there was one.

        Nothing of it may stay behind on this thread: the last to let go of a widget must be the window's own.
        """
        with self._wake:
            self._wake.wait_for(lambda: self._closed or self._waiting)
            if self._closed:
                return False
            _, request = self._waiting.popitem(last=False)
            self._under_way.append(request)
        try:
            request.answer = request.job()
        except Exception as error:  # noqa: BLE001 (handed on to the window's thread, none is swallowed)
            request.error = error
        return True

    def _deliver(self) -> None:
        if self._closed:
            return
        with self._wake:
            request = self._under_way.popleft()
        if request.forgotten:
            return
        error, request.error = request.error, None  # its traceback holds the request: a circle would outlive this call
        if error is None:
            if not _belongs_to_the_gone(request.then):
                request.then(request.answer)
        elif isinstance(error, WorkbenchError):
            if _belongs_to_the_gone(request.failed):
                self.broke.emit(str(error), "")
            else:
                request.failed(error)
        else:
            logger.error("background job %s", request.key, exc_info=error)
            self.broke.emit(f"Something went wrong ({request.key}): {error}", _details(error))


def _belongs_to_the_gone(method: Callable[..., None]) -> bool:
    owner = getattr(method, "__self__", None)
    return isinstance(owner, QObject) and not isValid(owner)


def _details(error: Exception) -> str:
    return "".join(traceback.format_exception(error))
