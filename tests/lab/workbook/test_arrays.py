"""Arrays to bytes and back: nothing changes, and nothing that is damaged or too large gets in."""

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from workbench.lab.errors import DamagedWorkbook
from workbench.lab.workbook import arrays
from workbench.lab.workbook.arrays import narrow, pack, unpack

ANY_ARRAY = arrays_of.arrays(
    dtype=st.sampled_from(["float32", "float64", "int64", "int32", "uint8", "bool"]),
    shape=arrays_of.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5),
)


@given(st.dictionaries(st.text(min_size=1, max_size=10), ANY_ARRAY, max_size=3))
def test_arrays_come_back_as_they_were(given_arrays: dict[str, np.ndarray]) -> None:
    back = unpack(pack(given_arrays))

    assert back.keys() == given_arrays.keys()
    for name, array in given_arrays.items():
        assert (back[name].dtype, back[name].shape) == (array.dtype, array.shape)
        assert back[name].tobytes() == array.tobytes()


@given(arrays_of.arrays(np.float64, 5))
def test_a_narrowed_column_keeps_its_values(column: np.ndarray) -> None:
    np.testing.assert_array_equal(narrow(column).astype(np.float64), column)


@pytest.mark.parametrize("data", [b"", b"nonsense", zlib.compress(b"nonsense"), pack({"a": np.zeros(9)})[:-3]])
def test_bytes_that_are_not_whole_are_refused(data: bytes) -> None:
    with pytest.raises(DamagedWorkbook):
        unpack(data)


def test_a_block_that_unfolds_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "_LARGEST", 1000)

    with pytest.raises(DamagedWorkbook, match="too large"):
        unpack(pack({"a": np.zeros(10_000)}))
