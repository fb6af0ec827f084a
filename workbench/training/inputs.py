"""What the first layer sees: real vectors, one-hot symbols or embedded ones, over a window of recent steps.

A window of k shows the newest input first, then the k - 1 before it; before the start there is nothing:
zeros, or no active symbol (-1). The last k - 1 inputs travel on with the states, so that a stream cut in
batches or pieces sees the same windows as one that is not.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from workbench.backends import Backend
from workbench.tasks import Real, Symbols
from workbench.training.arrays import Array

NOTHING = -1


@dataclass(frozen=True)
class Encoded:
    """Inputs as the first layer takes them, ``x``, and as they came with the k - 1 before them, ``seen``."""

    x: Array
    seen: Array


class Encoding(ABC):
    """Turns a batch's inputs into the first layer's; ``width`` is the number of columns of its matrices."""

    width: int
    has_parameters = False

    def __init__(self, backend: Backend, window: int, dtype: str) -> None:
        self.backend, self.window, self.dtype = backend, window, dtype

    @abstractmethod
    def encode(self, inputs: Array, before: Array | None) -> Encoded:
        """Return inputs (T, B) or (T, B, D) encoded; ``before`` are the k - 1 inputs that preceded them."""

    def recent(self, encoded: Encoded) -> Array | None:
        """Return the last k - 1 inputs, for the next call's ``before``; None for a window of 1."""
        return encoded.seen[1 - self.window :].copy() if self.window > 1 else None

    def _after(self, before: Array | None, inputs: Array, nothing: float) -> Array:
        """Return the inputs with the k - 1 before them in front, (k - 1 + T, ...)."""
        if self.window == 1:
            return inputs
        if before is None:
            shape = (self.window - 1, *inputs.shape[1:])
            before = self.backend.xp.full(shape, nothing, dtype=inputs.dtype)
        return self.backend.xp.concatenate([before, inputs])

    def _lags(self, seen: Array) -> list[Array]:
        """Return the inputs of each lag, newest first, each (T, ...)."""
        steps = len(seen) - self.window + 1
        return [seen[self.window - 1 - lag :][:steps] for lag in range(self.window)]


class RealInputs(Encoding):
    """Vectors of D real numbers; a window lays k of them side by side."""

    def __init__(self, backend: Backend, size: int, window: int, dtype: str) -> None:
        super().__init__(backend, window, dtype)
        self.width = size * window

    def encode(self, inputs: Array, before: Array | None) -> Encoded:
        """Return (T, B, k * D)."""
        seen = self._after(before, self.backend.asarray(inputs, self.dtype), 0.0)
        if self.window == 1:
            return Encoded(seen, seen)
        return Encoded(self.backend.xp.concatenate(self._lags(seen), axis=2), seen)


class OneHotInputs(Encoding):
    """Symbols as unit vectors, of which only the index is kept; lag j has the units from j * V on."""

    def __init__(self, backend: Backend, symbols: int, window: int, dtype: str) -> None:
        super().__init__(backend, window, dtype)
        self.symbols = symbols
        self.width = symbols * window

    def encode(self, inputs: Array, before: Array | None) -> Encoded:
        """Return the indices of active units, (T, B), or (T, B, k) with a window."""
        seen = self._after(before, self.backend.asarray(inputs), NOTHING)
        if self.window == 1:
            return Encoded(seen, seen)
        xp = self.backend.xp
        units = [
            xp.where(symbols == NOTHING, NOTHING, symbols + lag * self.symbols)
            for lag, symbols in enumerate(self._lags(seen))
        ]
        return Encoded(xp.stack(units, axis=2), seen)


class EmbeddedInputs(Encoding):
    """Symbols as learnt vectors, the rows of ``table`` (V, E); a window lays k of them side by side."""

    has_parameters = True

    def __init__(self, backend: Backend, table: Array, window: int, dtype: str) -> None:
        super().__init__(backend, window, dtype)
        self.table = table
        self.size = table.shape[1]
        self.width = self.size * window

    def encode(self, inputs: Array, before: Array | None) -> Encoded:
        """Return (T, B, k * E)."""
        seen = self._after(before, self.backend.asarray(inputs), NOTHING)
        vectors = self.table[seen]
        if self.window == 1:
            return Encoded(vectors, seen)
        self._clear_nothing(vectors, seen)
        return Encoded(self.backend.xp.concatenate(self._lags(vectors), axis=2), seen)

    def _clear_nothing(self, vectors: Array, seen: Array) -> None:
        """Set the vectors (T, B, E) of no symbol to zero."""
        self.backend.xp.copyto(vectors, 0.0, where=(seen == NOTHING)[:, :, None])

    def add_gradient(self, encoded: Encoded, gradient: Array, table_gradient: Array) -> None:
        """Add to ``table_gradient`` (V, E) what ``gradient`` (T, B, k * E) of the encoded inputs gives."""
        xp = self.backend.xp
        if self.window == 1:
            vectors = gradient
        else:
            vectors = xp.zeros((*encoded.seen.shape, self.size), dtype=gradient.dtype)
            for lag, part in enumerate(self._lags(vectors)):
                part += gradient[:, :, lag * self.size : (lag + 1) * self.size]
            self._clear_nothing(vectors, encoded.seen)
        indices = xp.maximum(encoded.seen, 0).reshape(-1)
        self.backend.add_rows(table_gradient, indices, vectors.reshape(-1, self.size))


def create_encoding(
    backend: Backend, inputs: Real | Symbols, *, window: int, table: Array | None, dtype: str
) -> Encoding:
    """Return the encoding of a task's inputs; ``table`` (V, E) embeds symbols, None leaves them one-hot."""
    if isinstance(inputs, Real):
        return RealInputs(backend, inputs.size, window, dtype)
    if table is None:
        return OneHotInputs(backend, inputs.size, window, dtype)
    return EmbeddedInputs(backend, table, window, dtype)
