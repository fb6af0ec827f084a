"""Source text in the making."""

import re
from collections.abc import Iterator
from contextlib import contextmanager


class Lines:
    """Lines of Python, indented by ``block``."""

    closing = ""
    """What ends a block; empty: nothing."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._depth = 0

    def add(self, line: str) -> None:
        """Write one line."""
        self._lines.append("    " * self._depth + line if line else "")

    def extend(self, text: str) -> None:
        """Write the lines of a text."""
        for line in text.splitlines():
            self.add(line)

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
        elif self.closing:
            self.add(self.closing)

    def text(self) -> str:
        """All lines so far."""
        return "".join(f"{line}\n" for line in self._lines)


def words_of(text: str) -> set[str]:
    """The names that a source text uses."""
    return set(re.findall(r"\w+", text))
