"""Looking at a file's first bytes, so that SQLite opens nothing but whole workbooks of a known version.

Source: "Database File Format", section 1.3 (sqlite.org/fileformat2.html).
"""

import struct
from pathlib import Path

from workbench.lab.errors import DamagedWorkbook, NewerWorkbook, NotAWorkbook, WorkbookError
from workbench.lab.workbook.schema import APPLICATION_ID, VERSION

HEADER_SIZE = 100
_MAGIC = b"SQLite format 3\x00"
_KINDS = {
    b"\xff\xd8\xff": "a JPEG image",
    b"\x89PNG": "a PNG image",
    b"GIF8": "a GIF image",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "a gzip archive",
    b"\x7fELF": "a program",
    b"MZ": "a program",
}


def check_header(path: Path) -> None:
    """Refuse everything but a whole workbook that this program can read; the file is only read.

    Raises NotAWorkbook, NewerWorkbook, DamagedWorkbook; WorkbookError where the file cannot be read at all.
    """
    try:
        with path.open("rb") as file:
            header = file.read(HEADER_SIZE + 8)
        size = path.stat().st_size
    except FileNotFoundError:
        raise WorkbookError(f"There is no workbook at {path}: check the path.") from None
    except IsADirectoryError:
        raise NotAWorkbook(f"{path} is a folder; a workbook is a file that ends in .rnnw.") from None
    except OSError as error:
        raise WorkbookError(f"{path} cannot be read: {error.strerror or error}.") from error
    _check_kind(path, header)
    _check_version(path, header)
    _check_structure(path, header, size)


def wal_path(path: Path) -> Path:
    """Return where SQLite keeps what is committed but not yet in the file itself."""
    return path.with_name(path.name + "-wal")


def has_wal(path: Path) -> bool:
    """Tell whether commits wait beside the file: it is in use, or its last writer was killed."""
    try:
        return wal_path(path).stat().st_size > 0
    except OSError:
        return False


def _check_kind(path: Path, header: bytes) -> None:
    if not header:
        raise NotAWorkbook(f"{path} is empty, not a workbook. Open another file, or choose a new name.")
    if not header.startswith(_MAGIC):
        if _MAGIC.startswith(header):
            raise DamagedWorkbook(f"{path} is cut off after {len(header)} bytes. {_WAY_OUT}")
        raise NotAWorkbook(f"{path} is {_describe(header)}, not a workbook. It was left as it is.")
    if len(header) < HEADER_SIZE:
        raise DamagedWorkbook(f"{path} is cut off after {len(header)} bytes. {_WAY_OUT}")
    if _integer(header, 68) != APPLICATION_ID:
        raise NotAWorkbook(f"{path} is an SQLite database of another program, not a workbook. It was left as it is.")


def _check_version(path: Path, header: bytes) -> None:
    version = _integer(header, 60)
    if version > VERSION:
        raise NewerWorkbook(newer_sentence(path, version))
    if version < 1:
        raise DamagedWorkbook(f"{path} names no version of the workbook format. {_WAY_OUT}")


def newer_sentence(path: Path, version: int) -> str:
    """Say that a workbook of this version is beyond this program."""
    return (
        f"{path} was written by a newer RNN Workbench (format {version}; this one reads up to {VERSION}). "
        "Update the program to open it; the file was left as it is."
    )


def _check_structure(path: Path, header: bytes, size: int) -> None:
    page = struct.unpack_from(">H", header, 16)[0]
    page = 65536 if page == 1 else page
    reserved, fractions, encoding = header[20], header[21:24], _integer(header, 56)
    sound = (
        page >= 512
        and page & (page - 1) == 0
        and header[18] in (1, 2)
        and header[19] in (1, 2)
        and page - reserved >= 480
        and fractions == bytes((64, 32, 32))
        and encoding == 1
        and len(header) > HEADER_SIZE
        and header[HEADER_SIZE] in (5, 13)
    )
    if not sound:
        raise DamagedWorkbook(f"{path} is damaged: its header contradicts itself. {_WAY_OUT}")
    pages = _integer(header, 28)
    # A crash in the middle of a checkpoint leaves a short file whose missing pages wait in the WAL.
    if size < pages * page and not has_wal(path):
        raise DamagedWorkbook(f"{path} is cut off: {size} of {pages * page} bytes are there. {_WAY_OUT}")


def _describe(header: bytes) -> str:
    for start, kind in _KINDS.items():
        if header.startswith(start):
            return kind
    try:
        text = header[:64].decode("utf-8", errors="strict")
    except UnicodeDecodeError:
        return "a binary file of another kind"
    return "a text file" if all(c.isprintable() or c.isspace() for c in text) else "a binary file of another kind"


def _integer(header: bytes, offset: int) -> int:
    return int(struct.unpack_from(">I", header, offset)[0])


_WAY_OUT = "Restore it from a copy; it was left as it is."
