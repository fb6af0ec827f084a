"""Source text in the making, and the table through which a program receives sizes and addresses."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class Lines:
    """Lines of Python, indented by ``block``."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._depth = 0

    def add(self, line: str) -> None:
        """Write one line."""
        self._lines.append("    " * self._depth + line if line else "")

    @contextmanager
    def block(self, opening: str) -> Iterator[None]:
        """Write an opening line and indent what follows; nothing at all where nothing follows."""
        mark = len(self._lines)
        self.add(opening)
        self._depth += 1
        yield
        self._depth -= 1
        if len(self._lines) == mark + 1:
            self._lines.pop()

    def text(self) -> str:
        """All lines so far."""
        return "".join(f"{line}\n" for line in self._lines)


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


def words_of(text: str) -> set[str]:
    """The names that a source text uses."""
    return set(re.findall(r"\w+", text))


def sum_of(terms: Iterable[str]) -> str:
    """A sum in source text; of nothing, 0."""
    return " + ".join(terms) or "0"
