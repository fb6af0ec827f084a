"""Writing a finished file: all of it or nothing."""

import uuid
from pathlib import Path

from workbench.figures.errors import FigureError
from workbench.lab.workbook import SUFFIX

_DATABASE = b"SQLite format 3\0"  # what a workbook begins with, whatever its name


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, in place of one that is there. Raises FigureError and leaves the old one where that fails."""
    if path.suffix.lower() == SUFFIX:
        raise FigureError(f"{path} has a workbook's name. Choose another file for the figure.")
    if _holds_database(path):
        raise FigureError(f"{path} is a workbook or another database. Choose another file for the figure.")
    if path.is_dir():
        raise FigureError(f"{path} is a folder. Name a file in it, such as {path / 'loss.pdf'}.")
    target = path.resolve()
    if not target.parent.is_dir():
        raise FigureError(f"There is no folder {target.parent}. Make it first, or choose another place.")
    draft = target.with_name(f".{uuid.uuid4().hex}.new")
    try:
        draft.write_bytes(data)
        draft.replace(target)
    except OSError as error:
        raise FigureError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)


def _holds_database(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(_DATABASE)) == _DATABASE
    except OSError as error:
        raise FigureError(f"{path} cannot be replaced: {error.strerror or error}.") from error
