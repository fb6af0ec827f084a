import numpy as np
import pytest
from numpy.typing import NDArray

from workbench.backends.cupy.layouts import gemm_arguments
from workbench.backends.errors import BackendError


def zeros(*shape: int, kind: str = "float32") -> NDArray[np.float32]:
    return np.zeros(shape, kind)


def test_a_product_by_rows_is_the_product_of_the_transposes_by_columns() -> None:
    gemm = gemm_arguments(zeros(2, 3), zeros(3, 5), zeros(2, 5))
    assert (gemm.rows, gemm.columns, gemm.inner) == (5, 2, 3)
    assert (gemm.leading_first, gemm.leading_second, gemm.leading_out) == (5, 3, 5)
    assert (gemm.transpose_first, gemm.transpose_second) == (False, False)


def test_a_transposed_matrix_is_asked_for_not_copied() -> None:
    gemm = gemm_arguments(zeros(3, 2).T, zeros(5, 3).T, zeros(2, 5))
    assert (gemm.transpose_first, gemm.transpose_second) == (True, True)
    assert (gemm.leading_first, gemm.leading_second) == (3, 2)


def test_a_part_of_the_columns_keeps_the_whole_width() -> None:
    gemm = gemm_arguments(zeros(2, 9)[:, 3:6], zeros(3, 5), zeros(2, 20)[:, 5:10])
    assert (gemm.leading_second, gemm.leading_out) == (9, 20)


@pytest.mark.parametrize(("rows", "inner", "columns"), [(0, 3, 5), (2, 0, 5), (2, 3, 0), (0, 0, 0)])
def test_an_empty_matrix_has_a_leading_dimension_all_the_same(rows: int, inner: int, columns: int) -> None:
    gemm = gemm_arguments(zeros(rows, inner), zeros(inner, columns), zeros(rows, columns))
    assert min(gemm.leading_first, gemm.leading_second, gemm.leading_out) >= 1


def test_a_single_row_lies_either_way() -> None:
    gemm = gemm_arguments(zeros(7, 3)[2:3], zeros(3, 5), zeros(1, 5))
    assert (gemm.transpose_second, gemm.leading_second) == (False, 3)


def test_a_single_column_of_a_wide_matrix_is_read_where_it_lies() -> None:
    gemm = gemm_arguments(zeros(2, 7)[:, 2:3], zeros(1, 5), zeros(2, 5))
    assert (gemm.transpose_second, gemm.leading_second) == (False, 7)


@pytest.mark.parametrize(
    "left",
    [zeros(2, 6)[:, ::2], zeros(2, 3)[::-1], zeros(2, 3)[:, ::-1], np.broadcast_to(zeros(1, 3), (2, 3))],
    ids=["every second", "upside down", "turned around", "one row twice"],
)
def test_what_would_need_a_copy_is_refused(left: NDArray[np.float32]) -> None:
    with pytest.raises(BackendError, match="The left matrix of a product has the strides"):
        gemm_arguments(left, zeros(3, 5), zeros(2, 5))


def test_a_product_is_not_written_by_columns() -> None:
    with pytest.raises(BackendError, match="out lies by columns"):
        gemm_arguments(zeros(2, 3), zeros(3, 5), zeros(5, 2).T)


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(BackendError, match=r"\(2, 3\) and \(4, 5\) do not multiply into one of \(2, 5\)"):
        gemm_arguments(zeros(2, 3), zeros(4, 5), zeros(2, 5))


def test_stacks_of_matrices_are_refused() -> None:
    with pytest.raises(BackendError, match=r"\(1, 2, 3\) and \(3, 5\) do not multiply"):
        gemm_arguments(zeros(1, 2, 3), zeros(3, 5), zeros(2, 5))


@pytest.mark.parametrize("kind", ["float64", "int32", "float16"])
def test_types_are_not_mixed(kind: str) -> None:
    with pytest.raises(BackendError, match=f"these are .*{kind}"):
        gemm_arguments(zeros(2, 3), zeros(3, 5), zeros(2, 5, kind=kind))
