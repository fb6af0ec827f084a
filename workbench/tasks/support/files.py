"""Reading a user's files: every way one can be unfit gets a sentence."""

import os
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from workbench.tasks.base import TaskError

LARGEST = 200_000_000
"""Bytes a user's file may have."""


def _absolute(path: str) -> str:
    return os.path.abspath(os.path.expanduser(path)) if path else ""  # noqa: PTH100, PTH111 - keeps "" and NUL


UserPath = Annotated[str, AfterValidator(_absolute)]
"""A path in settings, made absolute at once: a worker may stand in another folder. "" means no file."""


@dataclass(frozen=True)
class TextFile:
    """A file's text with its line ends as \\n, and the SHA-256 of its bytes."""

    path: Path
    text: str
    sha256: str


def read_text(path: str) -> TextFile:
    """Return the UTF-8 text of a plain file of at most 200 MB; raises TaskError for any other."""
    place = Path(path)
    try:
        _check_kind(place)
        content = place.read_bytes()
    except FileNotFoundError as error:
        raise TaskError(f"There is no file {path}. Check the path.") from error
    except (OSError, ValueError) as error:
        raise TaskError(f"The file {path!r} cannot be read: {error}.") from error
    text = _decode(content, path)
    if not text.strip():
        raise TaskError(f"The file {path} is empty. Give one with text in it.")
    return TextFile(place, text, sha256(content).hexdigest())


def _check_kind(place: Path) -> None:
    """Refuse by looking at the file's entry alone: a pipe would hang, a huge file fill the memory."""
    entry = place.stat()
    if stat.S_ISDIR(entry.st_mode):
        raise TaskError(f"{place} is a folder. Give a file in it.")
    if not stat.S_ISREG(entry.st_mode):
        raise TaskError(f"{place} is a device or a pipe, not a file. Give a text file.")
    if entry.st_size > LARGEST:
        raise TaskError(
            f"The file {place} has {entry.st_size / 1e6:,.0f} MB; the limit is {LARGEST / 1e6:.0f} MB. "
            "Give a part of it."
        )


def _decode(content: bytes, path: str) -> str:
    if (zero := content.find(0)) >= 0:
        raise TaskError(
            f"The file {path} is not UTF-8 text: byte {zero:,} is zero, as in pictures, archives or UTF-16. "
            "Give a text file, saved as UTF-8."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TaskError(
            f"The file {path} is not UTF-8 text: byte {error.start:,} is 0x{content[error.start]:02x}. "
            "Save it as UTF-8."
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")
