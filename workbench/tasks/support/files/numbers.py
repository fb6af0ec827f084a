"""Columns of a table as numbers: what is none, missing or infinite gets a sentence with its row."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import TaskError

if TYPE_CHECKING:
    import pyarrow as pa

MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "-", "?"))
"""Texts, in small letters, that stand for no value."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
_NUMBER_OR_INFINITE = re.compile(rf"{_NUMBER.pattern}|[+-]?inf(inity)?", re.IGNORECASE | re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
_SHOWN = 40


def is_number(text: str, comma: bool) -> bool:
    """Tell whether a text is a number, or stands for a missing one; ``comma``: it may have a decimal comma."""
    text = text.strip()
    if text.lower() in MISSING or _NUMBER.fullmatch(text):
        return True
    return comma and bool(_DECIMAL_COMMA.fullmatch(text))


def is_numeric(kind: "pa.DataType") -> bool:
    """Tell whether a column of this type holds numbers."""
    import pyarrow as pa

    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


class NumberColumns:
    """Collects batches of columns, texts or numbers, as float64; ``comma``: texts may have decimal commas."""

    def __init__(self, path: str, names: Sequence[str], first_row: int, *, comma: bool) -> None:
        self._path, self._names, self._comma = path, tuple(names), comma
        self._first = self._row = first_row
        self._mark = ""  # what stands before decimals, as far as any did
        self._batches: list[NDArray[np.float64]] = []
        self._missing = 0
        self._first_missing = ""

    def add(self, batch: "Sequence[pa.Array]") -> None:
        """Take the next rows. Raises TaskError for what is no finite number; missing ones are counted."""
        columns = [self._convert(column, name) for column, name in zip(batch, self._names, strict=True)]
        self._batches.append(np.stack(columns, axis=1))
        self._row += len(columns[0])

    def numbers(self) -> NDArray[np.float64]:
        """Return all rows (N, D). Raises TaskError where values are missing."""
        rows = self._row - self._first
        if self._missing:
            raise TaskError(
                f"{self._path}, {self._first_missing}, has no value ({self._missing:,} of {rows * len(self._names):,} "
                "values are missing). Fill them or remove the rows."
            )
        return np.concatenate(self._batches)

    def _convert(self, column: "pa.Array", name: str) -> NDArray[np.float64]:
        import pyarrow as pa

        kind = column.type
        if isinstance(column, pa.DictionaryArray):
            column, kind = column.dictionary_decode(), column.type.value_type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            numbers, missing = self._read_texts(column, name)
        elif is_numeric(kind):
            numbers = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
            missing = np.isnan(numbers)
        else:
            raise TaskError(f'{self._path}, column "{name}", holds {kind}, not numbers. Choose another column.')
        if missing.any():
            self._missing += int(missing.sum())
            self._first_missing = self._first_missing or self._place(int(missing.argmax()), name)
        infinite = np.isinf(numbers)
        if infinite.any():
            raise TaskError(
                f"{self._path}, {self._place(int(infinite.argmax()), name)}, is infinite. Remove the row or put a "
                "number there."
            )
        return numbers

    def _read_texts(self, column: "pa.Array", name: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return numbers, NaN where they are missing, and where that is."""
        import pyarrow as pa
        import pyarrow.compute as compute

        texts = compute.utf8_trim_whitespace(column)
        if self._comma:
            texts = self._with_points(texts, name)
        try:
            numbers = texts.cast(pa.float64()).to_numpy(zero_copy_only=False)
        except pa.ArrowInvalid:
            return self._read_one_by_one(texts.to_pylist(), name)
        return numbers, np.isnan(numbers)

    def _with_points(self, texts: "pa.Array", name: str) -> "pa.Array":
        """Return texts with decimal commas written as points. Raises TaskError where others have points."""
        import pyarrow.compute as compute

        has = {mark: compute.match_substring(texts, mark).fill_null(False) for mark in ",."}
        for mark, where in has.items():
            if not self._mark and compute.any(where).as_py():
                self._mark = mark
        if self._mark != ",":
            return texts
        if (at := has["."].index(True).as_py()) >= 0:
            raise TaskError(
                f'{self._path}, {self._place(at, name)}: "{texts[at]}" has a point where others have a decimal comma. '
                "Write all of them one way, without marks for thousands."
            )
        return compute.replace_substring(texts, ",", ".", max_replacements=1)

    def _read_one_by_one(self, texts: Sequence[str | None], name: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        missing = np.array([(text or "").lower() in MISSING for text in texts])
        numbers = np.full(len(texts), np.nan)
        for at in np.flatnonzero(~missing).tolist():
            text = texts[at] or ""
            if not _NUMBER_OR_INFINITE.fullmatch(text):
                raise TaskError(f"{self._path}, {self._place(at, name)}: {self._reason(text)}")
            numbers[at] = float(text)
        return numbers, missing

    def _reason(self, text: str) -> str:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        if _DECIMAL_COMMA.fullmatch(text):
            return (
                f'"{shown}" has a decimal comma where others have points, or the comma is the delimiter. Write points.'
            )
        return f'"{shown}" is text where a number is needed. Choose another column, or put a number there.'

    def _place(self, at: int, name: str) -> str:
        return f'row {self._row + at:,}, column "{name}"'
