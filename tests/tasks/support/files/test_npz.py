"""Arrays of a user's NPZ file."""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from workbench.tasks import TaskError
from workbench.tasks.support.files import npz, tables
from workbench.tasks.support.files.npz import list_columns, read_heads
from workbench.tasks.support.files.tables import read_numbers, read_texts

pytestmark = pytest.mark.once


def saved(folder: Path, **values: Any) -> str:
    np.savez_compressed(folder / "arrays.npz", **values)
    return str(folder / "arrays.npz")


def test_an_array_of_one_dimension_is_a_column(tmp_path: Path) -> None:
    path = saved(tmp_path, first=np.array([1, 2, 3], dtype=np.int16), second=np.array([0.5, 1.5, 2.5]))
    found, names, digest = read_numbers(path, ("second", "first"))
    assert found.tolist() == [[0.5, 1.0], [1.5, 2.0], [2.5, 3.0]]
    assert names == ("second", "first")
    assert digest == sha256(Path(path).read_bytes()).hexdigest()


@pytest.mark.parametrize("order", ["C", "F"])
def test_an_array_of_two_dimensions_is_a_column_for_each_of_its_own(tmp_path: Path, order: Any) -> None:
    table = np.array(np.arange(6.0).reshape(3, 2), order=order)
    path = saved(tmp_path, table=table)
    assert list(list_columns(path)) == ["table.0", "table.1"]
    assert read_numbers(path, ("table.1", "table.0"))[0].tolist() == table[:, ::-1].tolist()
    assert [head.tolist() for head in read_heads(path, 2).values()] == table[:2].T.tolist()


def test_the_first_column_is_read_where_none_is_named(tmp_path: Path) -> None:
    path = saved(tmp_path, names=np.array(["a", "b"]), both=np.ones((2, 2, 2)), values=np.array([3, 4]))
    assert read_numbers(path)[1] == ("values",)


@settings(deadline=None)
@given(
    arrays.arrays(
        st.sampled_from(["<f8", "<f4", ">f8", "<i4", "|u1", "|b1"]),
        st.tuples(st.integers(1, 20), st.integers(1, 3)),
        elements={"allow_nan": False, "allow_infinity": False},
    ),
    st.sampled_from("CF"),
)
def test_what_was_saved_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, values: np.ndarray[Any, Any], order: Any
) -> None:
    path = saved(tmp_path_factory.getbasetemp(), values=np.array(values, order=order))
    names = tuple(f"values.{column}" for column in range(values.shape[1]))
    assert np.array_equal(read_numbers(path, names)[0], values.astype(np.float64))


class Attack:
    def __reduce__(self) -> tuple[Any, ...]:
        return eval, ("open('attacked', 'w').close()",)


def test_pickled_objects_are_refused_and_never_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = saved(tmp_path, attack=np.array([Attack()], dtype=object))
    with pytest.raises(TaskError, match=r'array "attack" of .* holds pickled objects, which could run code'):
        read_numbers(path)
    path = saved(tmp_path, attack=np.array([Attack()], dtype=object), values=np.arange(3))
    assert read_numbers(path)[1] == ("values",)
    with pytest.raises(TaskError, match='no column "attack"; the columns of numbers are "values"'):
        read_numbers(path, ("attack",))
    assert not (tmp_path / "attacked").exists()


@pytest.mark.parametrize(
    ("values", "columns", "sentence"),
    [
        ({"x": np.array(["a", "b"])}, (), "has no array of numbers"),
        ({"x": np.arange(3)}, ("y",), 'no column "y"; the columns of numbers are "x"'),
        ({"x": np.arange(3), "y": np.arange(4)}, ("x", "y"), "x, y of .* have different lengths"),
        ({"x": np.zeros(0)}, (), "are empty"),
        ({"x": np.array([1.0, np.nan, np.nan])}, (), r'row 2, column "x", has no value \(2 of 3 values are missing\)'),
        ({"x": np.array([[1.0, 2.0], [3.0, np.inf]])}, ("x.0", "x.1"), r'row 2, column "x\.1", is infinite'),
        ({"x": np.zeros(3, dtype=complex)}, (), "has no array of numbers"),
    ],
)
def test_arrays_that_do_not_fit_get_a_sentence(
    tmp_path: Path, values: dict[str, Any], columns: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(TaskError, match=sentence):
        read_numbers(saved(tmp_path, **values), columns)


def test_arrays_are_no_texts(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="holds arrays of numbers, not texts"):
        read_texts(saved(tmp_path, x=np.arange(3)), ("x",))


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    with pytest.raises(TaskError, match="has 4 rows; at most 3 are read"):
        read_numbers(saved(tmp_path, x=np.arange(4)))


def test_an_array_too_large_for_memory_is_refused_by_its_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(npz, "LARGEST", 100)
    with pytest.raises(TaskError, match='array "x" has 160 bytes; the limit is 100 bytes'):
        read_numbers(saved(tmp_path, x=np.zeros(20)))


@pytest.mark.parametrize("kept", [3, 30, 100, -30, -5])
def test_a_damaged_file_is_refused(tmp_path: Path, kept: int) -> None:
    path = Path(saved(tmp_path, x=np.random.default_rng(0).normal(size=100)))
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(TaskError, match="is damaged, or no NPZ file"):
        read_numbers(str(path))


@settings(deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_whatever_bytes_are_wrong_a_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: int, wrong: bytes
) -> None:
    path = Path(saved(tmp_path_factory.getbasetemp(), x=np.arange(50), y=np.ones((5, 2))))
    content = bytearray(path.read_bytes())
    place %= len(content) - len(wrong)
    content[place : place + len(wrong)] = wrong
    path.write_bytes(b"PK" + content[2:])
    with suppress(TaskError):  # nothing else comes out of it
        read_numbers(str(path), ("x",))


def test_an_archive_of_other_things_has_no_columns(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "other.npz", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(TaskError, match="has no array of numbers"):
        read_numbers(str(tmp_path / "other.npz"))
