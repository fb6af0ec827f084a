"""Arrays of numbers from a user's NPZ file; nothing in it is ever executed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any
from zipfile import BadZipFile, ZipFile, is_zipfile
from zlib import error as BrokenStream

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from workbench.sizes import readable_bytes
from workbench.tasks.base import TaskError
from workbench.tasks.support.files.reading import LARGEST, hash_of_file, open_file

_SUFFIX = ".npy"
_NUMBERS = "biuf"
"""Kinds of numbers an array may have."""
_WIDEST = 1000
"""Columns of an array that are told apart."""
_SHOWN = 12


def is_npz(path: str) -> bool:
    """Tell whether a file is an archive, as NPZ files are."""
    with open_file(path) as file:
        return file.read(2) == b"PK"


def read_arrays(path: str, columns: Sequence[str], most: int) -> tuple[NDArray[np.float64], tuple[str, ...], str]:
    """Return columns (N, D) of at most ``most`` rows, their names and the SHA-256 of the file.

    No name means the first column there is. Raises TaskError.
    """
    found = list_columns(path)
    names = tuple(columns) or tuple(found)[:1]
    if not names:
        raise TaskError(f"{path} has no array of numbers with one or two dimensions. Give one.")
    unknown = [name for name in names if name not in found]
    if unknown:
        there = ", ".join(f'"{name}"' for name in list(found)[:_SHOWN]) or "none"
        raise TaskError(f'{path} has no column "{unknown[0]}"; the columns of numbers are {there}. Choose one of them.')
    rows = {found[name].rows for name in names}
    if len(rows) > 1:
        raise TaskError(
            f"The columns {', '.join(names)} of {path} have different lengths. Choose columns of one length."
        )
    if (count := rows.pop()) > most:
        raise TaskError(f"{path} has {count:,} rows; at most {most:,} are read. Give a part of it.")
    if not count:
        raise TaskError(f"The columns {', '.join(names)} of {path} are empty. Choose others.")
    numbers = np.empty((count, len(names)))
    for place, name in enumerate(names):
        numbers[:, place] = _numbers(path, found[name], count)
    _refuse_unfit(path, names, numbers)
    return numbers, names, hash_of_file(path)


def read_heads(path: str, most: int) -> dict[str, NDArray[np.float64]]:
    """Return the first numbers of each column, at most so many. Raises TaskError."""
    return {name: _numbers(path, column, min(most, column.rows)) for name, column in list_columns(path).items()}


@dataclass(frozen=True)
class ArrayColumn:
    """A column of numbers: an array of one dimension, or one ``column`` of an array of two."""

    array: str
    rows: int
    column: int | None = None


def list_columns(path: str) -> dict[str, ArrayColumn]:
    """Return the columns of numbers that a file has. Raises TaskError."""
    found: dict[str, ArrayColumn] = {}
    refused: list[str] = []
    for name, (shape, kind) in _headers(path).items():
        if kind.hasobject:
            refused.append(name)
        elif kind.kind in _NUMBERS and len(shape) == 1:
            found[name] = ArrayColumn(name, shape[0])
        elif kind.kind in _NUMBERS and len(shape) == 2:
            found |= {f"{name}.{place}": ArrayColumn(name, shape[0], place) for place in range(min(shape[1], _WIDEST))}
    if refused and not found:
        raise TaskError(
            f'The array "{refused[0]}" of {path} holds pickled objects, which could run code: they are never loaded. '
            "Save it as numbers."
        )
    return found


def _headers(path: str) -> "Mapping[str, tuple[tuple[int, ...], np.dtype[Any]]]":
    with open_file(path) as file, _damage(path):
        if not is_zipfile(file):
            raise BadZipFile("its end is missing")
        archive = ZipFile(file)
        return {
            info.filename.removesuffix(_SUFFIX): _header(archive, info.filename)
            for info in archive.infolist()
            if info.filename.endswith(_SUFFIX)
        }


def _header(archive: ZipFile, member: str) -> "tuple[tuple[int, ...], np.dtype[Any]]":
    with archive.open(member) as file:
        shape, _, kind = _read_header(file)
    if (size := int(np.prod(shape, dtype=object)) * kind.itemsize) > LARGEST:
        raise TaskError(
            f'The array "{member.removesuffix(_SUFFIX)}" has {readable_bytes(size)}; the limit is '
            f"{readable_bytes(LARGEST)}. Give a part of it."
        )
    return shape, kind


def _read_header(file: IO[bytes]) -> "tuple[tuple[int, ...], bool, np.dtype[Any]]":
    """Return shape, whether columns stand one after another, and type."""
    read = npy.read_array_header_1_0 if npy.read_magic(file) == (1, 0) else npy.read_array_header_2_0
    return read(file)


def _numbers(path: str, column: ArrayColumn, rows: int) -> NDArray[np.float64]:
    """Return the first rows of a column; where they come first in the file, no more of it is read."""
    with (
        open_file(path) as file,
        _damage(path),
        ZipFile(file) as archive,
        archive.open(column.array + _SUFFIX) as member,
    ):
        shape, by_columns, kind = _read_header(member)
        shape = shape[::-1] if by_columns and len(shape) == 2 else (rows, *shape[1:])
        count = int(np.prod(shape))
        data = member.read(count * kind.itemsize)
        if len(data) < count * kind.itemsize:
            raise EOFError(f'its array "{column.array}" is cut off')
        array = np.frombuffer(data, kind, count).reshape(shape)
        array = array.T if by_columns else array
        return np.asarray(array[:rows] if column.column is None else array[:rows, column.column], dtype=np.float64)


def _refuse_unfit(path: str, names: Sequence[str], numbers: NDArray[np.float64]) -> None:
    missing = np.isnan(numbers)
    if missing.any():
        row, column = np.argwhere(missing)[0]
        raise TaskError(
            f'{path}, row {row + 1:,}, column "{names[column]}", has no value ({int(missing.sum()):,} of '
            f"{numbers.size:,} values are missing). Fill them or remove the rows."
        )
    if np.isinf(numbers).any():
        row, column = np.argwhere(np.isinf(numbers))[0]
        raise TaskError(
            f'{path}, row {row + 1:,}, column "{names[column]}", is infinite. Remove the row or put a number there.'
        )


@contextmanager
def _damage(path: str) -> Iterator[None]:
    try:
        yield
    except (
        BadZipFile,
        BrokenStream,
        EOFError,
        KeyError,
        ValueError,
        OverflowError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise TaskError(
            f"The file {path} is damaged, or no NPZ file: {error}. Save it anew, or give another."
        ) from error
