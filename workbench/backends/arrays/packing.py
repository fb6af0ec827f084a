"""Parameters side by side for the machine, and gradients back by name for people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.backends.arrays.kernels import Array
from workbench.cells.graph import MatrixUse, Value
from workbench.cells.layout import Area, Layout, Place
from workbench.cells.plan import Plan
from workbench.cells.schedule import ProductGroup


@dataclass(frozen=True)
class Factor:
    """Neighbouring operands of a product group and the matrix (their units, results * H) that multiplies them."""

    place: Place
    width: int
    uses: tuple[tuple[tuple[MatrixUse, ...], ...], ...]
    """Of each operand, for each result: the matrices."""
    table: Array
    """The matrix, and after an input's last row one of zeros for "no unit is active"."""

    @property
    def matrix(self) -> Array:
        """What the operands are multiplied by."""
        return self.table[:-1] if self.place.area is Area.INPUT else self.table


def make_factors(xp: Any, group: ProductGroup, layout: Layout, inputs: int, hidden: int, dtype: str) -> list[Factor]:
    """Return the factors of a group, a run of neighbouring operands each, with room for their matrices."""
    results = layout.results[group]
    operands = sorted(group.operands, key=lambda operand: layout.places[operand].column)
    factors = []
    for place, run in layout.runs(operands):
        rows = inputs + 1 if place.area is Area.INPUT else hidden * len(run)
        uses = tuple(tuple(_block(result, operand) for result in results) for operand in run)
        table = xp.zeros((rows, hidden * len(results)), dtype=dtype)
        factors.append(Factor(place, len(run), uses, table))
    return factors


def _block(result: Value, operand: Value) -> tuple[MatrixUse, ...]:
    return result.blocks[result.args.index(operand)]


def fill_factor(factor: Factor, parameters: Mapping[str, Array], hidden: int) -> None:
    """Copy parameters into a factor's matrix: arrays hold a sequence a row, so W @ v becomes v @ W.T."""
    rows = len(factor.matrix) // len(factor.uses)
    for i, blocks in enumerate(factor.uses):
        for j, uses in enumerate(blocks):
            target = factor.matrix[i * rows : (i + 1) * rows, j * hidden : (j + 1) * hidden]
            for count, use in enumerate(uses):
                matrix = parameters[use.name] if use.transposed else parameters[use.name].T
                if count:
                    target += use.sign * matrix
                elif use.sign == 1:
                    target[...] = matrix
                else:
                    target[...] = -matrix


def fill_constants(plan: Plan, layout: Layout, constants: Array, parameters: Mapping[str, Array], hidden: int) -> None:
    """Copy vector parameters to their columns."""
    for name, leaf in plan.vectors.items():
        column = layout.places[leaf].column
        constants[column * hidden : (column + 1) * hidden] = parameters[name]


def scatter_rows(xp: Any, indices: Array, gradient: Array, rows: int) -> Array:
    """Sum rows of a gradient, (N, columns), by the active units of each, (N, k): (columns, rows).

    Sorted first, so that the order of summing, and with it the result, is always the same.
    """
    table = xp.zeros((rows, gradient.shape[1]), dtype=gradient.dtype)
    for column in range(indices.shape[1]):
        order = xp.argsort(indices[:, column], kind="stable")
        units = indices[order, column]
        starts = xp.flatnonzero(xp.concatenate([xp.ones(1, bool), units[1:] != units[:-1]]))
        sums = xp.add.reduceat(gradient[order], starts, axis=0)
        active = units[starts] >= 0
        table[units[starts][active]] += sums[active]
    return table.T


def name_gradients(
    xp: Any,
    shapes: Mapping[str, tuple[int, ...]],
    fixed: frozenset[str],
    dtype: str,
    blocks: Iterable[tuple[Array, tuple[MatrixUse, ...]]],
    vectors: Mapping[str, Array],
) -> dict[str, Array]:
    """Return the gradient of every learnt parameter from those of sums of matrices, (H, columns), and of vectors."""
    found: dict[str, Array] = {}
    for block, uses in blocks:
        _spread_gradient(block, uses, found, fixed)
    found |= {name: vector.copy() for name, vector in vectors.items()}
    # Parameters that no state depends on have none.
    found |= {name: xp.zeros(shape, dtype) for name, shape in shapes.items() if name not in found}
    return {name: gradient for name, gradient in found.items() if name not in fixed}


def _spread_gradient(
    block: Array, uses: tuple[MatrixUse, ...], gradients: dict[str, Array], fixed: frozenset[str]
) -> None:
    for use in uses:
        if use.name in fixed:
            continue
        own = block.T if use.transposed else block
        own = own * use.sign if len(uses) > 1 or use.sign == -1 else own
        gradients[use.name] = gradients[use.name] + own if use.name in gradients else own
