"""The table through which a program receives sizes and addresses."""

from collections.abc import Iterable

from workbench.backends.rendering.lines import words_of


class Table:
    """Names of the whole numbers that a program is given, in order; ``name`` takes one up."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(names)

    def name(self, name: str) -> str:
        """Return the name, as the program will know it."""
        if name not in self.names:
            self.names.append(name)
        return name

    def reads(self, body: str) -> list[str]:
        """Lines that read what a body uses."""
        used = words_of(body)
        return [f"{name} = entry(table, {index})" for index, name in enumerate(self.names) if name in used]


def sum_of(terms: Iterable[str]) -> str:
    """A sum in source text; of nothing, 0."""
    return " + ".join(terms) or "0"
