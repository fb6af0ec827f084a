"""CSV and its like, read in a stream: which delimiter, which columns, and batches of their texts.

PyArrow is imported where it reads: a window that only asks what tasks there are loads none of it.
"""

import csv
from collections.abc import Iterator, Sequence
from io import BufferedReader, RawIOBase, StringIO
from itertools import islice
from typing import TYPE_CHECKING, Literal, get_args

from workbench.tasks.base import TaskError
from workbench.tasks.support.files.quotes import QuoteCheck
from workbench.tasks.support.files.reading import Encoding, TextPieces

if TYPE_CHECKING:
    import pyarrow as pa
    from typing_extensions import Buffer

Delimiter = Literal["auto", "comma", "semicolon", "tab", "bar"]
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
HEAD = 1 << 17
"""Characters that are looked at to tell how a file is made: no field among them is too long for the csv module."""
LONGEST_ROW = 1 << 22
"""Bytes a row may have in UTF-8."""
_LOOKED_AT = 200


class DelimitedFile:
    """A table as text with a header: its columns, and the texts in them batch by batch.

    Raises TaskError, here and while it is read, for what is no such table. Row 1 is the header; empty lines are no
    rows.
    """

    first_row = 2

    def __init__(self, path: str, delimiter: Delimiter, encoding: Encoding) -> None:
        self.path = path
        self._pieces = TextPieces(path, encoding)
        head = "".join(_upto(self._pieces, HEAD))
        if not head.strip():
            raise TaskError(f"The file {path} is empty. Give one with a header and rows.")
        self.delimiter = guess_delimiter(head) if delimiter == "auto" else delimiter
        self._mark = DELIMITERS[self.delimiter]
        self._quoted = self._mark != "\t" or _quotes_fit(self._pieces, path)
        self.columns = tuple(name.strip() for name in head_rows(head, self.delimiter, 1, self._quoted)[0])

    @property
    def sha256(self) -> str:
        """Of the file's bytes, once it was read to its end."""
        return self._pieces.sha256

    def batches(self, places: Sequence[int]) -> Iterator["list[pa.Array]"]:
        """Yield the texts of the columns at these places, one array a column."""
        import pyarrow as pa
        from pyarrow.csv import ConvertOptions, ParseOptions, ReadOptions, open_csv

        check = QuoteCheck(self.path, self._mark) if self._quoted else None
        wrong: list[str] = []

        def refuse(row: pa.csv.InvalidRow) -> str:
            wrong.append(
                f"{self.path}, row {row.number}: {_count(row.actual_columns, 'field')} where the header has "
                f"{row.expected_columns}. Check the quotes, task.delimiter, and decimal commas."
            )
            return "error"

        names = [str(place) for place in range(len(self.columns))]
        wanted = [str(place) for place in places]
        source = BufferedReader(_Utf8(self._pieces, check), LONGEST_ROW)
        try:
            reader = open_csv(
                source,
                ReadOptions(block_size=LONGEST_ROW, column_names=names, use_threads=False),
                ParseOptions(
                    delimiter=self._mark,
                    quote_char='"' if self._quoted else False,
                    newlines_in_values=self._quoted,
                    invalid_row_handler=refuse,
                ),
                ConvertOptions(
                    include_columns=wanted,
                    column_types=dict.fromkeys(wanted, pa.string()),
                    strings_can_be_null=False,
                    check_utf8=False,
                ),
            )
            header = True
            for batch in reader:
                yield [column.slice(1) if header else column for column in batch.columns]
                header = False
        except pa.ArrowInvalid as error:
            raise TaskError(wrong[0] if wrong else self._explain(error)) from error
        for _ in iter(lambda: source.read(LONGEST_ROW), b""):
            continue  # the hash is that of all bytes

    def _explain(self, error: Exception) -> str:
        if "straddling" in str(error):
            return (
                f"{self.path} has a row of more than {LONGEST_ROW >> 20} MiB. Check its line ends, and whether a quote "
                '(") opens a field that is never closed.'
            )
        return f"{self.path} cannot be read as a table: {error}. Check task.delimiter and the quotes."


class _Utf8(RawIOBase):
    """Pieces of text as a stream of UTF-8 bytes, which ends with a line end."""

    def __init__(self, pieces: TextPieces, check: QuoteCheck | None) -> None:
        self._pieces, self._check = iter(pieces), check
        self._rest = memoryview(b"")
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        if not self._rest and not self._ended:
            self._rest = memoryview(self._next())
        view = memoryview(buffer)
        taken = min(len(view), len(self._rest))
        view[:taken], self._rest = self._rest[:taken], self._rest[taken:]
        return taken

    def _next(self) -> bytes:
        piece = next(self._pieces, None)
        if piece is None:
            self._ended = True
            if self._check:
                self._check.end()
            return b"\n"
        data = piece.encode()
        if self._check:
            self._check.read(data)
        return data


def guess_delimiter(head: str) -> Delimiter:
    """Return the delimiter by which the most of the first rows have as many fields as the header, two at least."""

    def fitness(name: Delimiter) -> tuple[float, int]:
        rows = head_rows(head, name, _LOOKED_AT)
        size = len(rows[0]) if rows else 0
        return (sum(len(row) == size for row in rows) / len(rows), size) if size > 1 else (0.0, 1)

    return max(get_args(Delimiter)[1:], key=fitness)


def head_rows(head: str, delimiter: str, count: int, quoted: bool = True) -> list[list[str]]:
    """Return the fields of the first rows of a text; empty lines are no rows."""
    reader = csv.reader(
        StringIO(head, newline=""),
        delimiter=DELIMITERS[delimiter],
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
    )
    return list(islice(filter(None, reader), count))


def _quotes_fit(pieces: TextPieces, path: str) -> bool:
    """Tell whether quotes open and close fields: in files with tabs they often are characters like any other."""
    check = QuoteCheck(path, "\t")
    try:
        for piece in pieces:
            check.read(piece.encode())
        check.end()
    except TaskError:
        return False
    return True


def _upto(pieces: TextPieces, most: int) -> Iterator[str]:
    """Yield pieces until there are so many characters, and no more."""
    for piece in pieces:
        yield piece[:most]
        most -= len(piece)
        if most <= 0:
            return


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
