"""How matrices lie in memory, and how a product of them is told to a library that counts by columns."""

from dataclasses import dataclass

from workbench.backends.cupy.device import Array
from workbench.backends.errors import BackendError

_TYPES = ("float32", "float64")


@dataclass(frozen=True)
class Gemm:
    """The arguments of cuBLAS's ``gemm`` for ``out = left @ right`` with rows side by side.

    cuBLAS counts by columns: what it takes for a matrix is the transpose of what lies there by rows. So it is asked for
    ``outᵀ = rightᵀ @ leftᵀ``: its first factor is ``right``, its second ``left``, and ``out`` is written by rows. The
    leading dimensions count numbers.
    """

    double: bool
    transpose_first: bool
    transpose_second: bool
    rows: int
    columns: int
    inner: int
    leading_first: int
    leading_second: int
    leading_out: int


def gemm_arguments(left: Array, right: Array, out: Array) -> Gemm:
    """Return how cuBLAS is asked for ``out = left @ right``, on the arrays as they lie.

    Raises BackendError where sizes or types do not fit, or an array's numbers do not lie as cuBLAS can read them.
    """
    _check(left, right, out)
    (rows, inner), columns = left.shape, right.shape[1]
    left_by_columns, leading_left = _lie("left", left)
    right_by_columns, leading_right = _lie("right", right)
    out_by_columns, leading_out = _lie("out", out)
    if out_by_columns:
        raise BackendError(f"A product's out lies by columns (strides {out.strides}): give one that lies by rows.")
    return Gemm(
        double=str(out.dtype) == "float64",
        transpose_first=right_by_columns,
        transpose_second=left_by_columns,
        rows=columns,
        columns=rows,
        inner=inner,
        leading_first=leading_right,
        leading_second=leading_left,
        leading_out=leading_out,
    )


def _check(left: Array, right: Array, out: Array) -> None:
    types = [str(array.dtype) for array in (left, right, out)]
    if len(set(types)) > 1 or types[0] not in _TYPES:
        raise BackendError(f"A product needs three arrays of float32, or three of float64; these are {types}.")
    shapes = [tuple(array.shape) for array in (left, right, out)]
    fits = all(len(shape) == 2 for shape in shapes)
    if not fits or (*shapes[0], shapes[1][1]) != (shapes[2][0], shapes[1][0], shapes[2][1]):
        raise BackendError(f"Matrices of shapes {shapes[0]} and {shapes[1]} do not multiply into one of {shapes[2]}.")


def _lie(name: str, array: Array) -> tuple[bool, int]:
    """Return whether a matrix lies by columns, and its leading dimension: the way from one line to the next.

    An axis of one number has no stride that matters: then either way fits, and rows are preferred.
    """
    rows, columns = array.shape
    down, along = (_in_numbers(stride, array) for stride in array.strides)
    if array.size == 0:
        return False, max(1, columns)
    if (columns == 1 or along == 1) and (rows == 1 or down >= columns):
        return False, max(1, columns) if rows == 1 else down
    if (rows == 1 or down == 1) and (columns == 1 or along >= rows):
        return True, max(1, rows) if columns == 1 else along
    raise BackendError(
        f"The {name} matrix of a product has the strides {array.strides} at shape {tuple(array.shape)}: "
        "its numbers must lie side by side along one axis, without overlap."
    )


def _in_numbers(stride: int, array: Array) -> int:
    """Return a stride counted in numbers; 0, which never fits, where it is not a whole count."""
    numbers, rest = divmod(stride, array.dtype.itemsize)
    return int(numbers) if rest == 0 else 0
