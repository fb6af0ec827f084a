"""Opening where nothing may be written, and creating."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.lab.support import add_run, columns
from workbench.lab.errors import ReadOnlyWorkbook, WorkbookError
from workbench.lab.workbook import Workbook, open_workbook
from workbench.lab.workbook.header import wal_path

NOBODY = 65534


@contextmanager
def without_privileges() -> Iterator[None]:
    """Be an ordinary user for a while: to root, nothing is write-protected."""
    if os.name != "posix" or os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that an ordinary user reaches."""
    place = Path(tempfile.mkdtemp(prefix="protected-"))
    place.chmod(0o755)
    yield place
    place.chmod(0o755)
    shutil.rmtree(place)


def protect(folder: Path) -> dict[str, bytes]:
    """Write-protect all files and the folder, and return what is in them."""
    contents = {}
    for file in folder.iterdir():
        file.chmod(0o444)
        contents[file.name] = file.read_bytes()
    folder.chmod(0o555)
    return contents


def contents_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_write_protected_workbook_in_a_protected_folder_is_read(folder: Path) -> None:
    path = folder / "book.rnnw"
    with open_workbook(path, create=True) as workbook:
        run = add_run(workbook)
        workbook.scalars.append(run, columns(1, 10))
    before = protect(folder)

    with without_privileges(), Workbook(path) as protected:
        assert protected.read_only
        assert len(protected.scalars.read(run)) == 10
        assert any("write-protected" in sentence for sentence in protected.warnings)
        with pytest.raises(ReadOnlyWorkbook):
            protected.runs.rename(run, "another")
    assert contents_of(folder) == before


def test_a_write_protected_file_in_an_open_folder_leaves_nothing_beside_it(folder: Path) -> None:
    path = folder / "book.rnnw"
    with open_workbook(path, create=True) as workbook:
        add_run(workbook)
    path.chmod(0o444)
    folder.chmod(0o777)

    with without_privileges(), Workbook(path) as protected:
        assert protected.read_only
        assert [record.name for record in protected.runs.all()] == ["run"]
        assert [file.name for file in folder.iterdir()] == ["book.rnnw"]


def test_what_a_crash_left_beside_a_protected_file_is_shown_too(folder: Path, path: Path) -> None:
    crashed = folder / "book.rnnw"
    with open_workbook(path, create=True) as workbook:
        run = add_run(workbook)
        workbook.scalars.append(run, columns(1, 10))
        for source, target in ((path, crashed), (wal_path(path), wal_path(crashed))):
            shutil.copyfile(source, target)
    before = protect(folder)

    with without_privileges(), Workbook(crashed) as protected:
        assert len(protected.scalars.read(run)) == 10
        assert any("private copy" in sentence for sentence in protected.warnings)
    assert contents_of(folder) == before


def test_a_protected_reader_sees_what_another_user_writes(folder: Path) -> None:
    path = folder / "book.rnnw"
    with open_workbook(path, create=True) as writer:
        run = add_run(writer)
        writer.scalars.append(run, columns(1, 10))
    with without_privileges():
        reader = Workbook(path)
        assert reader.read_only
        assert reader.scalars.last_step(run) == 10

    with Workbook(path) as writer:
        writer.scalars.append(run, columns(11, 5))
        with without_privileges():
            assert reader.scalars.last_step(run) == 15
    with without_privileges():
        assert reader.scalars.last_step(run) == 15
        reader.close()


def test_creating_never_replaces_a_file(path: Path) -> None:
    with open_workbook(path, create=True) as workbook:
        run = add_run(workbook)

    with open_workbook(path, create=True) as again:
        assert again.runs.get(run).name == "run"


def test_creating_in_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="There is no folder"):
        open_workbook(tmp_path / "nowhere" / "book.rnnw", create=True)


def test_a_new_workbook_leaves_nothing_beside_it_once_closed(path: Path) -> None:
    open_workbook(path, create=True).close()

    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_nothing_in_a_workbook_is_executed(path: Path) -> None:
    """A trigger of a crafted workbook must not reach functions with side effects."""
    with open_workbook(path, create=True) as workbook:
        run = add_run(workbook)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TRIGGER attack AFTER UPDATE ON runs BEGIN SELECT load_extension('/tmp/attack'); END")
    connection.close()

    with Workbook(path) as workbook, pytest.raises(WorkbookError, match=r"unsafe use|not authorized"):
        workbook.runs.rename(run, "another")
