"""Batches drawn ahead, while programs run, and brought to them many at a time."""

from collections import deque
from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from workbench.backends import Backend
from workbench.errors import WorkbenchError
from workbench.training.prepared import PreparedBatch
from workbench.training.transport import send

STAGED = 16 << 20
"""Bytes of batches that are brought over together, unless one alone has more."""

Draw = Callable[[int], PreparedBatch]
"""From a step, from 0, to the batch that it learns from, on the host; a pure function."""


class Staging:
    """The batches of the coming steps: those of a stage lie where the programs run, later ones wait on the host."""

    def __init__(self, backend: Backend, draw: Draw) -> None:
        self._backend, self._draw = backend, draw
        self._first = 0
        self._waiting: deque[PreparedBatch] = deque()
        self._bytes = 0

    def take(self, step: int, count: int) -> list[PreparedBatch]:
        """Return the batches of ``step`` and after, where the programs run: ``count``, or what one stage holds."""
        self._go_to(step)
        if not self._waiting:
            self._enter(self._draw(step))
        while len(self._waiting) < count and self.draw_ahead():
            pass
        taken = [self._leave() for _ in range(min(count, len(self._waiting)))]
        arrays: list[NDArray[Any]] = []
        for batch in taken:
            batch.moved(lambda array: arrays.append(array))
        sent = iter(send(self._backend, arrays))
        return [batch.moved(lambda _: next(sent)) for batch in taken]

    def draw_ahead(self) -> bool:
        """Draw one more batch to wait on the host; False where a stage is full, or a batch cannot be had."""
        if self._bytes >= STAGED:
            return False
        try:
            self._enter(self._draw(self._first + len(self._waiting)))
        except WorkbenchError:  # it is drawn again, and its error told, once its own step has come
            return False
        return True

    def _go_to(self, step: int) -> None:
        """Let go of what waits for other steps."""
        while self._waiting and self._first < step:
            self._leave()
        if self._first != step:
            self._waiting.clear()
            self._first, self._bytes = step, 0

    def _enter(self, batch: PreparedBatch) -> None:
        self._waiting.append(batch)
        self._bytes += size_of(batch)

    def _leave(self) -> PreparedBatch:
        batch = self._waiting.popleft()
        self._first += 1
        self._bytes -= size_of(batch)
        return batch


def size_of(batch: PreparedBatch) -> int:
    """Return the bytes of a batch's arrays on the host."""
    sizes: list[int] = []
    batch.moved(lambda array: sizes.append(array.nbytes))
    return sum(sizes)
