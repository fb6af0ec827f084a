"""Tables in Parquet."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from workbench.tasks import TaskError
from workbench.tasks.support.files.tables import read_numbers, read_texts

pytestmark = pytest.mark.once


def saved(folder: Path, columns: dict[str, Any] | pa.Table, **options: Any) -> str:
    path = str(folder / "table.parquet")
    parquet.write_table(pa.table(columns), path, **options)
    return path


def test_texts_are_read_from_the_chosen_columns(tmp_path: Path) -> None:
    path = saved(tmp_path, {"text": ["a", "b"], "other": [1.5, 2.5], "label": [1, 0]})
    rows, digest = read_texts(path, ("text", "label"))
    assert rows == [("a", "1"), ("b", "0")]
    assert digest == sha256(Path(path).read_bytes()).hexdigest()


def test_numbers_of_any_kind_are_read(tmp_path: Path) -> None:
    columns = {
        "text": ["a", "b"],
        "whole": pa.array([1, 2], pa.int8()),
        "exact": [Decimal("1.25"), Decimal("2.50")],
        "written": ["1.5", " 2e1 "],
        "repeated": pa.array([3.0, 3.0]).dictionary_encode(),
    }
    path = saved(tmp_path, columns)
    assert read_numbers(path, ("whole", "exact", "written", "repeated"))[0].tolist() == [
        [1.0, 1.25, 1.5, 3.0],
        [2.0, 2.5, 20.0, 3.0],
    ]
    assert read_numbers(path)[1] == ("whole",)


def test_many_row_groups_are_one_table(tmp_path: Path) -> None:
    path = saved(tmp_path, {"x": list(range(1000))}, row_group_size=7)
    assert read_numbers(path)[0].ravel().tolist() == list(range(1000))


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"y": [1]}, 'no column "x"; it has "y"'),
        ({"x": pa.array([], pa.float64())}, "has a header and no rows"),
        ({"x": [1.0, None, None]}, r'row 2, column "x", has no value \(2 of 3 values are missing\)'),
        ({"x": [1.0, float("nan")]}, 'row 2, column "x", has no value'),
        ({"x": [1.0, float("inf")]}, 'row 2, column "x", is infinite'),
        ({"x": ["1", "one"]}, 'row 2, column "x": "one" is text where a number is needed'),
        ({"x": ["1", None]}, 'row 2, column "x", has no value'),
        ({"x": [date(2020, 1, 1)]}, 'column "x", holds date32.*, not numbers'),
        ({"x": [[1.0]]}, 'column "x", holds list.*, not numbers'),
        (pa.table([pa.array([1]), pa.array([2])], ["x", "x"]), '2 columns named "x"'),
    ],
)
def test_a_table_that_holds_no_numbers_gets_a_sentence(
    tmp_path: Path, columns: dict[str, Any] | pa.Table, sentence: str
) -> None:
    with pytest.raises(TaskError, match=sentence):
        read_numbers(saved(tmp_path, columns), ("x",))


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"x": ["a", None, " "]}, r'row 2, column "x", is empty \(2 of 3 rows lack a text\)'),
        ({"x": [["a"]]}, 'column "x", holds list.*, not texts'),
    ],
)
def test_a_table_that_holds_no_texts_gets_a_sentence(tmp_path: Path, columns: dict[str, Any], sentence: str) -> None:
    with pytest.raises(TaskError, match=sentence):
        read_texts(saved(tmp_path, columns), ("x",))


@pytest.mark.parametrize("kept", [4, 20, -4, -20])
def test_a_damaged_file_is_refused(tmp_path: Path, kept: int) -> None:
    path = Path(saved(tmp_path, {"x": list(range(100))}))
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(TaskError, match="is damaged, or no Parquet file"):
        read_numbers(str(path))


@settings(deadline=None)
@given(st.integers(4, 10_000), st.binary(min_size=1, max_size=3))
def test_whatever_bytes_are_wrong_a_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: int, wrong: bytes
) -> None:
    path = Path(saved(tmp_path_factory.getbasetemp(), {"x": list(range(50)), "text": ["a b"] * 50}))
    content = bytearray(path.read_bytes())
    place = 4 + place % (len(content) - 4 - len(wrong))
    content[place : place + len(wrong)] = wrong
    path.write_bytes(content)
    for read in (lambda: read_numbers(str(path), ("x",)), lambda: read_texts(str(path), ("text",))):
        with suppress(TaskError):  # nothing else comes out of it
            read()


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.text(min_size=1)), min_size=1))
def test_what_was_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[float, str]]
) -> None:
    rows = [(number, text) for number, text in rows if text.strip()] or [(0.0, "a")]
    folder = tmp_path_factory.getbasetemp()
    path = saved(folder, {"x": [number for number, _ in rows], "text": [text for _, text in rows]})
    assert read_numbers(path)[0].ravel().tolist() == [number for number, _ in rows]
    assert read_texts(path, ("text",))[0] == [(text,) for _, text in rows]
