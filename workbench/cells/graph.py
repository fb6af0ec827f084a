"""The values of one step as a graph without duplicates: what the compiler schedules.

The forward pass and the backward pass are graphs of the same kind; a gradient refers to the forward values it needs.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from workbench.cells.functions import FUNCTIONS


class Reach(IntEnum):
    """How far a value reaches back, which decides when it is computed."""

    CONSTANT = 0
    """Parameters and numbers alone: once a call."""
    SEQUENCE = 1
    """The input or the step's index too: for all steps at once."""
    RECURRENT = 2
    """The previous step too."""


@dataclass(frozen=True, slots=True)
class MatrixUse:
    """A matrix as one product uses it."""

    name: str
    transposed: bool
    sign: int


Block = tuple[MatrixUse, ...]
"""The sum of matrices that multiplies one operand."""


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Value:
    """One value of H units a step.

    ``op`` is a function's name, or

    - ``product``: the sum of ``blocks[i] @ args[i]``;
    - ``accumulate``: adds its argument to what the state ``name`` receives at the step before;
    - a leaf: ``number``, ``t``, ``x``, ``parameter`` (a vector), ``previous`` (a state of the step before),
      ``arriving`` (the gradient that reaches a state from later steps and from outside), ``summed`` (the gradient of a
      constant, summed over steps and batch), ``tangent`` (the direction in which ``name``, a state of the step before
      or x, moves).
    """

    op: str
    serial: int
    reach: Reach
    depth: int
    args: "tuple[Value, ...]" = ()
    name: str = ""
    number: float = 0.0
    blocks: tuple[Block, ...] = ()

    def __repr__(self) -> str:
        # The arguments by number alone: written out, shared parts would repeat without end.
        return f"{self.op}{self.name and ':' + self.name}#{self.serial}({', '.join(f'#{a.serial}' for a in self.args)})"

    @property
    def is_leaf(self) -> bool:
        """Whether nothing has to be computed for it."""
        return not self.args

    @property
    def is_scalar(self) -> bool:
        """Whether it is one number for all units."""
        return self.op in ("number", "t")


_LEAF_REACH = {
    "number": Reach.CONSTANT,
    "parameter": Reach.CONSTANT,
    "summed": Reach.CONSTANT,
    "t": Reach.SEQUENCE,
    "x": Reach.SEQUENCE,
    "previous": Reach.RECURRENT,
    "arriving": Reach.RECURRENT,
    "tangent": Reach.RECURRENT,
}


class Graph:
    """Makes values, each only once.

    ``folds_inputs``: products that read x join the recurrent product that they are added to, rather than being computed
    for all steps at once: better where a product costs no call of its own.
    """

    def __init__(self, *, folds_inputs: bool = False) -> None:
        self.folds_inputs = folds_inputs
        self._known: dict[tuple[object, ...], Value] = {}
        self._count = 0

    def __len__(self) -> int:
        """How many values were made."""
        return self._count

    def leaf(self, op: str, name: str = "") -> Value:
        """A leaf other than a number."""
        return self._make(op, _LEAF_REACH[op], 0, name=name)

    def number(self, value: float) -> Value:
        """A number."""
        return self._make("number", Reach.CONSTANT, 0, number=float(value))

    def call(self, op: str, *args: Value) -> Value:
        """An elementwise operation (or ``mean``), simplified where numbers allow."""
        simple = self._simplify(op, args)
        if simple is not None:
            return simple
        reach = max(arg.reach for arg in args)
        return self._make(op, reach, max(arg.depth for arg in args), args=args)

    def spread(self, value: Value) -> Value:
        """The same value as one of its own for every step and sequence, even where it is constant."""
        return self._make("copy", max(value.reach, Reach.SEQUENCE), value.depth, args=(value,))

    def product(self, terms: Iterable[tuple[Value, MatrixUse]]) -> Value:
        """The sum of matrix products; several matrices on one operand become one block."""
        blocks: dict[Value, list[MatrixUse]] = {}
        for operand, use in terms:
            whole = self.spread(operand) if operand.reach is Reach.CONSTANT or operand.op == "t" else operand
            blocks.setdefault(whole, []).append(use)
        reach = max(operand.reach for operand in blocks)
        depth = 1 + max(operand.depth for operand in blocks)
        return self._make("product", reach, depth, args=tuple(blocks), blocks=tuple(map(tuple, blocks.values())))

    def accumulate(self, state: str, value: Value) -> Value:
        """Add ``value`` to the gradient that ``state`` receives at the step before."""
        return self._make("accumulate", Reach.RECURRENT, value.depth, args=(value,), name=state)

    def keep_apart(self, state: str, value: Value, made_before: int) -> Value:
        """Return a state's value, or a copy if it is one of the first ``made_before``; nothing else will share it."""
        if value.is_leaf or value.reach is Reach.CONSTANT or value.serial < made_before:
            return self._make("copy", max(value.reach, Reach.SEQUENCE), value.depth, args=(value,), name=state)
        self._known = {key: known for key, known in self._known.items() if known is not value}
        return value

    def _make(
        self,
        op: str,
        reach: Reach,
        depth: int,
        *,
        args: tuple[Value, ...] = (),
        name: str = "",
        number: float = 0.0,
        blocks: tuple[Block, ...] = (),
    ) -> Value:
        key = (op, args, name, repr(number), blocks)
        if key not in self._known:
            self._known[key] = Value(op, self._count, reach, depth, args, name, number, blocks)
            self._count += 1
        return self._known[key]

    def _simplify(self, op: str, args: tuple[Value, ...]) -> Value | None:
        numbers = [arg.number if arg.op == "number" else None for arg in args]
        known = [number for number in numbers if number is not None]
        if len(known) == len(args) and op != "copy":
            with np.errstate(all="ignore"):
                result = float(FUNCTIONS[op].evaluate(*known))
            return self.number(result) if np.isfinite(result) else None
        match op, numbers:
            case ("add", [0.0, _]) | ("multiply", [1.0, _]):
                return args[1]
            case ("add" | "subtract", [_, 0.0]) | ("multiply" | "divide", [_, 1.0]):
                return args[0]
            case "multiply", [-1.0, _]:
                return self.call("negative", args[1])
            case "multiply", [_, -1.0]:
                return self.call("negative", args[0])
            case "subtract", [0.0, _]:
                return self.call("negative", args[1])
        if op == "negative" and args[0].op == "negative":
            return args[0].args[0]
        return None


def ancestors(values: Iterable[Value], known: Callable[[Value], bool] = lambda _: False) -> set[Value]:
    """The values and everything they are made of, down to what is known, which is left out."""
    found: set[Value] = set()
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if value not in found and not known(value):
            found.add(value)
            waiting.extend(value.args)
    return found


def in_order(values: Iterable[Value]) -> Iterator[Value]:
    """The values, each after what it is made of."""
    return iter(sorted(values, key=lambda value: value.serial))
