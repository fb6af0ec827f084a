"""Matrix products of a program: what is multiplied, and the matrix that is packed from parameters."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from workbench.backends.cupy.memory import Braces, Cells
from workbench.cells.graph import MatrixUse, Value

Uses = tuple[MatrixUse, ...]


@dataclass(frozen=True)
class Factor:
    """Operands that lie side by side, from a column on."""

    operands: tuple[Value, ...]
    cells: Cells

    @property
    def is_input(self) -> bool:
        """Whether it is x."""
        return self.operands[0].op == "x"


@dataclass(frozen=True)
class PackedProduct:
    """Factors times a matrix that is packed from parameters.

    The matrix has the operands' units one below the other, and the results' units side by side.
    """

    name: str
    factors: tuple[Factor, ...]
    results: tuple[Value, ...]
    uses: tuple[tuple[Uses, ...], ...]
    """Of each operand, for each result: the matrices."""
    to_inputs: bool = False
    """Whether the one result is as wide as x, not as the states."""

    @property
    def operands(self) -> tuple[Value, ...]:
        """Of all factors, in order."""
        return tuple(operand for factor in self.factors for operand in factor.operands)

    @property
    def columns(self) -> str:
        """Of the matrix, in source text."""
        return "INPUTS" if self.to_inputs else f"({len(self.uses[0])} * HIDDEN)"

    def rows(self, inputs: int, hidden: int) -> int:
        """Of the matrix."""
        return sum(inputs if operand.op == "x" else hidden for operand in self.operands)

    def shape(self, inputs: int, hidden: int) -> tuple[int, int]:
        """Of the matrix."""
        return self.rows(inputs, hidden), inputs if self.to_inputs else len(self.uses[0]) * hidden


def find_factors(operands: Iterable[Value], find: Callable[[Value], Cells]) -> tuple[Factor, ...]:
    """Join neighbouring operands, x last."""

    def order(operand: Value) -> tuple[bool, str, int]:
        return operand.op == "x", find(operand).array, find(operand).column

    factors: list[Factor] = []
    for operand in sorted(operands, key=order):
        cells, last = find(operand), factors[-1] if factors else None
        if last and _follows(cells, last):
            factors[-1] = Factor((*last.operands, operand), last.cells)
        else:
            factors.append(Factor((operand,), cells))
    return tuple(factors)


def _follows(cells: Cells, factor: Factor) -> bool:
    last = factor.cells
    same = (cells.array, cells.row, cells.columns) == (last.array, last.row, last.columns)
    return same and cells.column == last.column + len(factor.operands)


def pack(
    name: str, operands: Iterable[Value], results: Sequence[Value], find: Callable[[Value], Cells]
) -> PackedProduct:
    """The product of a group of the plan, its results in the order of their columns."""
    factors = find_factors(operands, find)
    ordered = [operand for factor in factors for operand in factor.operands]
    uses = tuple(tuple(result.blocks[result.args.index(operand)] for result in results) for operand in ordered)
    return PackedProduct(name, factors, tuple(results), uses)


def write_packing(lines: Braces, product: PackedProduct, parameter: Callable[[str], str]) -> None:
    """Write the loop that fills a product's matrix; ``parameter`` names the array of a parameter."""
    depths = ["INPUTS" if operand.op == "x" else "HIDDEN" for operand in product.operands]
    rows, columns = " + ".join(depths), product.columns
    with lines.block(f"for (long long i = first; i < (long long)({rows}) * {columns}; i += together) {{"):
        lines.add(f"int k = i / {columns};")
        lines.add(f"const int column = i % {columns};")
        width = "INPUTS" if product.to_inputs else "HIDDEN"
        lines.add(f"const int result = column / {width}, unit = column % {width};")
        lines.add("real entry = real(0);")
        lines.add("bool found = false;")
        for depth, results in zip(depths, product.uses, strict=True):
            with lines.block(f"if (!found && k < {depth}) {{"):
                lines.add("found = true;")
                for number, uses in enumerate(results):
                    lines.add(f"if (result == {number}) entry = {_entry(uses, depth, width, parameter)};")
            lines.add(f"k -= {depth};")
        lines.add(f"{product.name}[i] = entry;")


def _entry(uses: Uses, depth: str, width: str, parameter: Callable[[str], str]) -> str:
    """Arrays hold a sequence a row, so W @ v becomes v @ W.T."""
    terms = [
        f"{'-' if use.sign < 0 else '+'} {parameter(use.name)}"
        f"[{f'k * {width} + unit' if use.transposed else f'unit * {depth} + k'}]"
        for use in uses
    ]
    return " ".join(terms)
