"""A cell: its equations, states and initial values, checked."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from workbench.cells.errors import CellError
from workbench.cells.initial import InitialValue, check_initial_values, draw_parameters
from workbench.cells.parser import parse_equations
from workbench.cells.plan import Plan, make_plan
from workbench.cells.roles import assign_roles
from workbench.cells.typeset import latex_equations, latex_name, rich_text_equations, rich_text_name

MAX_FILE_SIZE = 100_000
_FILE_KEYS = {"title", "about", "source", "states", "equations", "init", "fixed"}


class Cell:
    """A recurrent cell, defined by its equations alone.

    Everything is checked here: a Cell that exists can be compiled by every backend. Raises CellError.
    """

    def __init__(
        self,
        equations: str,
        states: Iterable[str],
        *,
        init: Mapping[str, InitialValue] | None = None,
        fixed: Iterable[str] = (),
        name: str = "cell",
        title: str = "",
        about: str = "",
        source: str = "",
    ) -> None:
        self.name, self.title, self.about, self.source = name, title or name, about, source
        self.equations = equations
        self.states = tuple(states)
        self.assignments = parse_equations(equations)
        self.roles = assign_roles(self.assignments, self.states)
        self.parameters = (*self.roles.matrices, *self.roles.vectors)
        self.init = dict(init or {})
        self.fixed = frozenset(fixed)
        check_initial_values(self.init, {name: self.roles.is_matrix(name) for name in self.parameters})
        unknown = self.fixed.difference(self.parameters)
        if unknown:
            raise CellError(f"fixed names {min(unknown)!r}, which is no parameter of the equations")

    def __repr__(self) -> str:
        return f"Cell({self.name!r})"

    @classmethod
    def from_equations(
        cls,
        text: str,
        states: Iterable[str],
        init: Mapping[str, InitialValue] | None = None,
        fixed: Iterable[str] = (),
        **words: str,
    ) -> "Cell":
        """Make a cell from equations, one assignment a line; ``words``: name, title, about, source."""
        return cls(text, states, init=init, fixed=fixed, **words)

    @classmethod
    def from_text(cls, text: str, name: str = "cell") -> "Cell":
        """Make a cell from the text of a cell file (TOML). Raises CellError."""
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise CellError(f"the cell file is not valid TOML: {error}") from None
        except (RecursionError, ValueError):
            raise CellError("the cell file is nested too deeply, or holds a number that is too long") from None
        return cls.from_values(values, name)

    @classmethod
    def from_values(cls, values: Mapping[str, Any], name: str = "cell") -> "Cell":
        """Make a cell from the parsed contents of a cell file. Raises CellError naming the key."""
        _check_values(values)
        return cls(
            values["equations"],
            values["states"],
            init=values.get("init", {}),
            fixed=values.get("fixed", ()),
            name=name,
            title=values.get("title", ""),
            about=values.get("about", ""),
            source=values.get("source", ""),
        )

    @classmethod
    def from_file(cls, path: str | Path) -> "Cell":
        """Read a cell file; its stem is the cell's name. Raises CellError."""
        path = Path(path)
        try:
            with path.open("rb") as file:
                data = file.read(MAX_FILE_SIZE + 1)
            text = data.decode("utf-8")
        except OSError as error:
            raise CellError(f"the cell file {path} cannot be read: {error.strerror}; check the path") from None
        except UnicodeDecodeError:
            raise CellError(f"{path} is not a text file; a cell file is TOML in UTF-8") from None
        if len(data) > MAX_FILE_SIZE:
            raise CellError(f"{path} is larger than {MAX_FILE_SIZE:,} bytes; that is no cell file")
        return cls.from_text(text, path.stem)

    @cached_property
    def values(self) -> dict[str, Any]:
        """What a cell file of this cell holds: ``from_values`` makes the same cell of it."""
        return {
            "title": self.title,
            "about": self.about,
            "source": self.source,
            "states": list(self.states),
            "fixed": sorted(self.fixed),
            "equations": self.equations,
            "init": dict(self.init),
        }

    @property
    def recurrent_matrices(self) -> tuple[str, ...]:
        """The matrices that multiply values of H units, and so are square."""
        return tuple(name for name, matrix in self.roles.matrices.items() if matrix.reads_values)

    def shapes(self, inputs: int, hidden: int) -> dict[str, tuple[int, ...]]:
        """Return each parameter's shape; raises CellError where these sizes do not fit the equations."""
        if inputs < 1 or hidden < 1:
            raise CellError(f"inputs and hidden are at least 1, here they are {inputs} and {hidden}")
        if inputs != hidden:
            self._refuse_different_sizes(inputs, hidden)
        matrices = {
            name: (hidden, inputs if matrix.reads_input else hidden) for name, matrix in self.roles.matrices.items()
        }
        return matrices | dict.fromkeys(self.roles.vectors, (hidden,))

    def _refuse_different_sizes(self, inputs: int, hidden: int) -> None:
        sizes = f"inputs = {inputs} and hidden = {hidden}"
        if place := self.roles.plain_input:
            raise CellError(
                f"x stands outside a product, which needs as many inputs as units; here {sizes}: multiply it by a "
                "matrix (W_x @ x) or make the sizes equal",
                line=place.line,
                column=place.column,
            )
        for name, place in self.roles.input_sized.items():
            raise CellError(
                f"{name} multiplies x and a value of {hidden} units, or x transposed, which needs as many inputs as "
                f"units; here {sizes}: use two matrices or make the sizes equal",
                line=place.line,
                column=place.column,
            )

    def initial_parameters(
        self, inputs: int, hidden: int, seed: int, length: int | None = None, dtype: str = "float32"
    ) -> dict[str, NDArray[Any]]:
        """Draw the parameters; ``length`` is the task's, for rules that know it. The same seed, the same values."""
        shapes = self.shapes(inputs, hidden)
        return draw_parameters(shapes, self.init, seed=seed, length=length, dtype=dtype)

    @cached_property
    def plan(self) -> Plan:
        """The schedule for backends whose every operation is a call: what reads x alone is hoisted out of the loop."""
        return make_plan(self.assignments, self.states, self.roles, self.fixed)

    @cached_property
    def folded_plan(self) -> Plan:
        """The schedule for compiled backends: products that read x join the recurrent ones."""
        return make_plan(self.assignments, self.states, self.roles, self.fixed, folds_inputs=True)

    @property
    def latex(self) -> str:
        """The equations in LaTeX, one aligned line each."""
        return latex_equations(self.assignments, self.states, self.roles)

    def latex_name(self, name: str) -> str:
        """Return a value's or parameter's name in LaTeX, without dollar signs."""
        return latex_name(name, self.roles)

    def rich_text_name(self, name: str) -> str:
        """Return a value's or parameter's name as HTML, in the subset that Qt draws."""
        return rich_text_name(name, self.roles)

    @property
    def rich_text(self) -> tuple[str, ...]:
        """The equations as HTML with sub- and superscripts, one string a line."""
        return rich_text_equations(self.assignments, self.states, self.roles)


def _check_values(values: Mapping[str, Any]) -> None:
    for key in values:
        if key not in _FILE_KEYS:
            raise CellError(f"a cell file has no key {key!r}; it has {', '.join(sorted(_FILE_KEYS))}")
    for key in ("states", "equations"):
        if key not in values:
            raise CellError(f"the cell file has no {key}; it needs states = [...] and equations")
    for key in ("title", "about", "source", "equations"):
        if not isinstance(values.get(key, ""), str):
            raise CellError(f"{key} in a cell file is text, not {type(values[key]).__name__}")
    for key in ("states", "fixed"):
        entries = values.get(key, [])
        if not isinstance(entries, list | tuple) or not all(isinstance(entry, str) for entry in entries):
            raise CellError(f'{key} in a cell file is a list of names, such as ["h"]')
    if not isinstance(values.get("init", {}), Mapping):
        raise CellError("init in a cell file is a table: [init] and lines such as b_f = 1.0")
