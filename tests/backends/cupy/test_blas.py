import ctypes
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from tests.backends.cupy.host_compiler import HERE, compile_library, missing
from workbench.backends.cupy.blas import Products
from workbench.backends.cupy.layouts import gemm_arguments
from workbench.backends.errors import BackendError

Matrix = NDArray[Any]
STREAM = 4096
WORKSPACE_ADDRESS = 256 * 1000

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


class StatusError(Exception):
    """Stands for the error that CuPy makes of a status."""


def host_cublas() -> ctypes.CDLL:
    """Return a library that computes on the host what cuBLAS's manual says."""
    return compile_library((HERE / "host_cublas.cpp").read_text(encoding="utf-8"))


@pytest.fixture
def cublas() -> Iterator[ctypes.CDLL]:
    yield host_cublas()
    host_cublas().host_fail(0)


@pytest.fixture
def products(cublas: ctypes.CDLL) -> Products:
    return Products(cublas, STREAM, WORKSPACE_ADDRESS, StatusError, tf32=False)


def multiply(products: Products, left: Matrix, right: Matrix, out: Matrix, *, add: bool = False) -> None:
    addresses = (array.ctypes.data for array in (left, right, out))
    products.multiply(gemm_arguments(left, right, out), *addresses, add=add)


@st.composite
def matrices(draw: st.DrawFn, rows: int, columns: int, kind: str, layouts: str) -> Matrix:
    """A matrix of small whole numbers, of which sums are exact: by rows or columns, alone or inside a larger one."""
    by_columns = draw(st.sampled_from(layouts)) == "F"
    lines, numbers = (columns, rows) if by_columns else (rows, columns)
    above, before, behind = (draw(st.integers(0, 3)) for _ in range(3))
    seed = draw(st.integers(0, 2**16))
    around = np.random.default_rng(seed).integers(-9, 10, (above + lines, before + numbers + behind)).astype(kind)
    inside = around[above:, before : before + numbers]
    return inside.T if by_columns else inside


@st.composite
def factors(draw: st.DrawFn) -> tuple[Matrix, Matrix, Matrix]:
    rows, inner, columns = (draw(st.integers(1, 6)) for _ in range(3))
    kind = draw(st.sampled_from(["float32", "float64"]))
    left, right = draw(matrices(rows, inner, kind, "CF")), draw(matrices(inner, columns, kind, "CF"))
    return left, right, draw(matrices(rows, columns, kind, "C"))


@given(case=factors(), add=st.booleans())
@settings(deadline=None)
def test_a_product_is_numpys_however_the_matrices_lie(case: tuple[Matrix, Matrix, Matrix], add: bool) -> None:
    left, right, out = case
    wanted = left @ right + (out if add else 0)
    multiply(Products(host_cublas(), STREAM, WORKSPACE_ADDRESS, StatusError, tf32=False), left, right, out, add=add)
    np.testing.assert_array_equal(out, wanted)


@given(case=factors())
@settings(deadline=None)
def test_a_product_writes_nothing_around_its_place(case: tuple[Matrix, Matrix, Matrix]) -> None:
    left, right, out = case
    around, before = out.base, out.copy()
    assert around is not None
    everything = around.copy()
    multiply(Products(host_cublas(), STREAM, WORKSPACE_ADDRESS, StatusError, tf32=False), left, right, out)
    out[...] = before
    np.testing.assert_array_equal(around, everything)


def test_what_was_there_does_not_matter_unless_it_is_added_to(products: Products) -> None:
    left, right, out = np.ones((2, 3)), np.ones((3, 2)), np.full((2, 2), np.nan)
    multiply(products, left, right, out)
    np.testing.assert_array_equal(out, np.full((2, 2), 3.0))


@pytest.mark.parametrize(("tf32", "mode"), [(False, 0), (True, 3)])
def test_tf32_is_a_choice(cublas: ctypes.CDLL, tf32: bool, mode: int) -> None:
    Products(cublas, STREAM, WORKSPACE_ADDRESS, StatusError, tf32=tf32)
    assert cublas.host_math() == mode


def test_a_handle_goes_with_its_owner(cublas: ctypes.CDLL) -> None:
    before = cublas.host_alive()
    owner = Products(cublas, STREAM, WORKSPACE_ADDRESS, StatusError, tf32=False)
    assert cublas.host_alive() == before + 1
    del owner
    assert cublas.host_alive() == before


@pytest.mark.parametrize(("status", "words"), [(3, "memory of the device ran out"), (13, "the card failed")])
def test_a_status_becomes_a_sentence_raised_from_its_error(cublas: ctypes.CDLL, status: int, words: str) -> None:
    cublas.host_fail(status)
    products = Products(cublas, STREAM, WORKSPACE_ADDRESS, StatusError, tf32=False)
    with pytest.raises(BackendError, match=f"cuBLAS failed at Sgemm_v2: {words}") as caught:
        multiply(products, *(np.zeros((2, 2), np.float32) for _ in range(3)))
    assert isinstance(caught.value.__cause__, StatusError)
    assert caught.value.__cause__.args == (status,)


def test_a_status_that_nobody_knows_is_told_by_its_number(cublas: ctypes.CDLL) -> None:
    cublas.host_fail(99)
    products = Products(cublas, STREAM, WORKSPACE_ADDRESS, StatusError, tf32=False)
    with pytest.raises(BackendError, match="cuBLAS answered Dgemm_v2 with status 99"):
        multiply(products, *(np.zeros((2, 2)) for _ in range(3)))


def test_sizes_beyond_32_bits_are_refused(products: Products) -> None:
    long = as_strided(np.zeros(1), (2**31, 1), (8, 8))
    with pytest.raises(BackendError, match="2147483648×1 by 1×1 is too large"):
        multiply(products, long, np.zeros((1, 1)), as_strided(np.zeros(1), (2**31, 1), (8, 8)))
