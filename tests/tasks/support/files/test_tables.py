"""Reading the columns of a user's table: what is read, and which sentence each unfit file gets."""

import csv
from collections.abc import Sequence
from hashlib import sha256
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.tasks import TaskError
from workbench.tasks.support.files import delimited, tables
from workbench.tasks.support.files.delimited import DELIMITERS, Delimiter
from workbench.tasks.support.files.reading import Encoding
from workbench.tasks.support.files.tables import read_numbers, read_texts

pytestmark = pytest.mark.once

Rows = list[tuple[str, ...]]


def table(folder: Path, content: str | bytes, name: str = "table.csv") -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def texts(folder: Path, content: str | bytes, delimiter: Delimiter = "auto", encoding: Encoding = "utf-8") -> Rows:
    return read_texts(table(folder, content), ("text", "label"), delimiter=delimiter, encoding=encoding)[0]


def numbers(folder: Path, content: str | bytes, *columns: str) -> list[list[float]]:
    found: list[list[float]] = read_numbers(table(folder, content), columns)[0].tolist()
    return found


def test_rows_are_read_from_the_chosen_columns(tmp_path: Path) -> None:
    assert texts(tmp_path, "id,label,text\n1,good,fine film\n2,bad,dull film\n") == [
        ("fine film", "good"),
        ("dull film", "bad"),
    ]


def test_numbers_are_read_from_the_chosen_columns(tmp_path: Path) -> None:
    content = "day,low,high\nmonday,1,2.5\ntuesday,-3e-2, 4\n"
    assert numbers(tmp_path, content, "high", "low") == [[2.5, 1.0], [4.0, -0.03]]


def test_the_first_column_of_numbers_is_read_where_none_is_named(tmp_path: Path) -> None:
    found, names, _ = read_numbers(table(tmp_path, "day,low,high\nmonday,1,2\ntuesday,2,3\n"))
    assert (found.tolist(), names) == ([[1.0], [2.0]], ("low",))


def test_the_hash_is_that_of_the_whole_file(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbftext,label\r\na,1\r\nb,2\r\n\r\n"
    assert read_texts(table(tmp_path, content), ("text",))[1] == sha256(content).hexdigest()
    assert read_numbers(table(tmp_path, content), ("label",))[2] == sha256(content).hexdigest()


def test_a_quoted_field_may_hold_delimiters_quotes_and_new_lines(tmp_path: Path) -> None:
    rows = texts(tmp_path, 'text,label\r\n"one, ""two""\r\nthree",good\r\nfour,bad\r\n')
    assert rows == [('one, "two"\nthree', "good"), ("four", "bad")]


@pytest.mark.parametrize("given", ["auto", ""])
@pytest.mark.parametrize(("delimiter", "mark"), DELIMITERS.items())
def test_every_delimiter_is_read_and_found(tmp_path: Path, delimiter: Delimiter, mark: str, given: str) -> None:
    content = f'text{mark}label\n"a, b; c"{mark}1\nc{mark}2\n'
    assert texts(tmp_path, content, "auto" if given else delimiter) == [("a, b; c", "1"), ("c", "2")]


def test_commas_within_sentences_hide_no_other_delimiter(tmp_path: Path) -> None:
    assert texts(tmp_path, "text;label\na, b, c;1\nd;2\ne, f;1\n")[2] == ("e, f", "1")


def test_quotes_between_tabs_may_be_characters_like_any_other(tmp_path: Path) -> None:
    rows = texts(tmp_path, 'text\tlabel\n"Go!" he said\t1\n"Why\t2\n6" nails\t1\n')
    assert rows == [('"Go!" he said', "1"), ('"Why', "2"), ('6" nails', "1")]


def test_quotes_within_a_field_that_does_not_begin_with_one_are_characters(tmp_path: Path) -> None:
    assert texts(tmp_path, 'text,label\n6" nails,1\nso "called",2\n') == [('6" nails', "1"), ('so "called"', "2")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_empty_lines_are_no_rows(tmp_path: Path, end: str) -> None:
    assert len(texts(tmp_path, "\ntext,label\n\na,1\n\nb,2\n\n".replace("\n", end))) == 2


def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    assert texts(tmp_path, "text,label\na,1") == [("a", "1")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "latin-1"])
def test_a_table_is_read_in_its_encoding(tmp_path: Path, encoding: Encoding) -> None:
    assert texts(tmp_path, "text,label\nnaïf,é\n".encode(encoding), encoding=encoding) == [("naïf", "é")]


def test_numbers_are_read_however_they_are_written(tmp_path: Path) -> None:
    content = "x\n+5\n 1. \n.5\n-1E+2\n007\n"
    assert numbers(tmp_path, content, "x") == [[5.0], [1.0], [0.5], [-100.0], [7.0]]


@pytest.mark.parametrize("text", ["1_000", "0x10", "1 000", "1e", "--1", "٣", "1.2.3", "€5"])
def test_what_only_looks_like_a_number_is_text(tmp_path: Path, text: str) -> None:
    with pytest.raises(TaskError, match=f'"{text}" is text where a number is needed'):
        numbers(tmp_path, f"x\n1\n{text}\n", "x")


def test_decimal_commas_are_read_where_the_comma_delimits_nothing(tmp_path: Path) -> None:
    assert numbers(tmp_path, "t;x;y\n1;2,5;3\n2;-1,25e2;4\n", "x", "y") == [[2.5, 3.0], [-125.0, 4.0]]


def test_numbers_go_over_many_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "LONGEST_ROW", 100)
    content = "x\n" + "".join(f"{n}\n" for n in range(1000))
    assert numbers(tmp_path, content) == [[float(n)] for n in range(1000)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is empty"),
        (" \n\n", "is empty"),
        ("review,label\na,1\n", r'no column "text"; it has "review", "label"\. Choose one'),
        ("text,stars\na,1\n", r'no column "label"; it has "text", "stars"'),
        ("text,label,text\na,1,b\n", r'has 2 columns named "text"\. Give them different names'),
        ("text,label\n", "has a header and no rows"),
        ("text,label\na,1\nb\n", "row 3: 1 field where the header has 2"),
        ("text,label\na,1\nb, c,2\n", "row 3: 3 fields where the header has 2"),
        ("text,label\na,1\n,2\n", r'row 3, column "text", is empty \(1 of 2 rows lack a text\)'),
        ("text,label\na,1\nb, \n,3\n", r'row 3, column "label", is empty \(2 of 3 rows lack a text\)'),
        ('text,label\na,1\n"b,2\nc,3\n', "line 3: .* opens a field that is never closed"),
        ('text,label\na,1\nb,"2\nc,3\n', "line 3: .* opens a field that is never closed"),
        ('text,label\n"a\n" x,1\nb,2\n', "line 3: there is text after the quote"),
        (b"text,label\na,1\ncaf\xe9,2\n", "byte 18 is 0xe9.*cp1252"),
        ("text,label\na,1\n".encode("utf-16"), 'UTF-16 text.*Set task.encoding to "utf-16"'),
        ("text,label\na,1\n".encode("utf-16-le"), 'if it is UTF-16, set task.encoding to "utf-16"'),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is zero, as in pictures"),
        (f"text,label\n{'a' * 3 * delimited.LONGEST_ROW},1\nb,2\n", "has a row of more than 4 MiB"),
        (b"PK\x03\x04", "holds arrays of numbers, not texts"),
    ],
)
def test_a_table_that_does_not_fit_gets_a_sentence(tmp_path: Path, content: str | bytes, sentence: str) -> None:
    with pytest.raises(TaskError, match=sentence):
        texts(tmp_path, content)


