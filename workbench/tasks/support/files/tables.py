"""Columns of a user's table: CSV, TSV and Parquet of up to 10 million rows, read in a stream, and arrays of NPZ."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import TaskError
from workbench.tasks.support.files.columnar import MARK, ParquetFile
from workbench.tasks.support.files.delimited import DELIMITERS, DelimitedFile, Delimiter
from workbench.tasks.support.files.npz import is_npz, read_arrays
from workbench.tasks.support.files.numbers import NumberColumns, is_number, is_numeric
from workbench.tasks.support.files.reading import Encoding, open_file

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ROWS = 10_000_000
_SHOWN = 12
"""Columns named in a sentence."""
_LOOKED_AT = 1000


class TextRows:
    """The rows of some columns of a table as texts, batch by batch. Raises TaskError where the file is unfit."""

    def __init__(self, path: str, columns: Sequence[str], delimiter: Delimiter, encoding: Encoding) -> None:
        self._table = open_table(path, delimiter, encoding)
        self._columns = tuple(columns)
        self._places = [find_column(self._table, name) for name in columns]

    def __iter__(self) -> Iterator[list[tuple[str, ...]]]:
        import pyarrow.compute as compute

        row, lacking, first = self._table.first_row, 0, ""
        for batch in _limited(self._table, self._places):
            texts = [self._texts(column, name) for column, name in zip(batch, self._columns, strict=True)]
            empty = [compute.equal(compute.utf8_trim_whitespace(column), "").fill_null(True) for column in texts]
            lacks = reduce(compute.or_, empty)
            if (at := lacks.index(True).as_py()) >= 0:
                lacking += compute.sum(lacks).as_py()
                column = next(name for name, where in zip(self._columns, empty, strict=True) if where[at].as_py())
                first = first or f'row {row + at:,}, column "{column}"'
            row += len(lacks)
            if not lacking:
                yield list(zip(*(column.to_pylist() for column in texts), strict=True))
        if lacking:
            raise TaskError(
                f"{self._table.path}, {first}, is empty ({lacking:,} of {row - self._table.first_row:,} rows lack a "
                "text). Fill them or remove the rows."
            )

    def _texts(self, column: "pa.Array", name: str) -> "pa.Array":
        import pyarrow as pa

        try:
            return column.cast(pa.string())
        except pa.ArrowException as error:
            raise TaskError(
                f'{self._table.path}, column "{name}", holds {column.type}, not texts. Choose another column.'
            ) from error

    @property
    def sha256(self) -> str:
        """Of the file's bytes, once all rows were read."""
        return self._table.sha256


def read_texts(
    path: str, columns: Sequence[str], *, delimiter: Delimiter = "auto", encoding: Encoding = "utf-8"
) -> tuple[list[tuple[str, ...]], str]:
    """Return the texts of the named columns, row by row, and the SHA-256 of the file.

    Raises TaskError, with the row and the column where there is one, for a file that is no such table.
    """
    rows = TextRows(path, columns, delimiter, encoding)
    return [row for batch in rows for row in batch], rows.sha256


def read_numbers(
    path: str, columns: Sequence[str] = (), *, delimiter: Delimiter = "auto", encoding: Encoding = "utf-8"
) -> tuple[NDArray[np.float64], tuple[str, ...], str]:
    """Return the numbers (N, D) of the named columns, or of the first one that has numbers, the names, the SHA-256.

    In NPZ a column is an array of one dimension, or "name.0", "name.1", ... of an array of two. Raises TaskError, with
    the row and the column where there is one, for a file that is no such table.
    """
    if is_npz(path):
        return read_arrays(path, columns, MOST_ROWS)
    table = open_table(path, delimiter, encoding)
    names = tuple(columns) or (_first_with_numbers(table),)
    places = [find_column(table, name) for name in names]
    reading = NumberColumns(table.path, names, table.first_row, comma=table.delimiter not in ("", "comma"))
    for batch in _limited(table, places):
        reading.add(batch)
    return reading.numbers(), names, table.sha256


def open_table(path: str, delimiter: Delimiter, encoding: Encoding) -> DelimitedFile | ParquetFile:
    """Open a table of whatever kind its first bytes say it is. Raises TaskError."""
    with open_file(path) as file:
        start = file.read(len(MARK))
    if start == MARK:
        return ParquetFile(path)
    if is_npz(path):
        raise TaskError(f"The file {path} holds arrays of numbers, not texts. Give a CSV, TSV or Parquet file.")
    return DelimitedFile(path, delimiter, encoding)


def find_column(table: DelimitedFile | ParquetFile, name: str) -> int:
    """Return where a column is. Raises TaskError where there is none of this name, or more than one."""
    often = Counter(table.columns)
    if often[name] == 1:
        return table.columns.index(name)
    if often[name] > 1:
        raise TaskError(f'{table.path} has {often[name]} columns named "{name}". Give them different names.')
    shown = ", ".join(f'"{column}"' for column in table.columns[:_SHOWN])
    more = f" and {len(table.columns) - _SHOWN} more" if len(table.columns) > _SHOWN else ""
    advice = "Choose one of them."
    if len(table.columns) == 1:
        marks = (word for word, mark in DELIMITERS.items() if mark in table.columns[0])
        advice = "".join(f'Set task.delimiter to "{word}".' for word in list(marks)[:1]) or advice
    raise TaskError(f'{table.path} has no column "{name}"; it has {shown}{more}. {advice}')


def _limited(table: DelimitedFile | ParquetFile, places: Sequence[int]) -> Iterator["list[pa.Array]"]:
    """Yield batches. Raises TaskError for a table without rows, or with too many."""
    rows = 0
    for batch in table.batches(places):
        rows += len(batch[0])
        if rows > MOST_ROWS:
            raise TaskError(f"{table.path} has more than {MOST_ROWS:,} rows. Give a part of it.")
        yield batch
    if not rows:
        raise TaskError(f"{table.path} has a header and no rows. Give one with rows in it.")


def _first_with_numbers(table: DelimitedFile | ParquetFile) -> str:
    """Return the first column that has numbers alone in the first rows."""
    import pyarrow as pa

    batch = next(table.batches(range(len(table.columns))))
    comma = table.delimiter not in ("", "comma")
    name: str
    for name, column in zip(table.columns, batch, strict=True):
        if is_numeric(column.type):
            return name
        if not pa.types.is_string(column.type):
            continue
        texts = [text for text in column.slice(0, _LOOKED_AT).to_pylist() if text and text.strip()]
        if texts and all(is_number(text, comma) for text in texts):
            return name
    raise TaskError(f"{table.path} has no column of numbers. Give one, or check task.delimiter.")
