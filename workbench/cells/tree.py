"""The tree of a cell's equations, as parsed: what typesetting, the oracle and the compiler read."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Position:
    """Where something stands in the equations; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number, spread over all units."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """The input ``x``, the step's index ``t``, a state, an assigned value or a vector parameter."""

    name: str
    position: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language or an operator (``add``, ``less``, ...) applied unit by unit."""

    function: str
    args: "tuple[Expression, ...]"
    position: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class MatrixProduct:
    """``matrix @ operand``, or ``matrix.T @ operand``."""

    matrix: str
    transposed: bool
    operand: "Expression"
    position: Position = field(compare=False)


Expression = Number | Name | Call | MatrixProduct


@dataclass(frozen=True, slots=True)
class Assignment:
    """One line of the equations."""

    name: str
    expression: Expression
    position: Position = field(compare=False)


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield the expression and all its parts, outermost first, left to right."""
    yield expression
    match expression:
        case Call(args=args):
            for arg in args:
                yield from walk(arg)
        case MatrixProduct(operand=operand):
            yield from walk(operand)