def test_another_delimiter_than_the_one_said_is_named(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match=r'no column "text".*Set task.delimiter to "semicolon"'):
        texts(tmp_path, "text;label\na;1\n", "comma")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("x\n1\nabc\n", 'row 3, column "x": "abc" is text where a number is needed'),
        (f"x\n1\n{'abc' * 100}\n", '"abcabcabc.{31}…" is text'),
        ("t,x\n1,1\n2,\n3,NaN\n4,2\n", r'row 3, column "x", has no value \(2 of 4 values are missing\)'),
        ("x\n1\n-inf\n", 'row 3, column "x", is infinite'),
        ("x\n1\n1e999\n", 'row 3, column "x", is infinite'),
        ("t;x\n1;1.5\n2;1,5\n", '"1.5" has a point where others have a decimal comma'),
        ("t;x\n1;1,5\n2;1.500\n", '"1.500" has a point where others have a decimal comma'),
        ("x\n1,5\n2,5\n", "row 2: 2 fields where the header has 1.*decimal commas"),
        ("x,y\n", "has a header and no rows"),
        ("z,y\n1,2\n", 'has no column "x"'),
    ],
)
def test_a_column_that_holds_no_numbers_gets_a_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    with pytest.raises(TaskError, match=sentence):
        numbers(tmp_path, content, "x")


def test_a_table_of_texts_has_no_column_of_numbers(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="has no column of numbers"):
        numbers(tmp_path, "x,y\na,b\n")


@pytest.mark.parametrize("read", [read_texts, read_numbers])
def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: object) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    with pytest.raises(TaskError, match="has more than 3 rows"):
        read(table(tmp_path, "x\n1\n2\n3\n4\n"), ("x",))  # type: ignore[operator]


def test_a_formula_in_a_field_is_text_like_any_other(tmp_path: Path) -> None:
    attack = "__import__('os').system('touch attacked')"
    assert texts(tmp_path, f'text,label\n"{attack}",1\n=1+1,2\n') == [(attack, "1"), ("=1+1", "2")]


FIELDS = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@settings(deadline=None)
@given(st.lists(st.tuples(FIELDS, FIELDS), min_size=1), st.sampled_from(list(DELIMITERS)))
def test_what_was_written_as_csv_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, rows: Rows, delimiter: Delimiter
) -> None:
    path = table(tmp_path_factory.getbasetemp(), written([("text", "label"), *rows], delimiter))
    assert read_texts(path, ("text", "label"), delimiter=delimiter)[0] == rows


@settings(deadline=None)
@given(
    st.lists(st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 2), min_size=1),
    st.sampled_from(list(DELIMITERS)),
    st.sampled_from(["utf-8", "utf-16", "latin-1"]),
)
def test_numbers_written_as_csv_are_read_again(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[float, float]],
    delimiter: Delimiter,
    encoding: Encoding,
) -> None:
    content = written([("x", "y"), *((repr(x), repr(y)) for x, y in rows)], delimiter)
    path = table(tmp_path_factory.getbasetemp(), content.encode(encoding))
    found, names, _ = read_numbers(path, ("x", "y"), delimiter=delimiter, encoding=encoding)
    assert names == ("x", "y")
    assert found.tobytes() == np.array(rows).tobytes()


def written(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    """Return rows as Python's own csv module writes them."""
    text = StringIO(newline="")
    csv.writer(text, delimiter=DELIMITERS[delimiter]).writerows(rows)
    return text.getvalue()
