"""The error of the cell language: what is wrong, on which line and column, and what to write instead."""

from workbench.errors import WorkbenchError


class CellError(WorkbenchError):
    """A cell that cannot be used; ``line`` and ``column`` count from 1, 0 where they do not apply."""

    def __init__(self, message: str, *, line: int = 0, column: int = 0) -> None:
        self.message, self.line, self.column = message, line, column
        where = f"equations, line {line}, column {column}: " if line else ""
        super().__init__(where + message)
