"""Matrix products of a program: which parameters are packed into their right sides, and the calls that compute them."""

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.backends.numba.memory import Cells, Column, Find, Memory
from workbench.backends.numba.writing import Table, sum_of
from workbench.backends.rendering.lines import Lines
from workbench.cells.graph import MatrixUse, Value
from workbench.cells.schedule import ProductGroup

Uses = tuple[MatrixUse, ...]


@dataclass(frozen=True)
class Factor:
    """Operands that lie side by side, from a column on."""

    operands: tuple[Value, ...]
    cells: Cells
    column: int

    @property
    def is_input(self) -> bool:
        """Whether it is x."""
        return self.operands[0].op == "x"

    @property
    def depth(self) -> str:
        """Its rows of the packed matrix, in source text."""
        return "size_of_input" if self.is_input else f"{len(self.operands)} * hidden"


@dataclass(frozen=True)
class PackedProduct:
    """Factors times a matrix that is packed from parameters, x last."""

    name: str
    factors: tuple[Factor, ...]
    uses: tuple[tuple[Uses, ...], ...]
    """Of each operand, for each result: the matrices."""
    to_inputs: bool = False
    """Whether the result is as wide as x, not as the states."""

    @property
    def operands(self) -> tuple[Value, ...]:
        """Of all factors, in order."""
        return tuple(operand for factor in self.factors for operand in factor.operands)

    @property
    def columns(self) -> int:
        """The number of results."""
        return len(self.uses[0])

    @property
    def width(self) -> str:
        """From result to result, in source text."""
        return "input_pitch" if self.to_inputs else "pitch"

    @property
    def rows(self) -> str:
        """Of the packed matrix, in source text."""
        return sum_of(factor.depth for factor in self.factors)

    @property
    def vectors(self) -> str:
        """Of one of its rows, in source text."""
        return f"{self.columns} * {self.width} // LANES"


def find_factors(operands: Iterable[Value], find: Find) -> tuple[Factor, ...]:
    """Join neighbouring operands, x last."""

    def order(operand: Value) -> tuple[bool, str, int]:
        cells, column = find(operand)
        return operand.op == "x", cells.array, column

    factors: list[Factor] = []
    for operand in sorted(operands, key=order):
        cells, column = find(operand)
        last = factors[-1] if factors else None
        if last and last.cells == cells and column == last.column + len(last.operands) and column < cells.width:
            factors[-1] = Factor((*last.operands, operand), cells, last.column)
        else:
            factors.append(Factor((operand,), cells, column))
    return tuple(factors)


def pack_group(name: str, memory: Memory, group: ProductGroup, results: tuple[Value, ...]) -> PackedProduct:
    """The product of a group of the plan."""
    factors = find_factors(group.operands, memory.find)
    operands = [operand for factor in factors for operand in factor.operands]
    uses = tuple(tuple(result.blocks[result.args.index(operand)] for result in results) for operand in operands)
    return PackedProduct(name, factors, uses)


def write_product(
    lines: Lines, table: Table, product: PackedProduct, out: Column, *, height: str, accumulate: bool
) -> None:
    """Write the calls that compute a product of ``height`` rows, beginning at step ``t`` and sequence ``first``."""
    target, column = out
    lines.add(f"out = {target.at('first', column)}")
    tail = f"out, {target.row_pitch}, {height}, {product.vectors}"
    matrix = f"{table.name(product.name)}, {product.rows}"
    states = [factor for factor in product.factors if not factor.is_input]
    inputs = [factor for factor in product.factors if factor.is_input]
    second, adds = "0, 0, 0", str(int(accumulate))
    if inputs:
        skip = sum_of(factor.depth for factor in states)
        _write_gather(lines, table, f"{matrix}, {skip}, {tail}")
        x = f"{inputs[0].cells.at('first')}, input_pitch"
        if not states:
            with lines.block("if active == 0:"):
                call = f"{x}, 1, 0, size_of_input, 0, 0, 0, {matrix}, 0, {tail}, 0"
                lines.add(f"call({table.name('product')}, {call})")
            return
        # x joins the last call; where it was gathered, the first adds to that.
        second, adds = f"{x}, size_of_input if active == 0 else 0", "1 if active > 0 else 0"
    before: list[str] = []
    for factor in states:
        left = f"{factor.cells.at('first', factor.column)}, {factor.cells.row_pitch}"
        joined = second if factor is states[-1] else "0, 0, 0"
        order = f"{left}, {len(factor.operands)}, pitch, hidden, {joined}, {matrix}, {sum_of(before)}, {tail}, {adds}"
        lines.add(f"call({table.name('product')}, {order})")
        before.append(factor.depth)
        adds = "1"


def _write_gather(lines: Lines, table: Table, order: str) -> None:
    """x as indices of its active units is no product: their rows of the matrix are summed up."""
    with lines.block("if active > 0:"):
        indices = f"{table.name('indices')} + (t * batch + first) * active * 8, active"
        lines.add(f"call({table.name('gather')}, {indices}, {order})")


def write_packing(lines: Lines, table: Table, product: PackedProduct) -> None:
    """Write the calls that pack a product's matrix from parameters."""
    before: list[str] = []
    for operand, results in zip(product.operands, product.uses, strict=True):
        depth = "size_of_input" if operand.op == "x" else "hidden"
        for number, uses in enumerate(results):
            for count, use in enumerate(uses):
                columns = "size_of_input" if product.to_inputs else depth
                kind = f"{int(use.transposed)}, {int(use.sign < 0)}, {int(count > 0)}"
                place = f"{sum_of(before)}, {number} * {product.width} // LANES"
                lines.add(
                    f"call({table.name('pack')}, {table.name(f'parameter_{use.name}')}, hidden, {columns}, {kind}, "
                    f"{product.name}, {product.rows}, {place}, {product.vectors})"
                )
        before.append(depth)
