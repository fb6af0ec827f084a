"""Files that are no workbook, or not whole: each gets a sentence and stays as it was."""

import sqlite3
import struct
from pathlib import Path

import pytest

from tests.lab.support import add_run, columns
from workbench.lab.errors import DamagedWorkbook, NewerWorkbook, NotAWorkbook, WorkbookError
from workbench.lab.workbook import Workbook, open_workbook
from workbench.lab.workbook.header import check_header

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + bytes(range(256)) * 8


def closed_workbook(path: Path, steps: int = 3000) -> bytes:
    """Write a workbook of a few pages and return its bytes."""
    with open_workbook(path, create=True) as workbook:
        workbook.scalars.append(add_run(workbook), columns(1, steps))
    return path.read_bytes()


def refused(path: Path, content: bytes, error: type[WorkbookError]) -> str:
    """Write the bytes, see them refused and left alone, and return the sentence."""
    path.write_bytes(content)
    with pytest.raises(error) as caught:
        open_workbook(path)
    assert path.read_bytes() == content
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (JPEG, "a JPEG image"),
        (b"Once upon a time there was a text.\n" * 20, "a text file"),
        ("Grüße\n".encode() * 50, "a text file"),
        (b"", "empty"),
        (bytes(4096), "a binary file"),
        (b"PK\x03\x04" + bytes(500), "a ZIP archive"),
    ],
)
def test_another_kind_of_file_is_named_and_left_alone(path: Path, content: bytes, kind: str) -> None:
    assert kind in refused(path, content, NotAWorkbook)


def test_a_database_of_another_program_is_refused(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE runs (id INTEGER)")
    connection.close()

    assert "another program" in refused(path, path.read_bytes(), NotAWorkbook)


@pytest.mark.parametrize("kept", [7, 50, 103, 2000, 4096, 8192, -4096, -1])
def test_a_workbook_cut_off_anywhere_is_refused(path: Path, kept: int) -> None:
    whole = closed_workbook(path)

    assert "cut off" in refused(path, whole[:kept], DamagedWorkbook)


def test_a_workbook_of_a_newer_format_is_refused(path: Path) -> None:
    whole = bytearray(closed_workbook(path))
    whole[60:64] = struct.pack(">I", 99)

    assert "newer RNN Workbench (format 99" in refused(path, bytes(whole), NewerWorkbook)


@pytest.mark.parametrize(("offset", "value"), [(16, 7), (18, 9), (21, 0), (56, 3), (100, 77)])
def test_a_header_that_contradicts_itself_is_refused(path: Path, offset: int, value: int) -> None:
    whole = bytearray(closed_workbook(path))
    whole[offset : offset + 1] = bytes([value])
    if offset == 56:
        whole[56:60] = struct.pack(">I", value)

    assert "header contradicts itself" in refused(path, bytes(whole), DamagedWorkbook)


@pytest.mark.parametrize("page", range(1, 20))
def test_a_page_of_rubbish_is_refused(path: Path, page: int) -> None:
    whole = bytearray(closed_workbook(path))
    assert len(whole) > 20 * 4096
    whole[page * 4096 : page * 4096 + 64] = b"\xa5" * 64

    assert "damaged" in refused(path, bytes(whole), DamagedWorkbook)


def test_an_empty_list_of_tables_is_refused(path: Path) -> None:
    closed_workbook(path)
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE leases")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()

    assert "no table of leases" in refused(path, path.read_bytes(), DamagedWorkbook)


def test_numbers_that_rot_within_a_page_are_noticed_when_read(path: Path) -> None:
    whole = bytearray(closed_workbook(path, steps=60000))
    middle = len(whole) // 2
    whole[middle : middle + 100] = bytes(100)
    path.write_bytes(whole)

    with Workbook(path) as workbook, pytest.raises(DamagedWorkbook, match="damaged"):
        workbook.scalars.read(1)


def test_a_missing_file_and_a_folder_get_sentences(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="There is no workbook at"):
        check_header(tmp_path / "nowhere.rnnw")
    with pytest.raises(NotAWorkbook, match="is a folder"):
        check_header(tmp_path)


def test_a_path_with_signs_of_its_own_opens(tmp_path: Path) -> None:
    path = tmp_path / "50% of #1? (über).rnnw"
    with open_workbook(path, create=True) as workbook:
        run = add_run(workbook)

    with Workbook(path) as again:
        assert again.runs.get(run).name == "run"
