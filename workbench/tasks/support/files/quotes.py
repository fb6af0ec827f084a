"""Whether the quotes of a delimited file open and close fields as they should."""

from workbench.tasks.base import TaskError

_QUOTE, _LINE = 34, 10


class QuoteCheck:
    """Reads a file's UTF-8 bytes piece by piece and raises TaskError, with the line, at the first wrong quote.

    A quote opens a field where one begins; elsewhere outside it is a character like any other. Inside, two stand
    for one, and one alone closes the field, which has to end there.
    """

    def __init__(self, path: str, delimiter: str) -> None:
        self._path, self._ends = path, (ord(delimiter), _LINE)
        self._before = _LINE
        self._line = 1
        self._opened: int | None = None  # the line, while inside
        self._pending = False  # a quote inside was the last byte: what follows decides

    def read(self, piece: bytes) -> None:
        """Go on with the next bytes."""
        at, counted = 0, 0
        if self._pending and piece:
            self._pending = False
            if piece[0] == _QUOTE:
                at = 1
            else:
                self._close(piece[0])
        while (quote := piece.find(b'"', at)) >= 0:
            self._line += piece.count(b"\n", counted, quote)
            at, counted = quote + 1, quote
            before = piece[quote - 1] if quote else self._before
            if self._opened is None:
                if before in self._ends:
                    self._opened = self._line
            elif at == len(piece):
                self._pending = True
            elif piece[at] == _QUOTE:
                at += 1
            else:
                self._close(piece[at])
        self._line += piece.count(b"\n", counted)
        if piece:
            self._before = piece[-1]

    def end(self) -> None:
        """Say that the file ends here."""
        if self._opened is not None and not self._pending:
            raise TaskError(
                f'{self._path}, line {self._opened}: a quote (") opens a field that is never closed. Close it, or '
                "write two quotes where one is meant."
            )

    def _close(self, following: int) -> None:
        if following not in self._ends:
            raise TaskError(
                f'{self._path}, line {self._line}: there is text after the quote (") that closes a field. Write two '
                "quotes where one is meant, or check task.delimiter."
            )
        self._opened = None
