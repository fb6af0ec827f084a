"""Random numbers as a pure function of (seed, purpose, step)."""

from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

_WORD = 1 << 64


def generator(seed: int, purpose: str, step: int = 0) -> np.random.Generator:
    """Return the generator of one step of one purpose.

    Philox is counter-based (Salmon et al. 2011): any step's numbers are had without those before it.
    """
    key = np.array([seed % _WORD, crc32(purpose.encode())], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=[0, 0, step, 0]))


class Shuffled:
    """The numbers 0 .. count-1 in endless epochs, each epoch in its own order."""

    def __init__(self, seed: int, purpose: str, count: int) -> None:
        self.count = count
        self._order = lru_cache(maxsize=2)(
            lambda epoch: generator(seed, purpose, epoch).permutation(count),
        )

    def indices(self, step: int, batch: int) -> NDArray[np.int64]:
        """Return the (batch,) indices of step ``step`` when each step takes ``batch``."""
        first, end = step * batch, (step + 1) * batch
        epochs = range(first // self.count, (end - 1) // self.count + 1)
        orders = np.concatenate([self._order(epoch) for epoch in epochs])
        skip = first - epochs.start * self.count
        taken: NDArray[np.int64] = orders[skip : skip + batch]
        return taken
