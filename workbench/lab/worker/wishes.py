"""What is asked of a worker: by signals at once, by commands in the workbook a few times a second."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self

from workbench.lab.errors import LeaseLost

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP") if hasattr(signal, name))


class Wishes:
    """Whether to stop, to pause, or to take one step; signals ask to stop while the block lasts."""

    def __init__(self) -> None:
        self._wake = threading.Event()
        self.stop = False
        self.paused = False
        self.single_step = False
        self.lost: LeaseLost | None = None
        self._handlers: dict[int, Any] = {}

    def ask_to_stop(self) -> None:
        """End in good order as soon as the step at hand is done."""
        self.stop = True
        self._wake.set()

    def report_loss(self, error: LeaseLost) -> None:
        """Let the main thread know that the run belongs to another process now."""
        self.lost = error
        self._wake.set()

    def refuse_if_lost(self) -> None:
        """Raise LeaseLost if another process has taken the run over."""
        if self.lost is not None:
            raise self.lost

    def wait(self, seconds: float) -> None:
        """Rest for a while, or until a signal comes."""
        self._wake.wait(seconds)

    def __enter__(self) -> Self:
        for number in _SIGNALS:
            self._handlers[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.ask_to_stop()
