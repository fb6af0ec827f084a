"""Cells of the catalogue typed anew, with other names for every value and parameter."""

from workbench.cells import Cell, catalogue

_EQUATIONS = {
    "elman": (["y"], "y = tanh(A @ y + B @ x + a)"),
    "gated": (
        ["y"],
        """
        update = sigmoid(A @ y + B @ x + a)
        y = (1 - update) * y + update * tanh(C @ y + E @ x + c)
        """,
    ),
    "gru": (
        ["y"],
        """
        keep = sigmoid(A @ y + B @ x + a)
        reset = sigmoid(C @ y + E @ x + c)
        fresh = tanh(F @ x + f + reset * (G @ y + g))
        y = (1 - keep) * fresh + keep * y
        """,
    ),
    "lstm": (
        ["y", "memory"],
        """
        keep = sigmoid(A @ y + B @ x + a)
        write = sigmoid(C @ y + E @ x + c)
        show = sigmoid(F @ y + G @ x + f)
        memory = keep * memory + write * tanh(J @ y + K @ x + g)
        y = show * tanh(memory)
        """,
    ),
}


def _typed(states: list[str], lines: str, name: str) -> Cell:
    return Cell.from_equations("\n".join(line.strip() for line in lines.strip().splitlines()), states, name=name)


TYPED = {f"typed {name}": _typed(*words, f"typed-{name}") for name, words in _EQUATIONS.items()}


def cell_named(name: str) -> Cell:
    """Return a typed cell ("typed lstm") or one of the catalogue ("lstm")."""
    return TYPED.get(name) or catalogue()[name]


def names_in_catalogue(name: str) -> dict[str, str]:
    """Return for each parameter of a cell what the catalogue calls it: they stand in the same order."""
    return dict(zip(cell_named(name).parameters, catalogue()[name.removeprefix("typed ")].parameters, strict=True))
