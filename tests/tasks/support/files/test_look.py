"""A first look at a file."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from workbench.tasks import TaskError
from workbench.tasks.support.files.delimited import HEAD
from workbench.tasks.support.files.look import SHOWN, Column, FileLook, look_at_file


def look(folder: Path, content: str | bytes, name: str = "file.csv", **given: str) -> FileLook:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return look_at_file(str(path), **given)


def test_a_table_shows_its_columns_and_first_rows(tmp_path: Path) -> None:
    found = look(tmp_path, "text,label,score\nfine film,good,1\nnot so,bad,-2.5\nfine,good,\n")
    assert (found.kind, found.delimiter, found.encoding, found.row_count) == ("table", "comma", "utf-8", 3)
    assert found.columns == (
        Column("text", "text", 3, "fine film"),
        Column("label", "text", 2, "good"),
        Column("score", "number", 3, "-2.5"),
    )
    assert found.rows[1] == ("not so", "bad", "-2.5")
    assert found.size == 61
    assert found.notes == ()


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolon"), ("\t", "tab"), ("|", "bar"), (",", "comma")])
def test_the_delimiter_is_found_whatever_the_name(tmp_path: Path, mark: str, name: str) -> None:
    found = look(tmp_path, "".join(f"{mark.join('abc')}\n" for _ in range(9)), "data.txt")
    assert (found.kind, found.delimiter, len(found.columns)) == ("table", name, 3)


def test_decimal_commas_are_numbers_between_semicolons(tmp_path: Path) -> None:
    found = look(tmp_path, "x;y\n1,5;2,5\n3,5;4\n")
    assert [column.kind for column in found.columns] == ["number", "number"]


def test_a_text_shows_its_first_lines(tmp_path: Path) -> None:
    found = look(tmp_path, "It was the best, of times,\nit was the worst of times;\n" * 30, "tale.txt")
    assert (found.kind, found.columns, found.delimiter, found.row_count) == ("text", (), "", None)
    assert found.rows[:2] == (("It was the best, of times,",), ("it was the worst of times;",))
    assert len(found.rows) == SHOWN


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "cp1252")],
)
def test_the_encoding_is_found(tmp_path: Path, encoding: str, expected: str) -> None:
    found = look(tmp_path, "text,label\nnaïve,ça\n".encode(encoding))
    assert found.encoding == expected
    assert found.rows == (("naïve", "ça"),)
    assert len(found.notes) == (expected == "cp1252")


def test_a_guessed_encoding_is_said(tmp_path: Path) -> None:
    (note,) = look(tmp_path, b"text,label\nna\xefve,1\n").notes
    assert note == "Byte 13 (0xef) is not UTF-8; the file is read as cp1252, that of Western Windows."


def test_bytes_that_windows_does_not_know_are_read_as_latin_1(tmp_path: Path) -> None:
    found = look(tmp_path, b"text,label\nna\xefve\x81,1\n")
    assert found.encoding == "latin-1"
    assert "read as latin-1, an older one of Western Europe" in found.notes[0]


def test_a_character_cut_by_the_end_of_the_look_is_no_error(tmp_path: Path) -> None:
    for shift in range(3):
        found = look(tmp_path, "x" * shift + "漢字,\n" * HEAD)
        assert (found.encoding, found.notes) == ("utf-8", ())
        assert found.row_count is None


def test_only_the_beginning_of_a_large_file_is_looked_at(tmp_path: Path) -> None:
    found = look(tmp_path, "x\n" + "1\n" * HEAD + "abc\n")
    assert found.columns == (Column("x", "number", 1, "1"),)
    assert len(found.rows) == SHOWN
    assert found.row_count is None


def test_what_was_chosen_is_not_guessed(tmp_path: Path) -> None:
    found = look(tmp_path, "a;b,c\n1;2,3\n", encoding="latin-1", delimiter="semicolon")
    assert (found.encoding, found.delimiter, len(found.columns)) == ("latin-1", "semicolon", 2)


def test_rows_of_another_length_are_noted(tmp_path: Path) -> None:
    found = look(tmp_path, "a,b\n1,2\n1,2\n1,2\n3\n")
    assert found.notes == ("Not all rows have 2 fields, as the header has.",)
    assert found.rows[-1] == ("3",)


def test_a_header_of_numbers_is_noted(tmp_path: Path) -> None:
    assert look(tmp_path, "1,2\n3,4\n").notes == ("The first row, which holds the names of columns, is of numbers.",)


def test_a_table_in_parquet_tells_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    parquet.write_table(pa.table({"text": ["a"] * 5000, "x": [1.5, None] * 2500}), path)
    found = look_at_file(str(path))
    assert (found.kind, found.row_count, found.delimiter, found.encoding) == ("table", 5000, "", "")
    assert found.columns == (Column("text", "text", 1, "a"), Column("x", "number", 2, "1.5"))
    assert found.rows[1] == ("a", "")


def test_arrays_are_columns(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.arange(3), y=np.ones((2, 2)))
    found = look_at_file(str(tmp_path / "a.npz"))
    assert (found.kind, found.row_count) == ("arrays", None)
    assert [column.name for column in found.columns] == ["x", "y.0", "y.1"]
    assert found.rows == (("0", "1", "1"), ("1", "1", "1"), ("2", "", ""))


@pytest.mark.parametrize(
    ("content", "given", "sentence"),
    [
        ("", {}, "is empty"),
        (" \n", {}, "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00", {}, "is no text: byte 8 is zero"),
        (b"caf\xe9\n", {"encoding": "utf-8"}, "is not utf-8 text: byte 3 is 0xe9"),
        ("a\n", {"encoding": "klingon"}, 'no encoding "klingon".*utf-8, utf-16, cp1252, latin-1'),
        ("a\n", {"delimiter": "dot"}, 'no delimiter "dot".*auto, comma, semicolon, tab, bar'),
        (b"PAR1", {}, "is damaged, or no Parquet file"),
        (b"PK\x03\x04", {}, "is damaged, or no NPZ file"),
    ],
)
def test_what_cannot_be_looked_at_gets_a_sentence(
    tmp_path: Path, content: str | bytes, given: dict[str, str], sentence: str
) -> None:
    with pytest.raises(TaskError, match=sentence):
        look(tmp_path, content, **given)
