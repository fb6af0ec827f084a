"""Arrays on their way between the host and where the programs run: many together, in one copy for each type."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from workbench.backends import Backend
from workbench.training.arrays import Array

Key = TypeVar("Key")

ALIGNMENT = 512
"""Bytes. Each array begins where one that a device allocates by itself would."""


def send(backend: Backend, arrays: Sequence[NDArray[Any]]) -> list[Array]:
    """Return host arrays on the backend, in order."""
    sent: dict[int, Array] = {}
    for places in _by_type(dict(enumerate(arrays))).values():
        item = arrays[places[0]].dtype.itemsize
        ends = list(accumulate(-(-arrays[place].nbytes // ALIGNMENT) * ALIGNMENT // item for place in places))
        packed = np.zeros(ends[-1], arrays[places[0]].dtype)
        starts = [0, *ends[:-1]]
        for place, start in zip(places, starts, strict=True):
            packed[start : start + arrays[place].size] = arrays[place].reshape(-1)
        moved = backend.asarray(packed)
        for place, start in zip(places, starts, strict=True):
            array = arrays[place]
            sent[place] = moved[start : start + array.size].reshape(array.shape)
    return [sent[place] for place in range(len(arrays))]


def bring_home(backend: Backend, arrays: Mapping[str, Array]) -> dict[str, NDArray[Any]]:
    """Return copies of the backend's arrays on the host, under the same names."""
    home: dict[str, NDArray[Any]] = {}
    for names in _by_type(arrays).values():
        packed = backend.to_host(backend.xp.concatenate([arrays[name].reshape(-1) for name in names]))
        start = 0
        for name in names:
            home[name] = packed[start : start + arrays[name].size].reshape(arrays[name].shape)
            start += arrays[name].size
    return {name: home[name] for name in arrays}


def _by_type(arrays: Mapping[Key, Array]) -> dict[Any, list[Key]]:
    """Return the names of arrays by the type of their numbers."""
    found: dict[Any, list[Key]] = {}
    for name, array in arrays.items():
        found.setdefault(array.dtype, []).append(name)
    return found
