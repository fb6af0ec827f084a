"""What each name of the equations is: input, state, assigned value, matrix or vector parameter."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbench.cells.errors import CellError
from workbench.cells.functions import NAMED
from workbench.cells.tree import Assignment, Call, Expression, MatrixProduct, Name, Position, walk

INPUT = "x"
STEP = "t"


@dataclass(frozen=True)
class Matrix:
    """A matrix parameter: rows hidden, columns as what it multiplies."""

    reads_input: bool
    """Whether it multiplies ``x`` somewhere."""
    reads_values: bool
    """Whether it multiplies values of H units somewhere."""


@dataclass(frozen=True)
class Roles:
    """The names of a cell by their role, each in the order of the equations."""

    matrices: Mapping[str, Matrix]
    vectors: Mapping[str, Position]
    plain_input: Position | None
    """Where ``x`` stands outside a product, if it does: then inputs must equal hidden."""
    input_sized: Mapping[str, Position]
    """Matrices that multiply both ``x`` and a value of H units, or ``x`` transposed: inputs must equal hidden."""

    def is_matrix(self, name: str) -> bool:
        """Whether the parameter is a matrix."""
        return name in self.matrices


def assign_roles(assignments: tuple[Assignment, ...], states: tuple[str, ...]) -> Roles:
    """Give every name its role, or say which line breaks the rules (CellError)."""
    _check_states(states)
    assigned = _check_assignments(assignments, states)
    return _Reader(assigned, states).read(assignments)


def _check_states(states: tuple[str, ...]) -> None:
    if not states:
        raise CellError('a cell needs at least one state; write states = ["h"] (the first is the output)')
    for state in states:
        if not state.isascii() or not state.isidentifier() or state.startswith("_"):
            raise CellError(f"the state {state!r} is not a name; a name starts with a letter (letters, digits, _)")
        if state in (INPUT, STEP) or state in NAMED:
            raise CellError(f"a state cannot be called {state!r}: that name is taken; choose another")
    if len(set(states)) < len(states):
        raise CellError(f"a state is listed twice in {list(states)}; list each once")


def _check_assignments(assignments: tuple[Assignment, ...], states: tuple[str, ...]) -> dict[str, Position]:
    assigned: dict[str, Position] = {}
    for assignment in assignments:
        name, place = assignment.name, assignment.position
        if name in (INPUT, STEP):
            meaning = "the input" if name == INPUT else "the step's index"
            raise _error(place, f"{name!r} is {meaning} and cannot be assigned; choose another name")
        if name in NAMED:
            raise _error(place, f"{name!r} is a function and cannot be assigned; choose another name")
        if name in assigned:
            raise _error(place, f"{name!r} is assigned again (first on line {assigned[name].line}); use a new name")
        assigned[name] = place
    for state in states:
        if state not in assigned:
            raise CellError(
                f"the state {state!r} is never assigned; add a line {state} = ... or take it out of states"
                + _nearest(state, assigned)
            )
    return assigned


def _nearest(name: str, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(names), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _error(place: Position, message: str) -> CellError:
    return CellError(message, line=place.line, column=place.column)


class _Reader:
    """Walks the equations in order and notes how each name is used."""

    def __init__(self, assigned: dict[str, Position], states: tuple[str, ...]) -> None:
        self.assigned, self.states = assigned, states
        self.matrices: dict[str, Matrix] = {}
        self.vectors: dict[str, Position] = {}
        self.input_sized: dict[str, Position] = {}
        self.plain_input: Position | None = None

    def read(self, assignments: tuple[Assignment, ...]) -> Roles:
        known: set[str] = {INPUT, STEP, *self.states}
        for assignment in assignments:
            for part in walk(assignment.expression):
                if isinstance(part, MatrixProduct):
                    self.matrix(part)
                elif isinstance(part, Name):
                    self.value(part, known)
            self.note_plain_input(assignment.expression)
            known.add(assignment.name)
        return Roles(self.matrices, self.vectors, self.plain_input, self.input_sized)

    def matrix(self, product: MatrixProduct) -> None:
        name, place = product.matrix, product.position
        if name in (INPUT, STEP) or name in self.states or name in self.assigned:
            raise _error(place, f"left of @ stands a parameter's name; {name!r} is a value, write {name} * ...")
        if name in NAMED:
            raise _error(place, f"left of @ stands a parameter's name; {name!r} is a function")
        if name in self.vectors:
            raise self.both(name, place)
        reads_input = isinstance(product.operand, Name) and product.operand.name == INPUT
        known = self.matrices.get(name, Matrix(reads_input=False, reads_values=False))
        matrix = Matrix(known.reads_input or reads_input, known.reads_values or not reads_input)
        self.matrices[name] = matrix
        if (matrix.reads_input and matrix.reads_values) or (reads_input and product.transposed):
            self.input_sized.setdefault(name, place)

    def value(self, part: Name, known: set[str]) -> None:
        name = part.name
        if name in known:
            return
        if name in self.assigned:
            raise _error(
                part.position,
                f"{name!r} is used before its line ({self.assigned[name].line}); move that line up, or make it a state "
                "to read its previous value",
            )
        if name in NAMED:
            raise _error(part.position, f"{name!r} is a function; write {name}(...)")
        if name in self.matrices:
            raise self.both(name, part.position)
        self.vectors.setdefault(name, part.position)

    def both(self, name: str, place: Position) -> CellError:
        return _error(place, f"{name!r} is used as a matrix and as a vector; give one of the two another name")

    def note_plain_input(self, expression: Expression) -> None:
        if self.plain_input is not None:
            return
        match expression:
            case Name(name=name, position=place) if name == INPUT:
                self.plain_input = place
            case Call(args=args):
                for arg in args:
                    self.note_plain_input(arg)
            case MatrixProduct(operand=operand) if not isinstance(operand, Name):
                self.note_plain_input(operand)
