"""Reading a user's files in pieces: every way one can be unfit gets a sentence."""

import os
import stat
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, IncrementalDecoder, getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import IncrementalNewlineDecoder
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

from pydantic import AfterValidator, Field

from workbench.sizes import readable_bytes
from workbench.tasks.base import TaskError

LARGEST = 1 << 30
"""Bytes a user's file may have."""
PIECE = 1 << 20
"""Bytes read at once."""

Encoding = Literal["utf-8", "utf-16", "cp1252", "latin-1"]
_CODECS = {"utf-8": "utf-8-sig"}
"""A byte order mark is no character."""


def _absolute(path: str) -> str:
    return os.path.abspath(os.path.expanduser(path)) if path else ""  # noqa: PTH100, PTH111 - keeps "" and NUL


UserPath = Annotated[str, AfterValidator(_absolute)]
"""A path in settings, made absolute at once: a worker may stand in another folder. "" means no file."""


FileHash = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
"""The SHA-256 that a file in settings has to have; "" for any."""


def refuse_other_file(path: str, expected: str, found: str) -> None:
    """Raise TaskError where a file's SHA-256 is another than the one expected, if one is."""
    if expected and found != expected:
        raise TaskError(
            f"The file {path} is no longer the one it was: its SHA-256 began with {expected[:8]} and now begins with "
            f"{found[:8]}. Bring that file back, or clear task.sha256 to take the file as it is now."
        )


@contextmanager
def open_file(path: str) -> Iterator[BinaryIO]:
    """Open a plain file of at most 1 GiB for reading; raises TaskError for any other, and where reading fails."""
    try:
        _check_kind(Path(path))
        with Path(path).open("rb") as file:
            yield file
    except FileNotFoundError as error:
        raise TaskError(f"There is no file {path}. Check the path.") from error
    except OSError as error:
        raise TaskError(f"The file {path!r} cannot be read: {error}.") from error


def _check_kind(place: Path) -> None:
    """Refuse by looking at the file's entry alone: a pipe would hang, a huge file fill the memory."""
    try:
        entry = place.stat()
    except ValueError as error:
        raise TaskError(f"The file {str(place)!r} cannot be read: {error}.") from error
    if stat.S_ISDIR(entry.st_mode):
        raise TaskError(f"{place} is a folder. Give a file in it.")
    if not stat.S_ISREG(entry.st_mode):
        raise TaskError(f"{place} is a device or a pipe, not a file. Give a text file.")
    if entry.st_size > LARGEST:
        raise TaskError(
            f"The file {place} has {readable_bytes(entry.st_size)}; the limit is {readable_bytes(LARGEST)}. "
            "Give a part of it."
        )
    if entry.st_size == 0:
        raise TaskError(f"The file {place} is empty. Give one with something in it.")


def hash_of_file(path: str) -> str:
    """Return the SHA-256 of a file's bytes. Raises TaskError."""
    digest = sha256()
    with open_file(path) as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


class TextPieces:
    """The text of a file in pieces, its line ends as \\n, with the SHA-256 of the bytes it was read from.

    Can be gone through again and again. Raises TaskError where the file is no text in this encoding.
    """

    def __init__(self, path: str, encoding: Encoding = "utf-8") -> None:
        self.path, self.encoding = path, encoding
        self.sha256 = ""
        """Of all bytes, once they were gone through."""

    def __iter__(self) -> Iterator[str]:
        digest = sha256()
        decoder = getincrementaldecoder(_CODECS.get(self.encoding, self.encoding))()
        lines = IncrementalNewlineDecoder(None, translate=True)
        at = 0
        with open_file(self.path) as file:
            while piece := file.read(PIECE):
                digest.update(piece)
                text = self._decode(decoder, piece, at, final=False)
                at += len(piece)
                if text := lines.decode(text):
                    yield text
        rest = lines.decode(self._decode(decoder, b"", at, final=True), final=True)
        self.sha256 = digest.hexdigest()
        if rest:
            yield rest

    def _decode(self, decoder: IncrementalDecoder, piece: bytes, at: int, *, final: bool) -> str:
        """Return the text of the bytes from ``at`` on; zero bytes are in no text of one byte or UTF-8."""
        if at == 0 and self.encoding != "utf-16" and piece[:2] in (BOM_UTF16_LE, BOM_UTF16_BE):
            raise TaskError(
                f'The file {self.path} is UTF-16 text, by its first two bytes. Set task.encoding to "utf-16".'
            )
        if self.encoding != "utf-16" and (zero := piece.find(0)) >= 0:
            raise TaskError(
                f"The file {self.path} is not {_name(self.encoding)} text: byte {at + zero:,} is zero, as in pictures, "
                'archives or UTF-16. Give a text file; if it is UTF-16, set task.encoding to "utf-16".'
            )
        waiting = len(decoder.getstate()[0])
        try:
            return decoder.decode(piece, final)
        except UnicodeDecodeError as error:
            place, byte = at - waiting + error.start, error.object[error.start]
            others = ", ".join(f'"{other}"' for other in ("utf-8", "cp1252", "latin-1") if other != self.encoding)
            raise TaskError(
                f"The file {self.path} is not {_name(self.encoding)} text: byte {place:,} is 0x{byte:02x}. "
                f"Set task.encoding to one of {others}, or save the file as UTF-8."
            ) from error


def _name(encoding: str) -> str:
    return encoding.upper() if encoding.startswith("utf") else encoding
