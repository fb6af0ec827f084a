"""A first look at a user's file: what kind it is, and what its columns hold in the first rows."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Literal, get_args

from workbench.tasks.base import TaskError
from workbench.tasks.support.files.columnar import MARK, ParquetFile
from workbench.tasks.support.files.delimited import DELIMITERS, HEAD, guess_delimiter, head_rows
from workbench.tasks.support.files.npz import is_npz, list_columns, read_heads
from workbench.tasks.support.files.numbers import is_number
from workbench.tasks.support.files.reading import Encoding, open_file

SHOWN = 20
"""Rows shown."""
LOOKED_AT = 1000
"""Rows looked at."""
_TABLES = frozenset((".csv", ".tsv", ".tab"))
_FEWEST = 3
"""Rows alike that make a table of a file that is not called one."""


@dataclass(frozen=True)
class Column:
    """What a column holds, as far as was looked: ``distinct`` different texts, and the longest of them."""

    name: str
    kind: Literal["text", "number"]
    distinct: int
    longest: str


@dataclass(frozen=True)
class FileLook:
    """What the beginning of a file shows.

    ``rows`` are the texts of the first 20, ``size`` is in bytes, ``row_count`` is None where only reading it all would
    tell. ``delimiter`` and ``encoding`` are what settings take, "" where a file has none; of a text, ``rows`` are its
    first lines. ``notes`` are sentences about what had to be guessed.
    """

    kind: Literal["table", "text", "arrays"]
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str
    encoding: str
    size: int
    row_count: int | None
    notes: tuple[str, ...] = ()


def look_at_file(path: str, *, encoding: str = "", delimiter: str = "") -> FileLook:
    """Return what the beginning of a file shows; encoding and delimiter are guessed where "". Raises TaskError."""
    with open_file(path) as file:
        start = file.read(HEAD)
    size = Path(path).stat().st_size
    if start.startswith(MARK):
        return _look_at_parquet(path, size)
    if is_npz(path):
        return _look_at_arrays(path, size)
    known, notes = (encoding, ()) if encoding else guess_encoding(start)
    if known not in get_args(Encoding):
        raise TaskError(f'There is no encoding "{known}". The encodings are {", ".join(get_args(Encoding))}.')
    return _look_at_text(path, start, known, "" if delimiter == "auto" else delimiter, size, notes)


def guess_encoding(start: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the encoding of a text by its first bytes, and a sentence where it is a mere guess."""
    if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16", ()
    if start.startswith(BOM_UTF8):
        return "utf-8", ()
    try:
        getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError as error:
        try:
            start.decode("cp1252")
        except UnicodeDecodeError:
            encoding, of = "latin-1", "an older one of Western Europe"
        else:
            encoding, of = "cp1252", "that of Western Windows"
        byte = start[error.start]
        return encoding, (f"Byte {error.start:,} (0x{byte:02x}) is not UTF-8; the file is read as {encoding}, {of}.",)
    return "utf-8", ()


def _look_at_text(
    path: str, start: bytes, encoding: str, delimiter: str, size: int, notes: tuple[str, ...]
) -> FileLook:
    head = _decode(path, start, encoding)
    if not head.strip():
        raise TaskError(f"The file {path} is empty. Give one with something in it.")
    whole = size <= len(start)
    if not whole:
        head = head[: head.rfind("\n") + 1] or head
    mark = delimiter or guess_delimiter(head)
    if mark not in DELIMITERS:
        raise TaskError(f'There is no delimiter "{mark}". The delimiters are auto, {", ".join(DELIMITERS)}.')
    found = head_rows(head, mark, LOOKED_AT + 1)
    if not (delimiter or Path(path).suffix.lower() in _TABLES or _is_table(found)):
        lines = tuple((line,) for line in head.split("\n")[:SHOWN])
        return FileLook("text", (), lines, "", encoding, size, None, notes)
    header, *rows = found
    width = len(header)
    fit = [row for row in rows if len(row) == width]
    if len(fit) < len(rows):
        notes += (f"Not all rows have {width} fields, as the header has.",)
    if all(is_number(name, comma=True) for name in header):
        notes += ("The first row, which holds the names of columns, is of numbers.",)
    count = len(rows) if whole and len(found) <= LOOKED_AT else None
    columns = _columns([name.strip() for name in header], fit, comma=mark != "comma")
    return FileLook("table", columns, tuple(map(tuple, rows[:SHOWN])), mark, encoding, size, count, notes)


def _decode(path: str, start: bytes, encoding: str) -> str:
    """Return the text of a file's first bytes; a character that they cut is left out."""
    if encoding != "utf-16" and (zero := start.find(0)) >= 0:
        raise TaskError(
            f"The file {path} is no text: byte {zero:,} is zero, as in pictures, archives or UTF-16. Give a CSV, TSV, "
            'Parquet, NPZ or text file; if it is UTF-16, set the encoding to "utf-16".'
        )
    try:
        text = getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)().decode(start)
    except UnicodeDecodeError as error:
        raise TaskError(
            f"The file {path} is not {encoding} text: byte {error.start:,} is 0x{start[error.start]:02x}. "
            "Choose another encoding."
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether rows are those of a table: all have as many fields, two at least."""
    sizes = {len(row) for row in rows}
    return len(rows) >= _FEWEST and len(sizes) == 1 and sizes.pop() > 1


def _look_at_parquet(path: str, size: int) -> FileLook:
    table = ParquetFile(path)
    rows = tuple(zip(*table.head(LOOKED_AT), strict=True))
    return FileLook("table", _columns(table.columns, rows, comma=False), rows[:SHOWN], "", "", size, table.rows)


def _look_at_arrays(path: str, size: int) -> FileLook:
    heads = read_heads(path, LOOKED_AT)
    texts = [[f"{number:.6g}" for number in numbers] for numbers in heads.values()]
    rows = tuple(zip_longest(*texts, fillvalue=""))
    counts = {column.rows for column in list_columns(path).values()}
    columns = _columns(tuple(heads), rows, comma=False)
    return FileLook("arrays", columns, rows[:SHOWN], "", "", size, counts.pop() if len(counts) == 1 else None)


def _columns(names: Sequence[str], rows: Sequence[Sequence[str]], *, comma: bool) -> tuple[Column, ...]:
    texts = list(zip(*rows, strict=True)) or [()] * len(names)
    return tuple(
        Column(
            name,
            "number" if values and all(is_number(value, comma) for value in values) else "text",
            len(set(values)),
            max(values, key=len, default=""),
        )
        for name, values in zip(names, texts, strict=True)
    )
