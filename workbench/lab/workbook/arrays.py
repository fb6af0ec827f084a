"""Named arrays to bytes and back: safetensors, compressed. No pickle, so reading runs no code."""

import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from workbench.lab.errors import DamagedWorkbook

Arrays = dict[str, NDArray[Any]]

_LEVEL = 1  # numbers of a network hardly compress; more effort gains nothing
_LARGEST = 1 << 31  # bytes one blob may unfold to: a crafted file must not fill the memory


def pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return the arrays as compressed bytes; shapes and types are kept."""
    return zlib.compress(to_bytes(arrays), _LEVEL)


def unpack(data: bytes) -> Arrays:
    """Return what `pack` was given. Raises DamagedWorkbook when the bytes are not whole."""
    stream = zlib.decompressobj()
    try:
        raw = stream.decompress(data, _LARGEST)
    except zlib.error as error:
        raise DamagedWorkbook(f"A block of numbers in the workbook is damaged ({error}).") from error
    if not stream.eof:
        raise DamagedWorkbook("A block of numbers in the workbook is cut off or too large.")
    return from_bytes(raw)


def to_bytes(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return the arrays as plain safetensors bytes."""
    return bytes(save({name: np.asarray(array, order="C") for name, array in arrays.items()}))


def from_bytes(data: bytes) -> Arrays:
    """Return the arrays of safetensors bytes. Raises DamagedWorkbook."""
    try:
        return dict(sorted(load(data).items()))
    except (SafetensorError, ValueError, KeyError) as error:
        raise DamagedWorkbook(f"A block of numbers in the workbook is damaged ({error}).") from error


def narrow(column: NDArray[np.float64]) -> NDArray[Any]:
    """Return the column as float32 where that changes no value, else as it is."""
    with np.errstate(over="ignore", invalid="ignore"):
        small = column.astype(np.float32)
    return small if np.array_equal(small.astype(np.float64), column, equal_nan=True) else column
