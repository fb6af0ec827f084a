"""Which of a user's rows are held out: a hash of what is read decides, so that a row stays on its side."""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

_BYTES = 8
_RANGE = 2.0 ** (8 * _BYTES)


def hash_of(text: str) -> int:
    """Return the 64-bit number by which a text is put on one side, the same on every machine (BLAKE2b)."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest(), "big")


def held_out_by_hash(hashes: NDArray[np.uint64], share: float) -> NDArray[np.bool_]:
    """Return which rows are held out: about this share of them, whatever the seed, and however the file grows.

    Where all or none would be, the row nearest to the border goes to the other side.
    """
    held_out: NDArray[np.bool_] = hashes < np.uint64(min(share, 1.0 - 2.0**-53) * _RANGE)
    if len(hashes) > 1 and not held_out.any():
        held_out[hashes.argmin()] = True
    elif held_out.all():
        held_out[hashes.argmax()] = False
    return held_out
