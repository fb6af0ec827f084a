"""Labelled sentences from a user's CSV file."""

import csv
from collections.abc import Iterator
from io import StringIO

from workbench.tasks.base import TaskError
from workbench.tasks.support.files import read_text

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
MOST_ROWS = 200_000
MOST_LABELS = 50


def read_labelled(path: str, text_column: str, label_column: str, delimiter: str) -> tuple[list[tuple[str, str]], str]:
    """Return the (text, label) of each row and the SHA-256 of the file.

    ``delimiter`` is a key of DELIMITERS. Raises TaskError, with the line where there is one, for a file that
    is no table with these two columns or whose labels are fewer than two or more than 50.
    """
    file = read_text(path)
    lines = _rows(file.text, path, DELIMITERS[delimiter])
    _, header = next(lines)
    columns = [name.strip() for name in header]
    text_at, label_at = (_find(name, columns, path) for name in (text_column, label_column))
    rows: list[tuple[str, str]] = []
    for line, row in lines:
        if len(row) != len(columns):
            raise TaskError(
                f"{path}, line {line}: {_count(len(row), 'field')} where the header has {len(columns)}. "
                "Check the quotes and task.delimiter."
            )
        if not (row[text_at].strip() and row[label_at].strip()):
            raise TaskError(f"{path}, line {line}: the text or the label is empty. Fill it or remove the row.")
        if len(rows) == MOST_ROWS:
            raise TaskError(f"{path} has more than {MOST_ROWS:,} rows. Give a part of it.")
        rows.append((row[text_at], row[label_at].strip()))
    _check_labels({label for _, label in rows}, label_column, path)
    return rows, file.sha256


def _rows(text: str, path: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line each row ends on and its fields; blank lines are no rows."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        raise TaskError(f"{path}, line {reader.line_num}: {error}. Check the quotes and task.delimiter.") from error


def _find(name: str, columns: list[str], path: str) -> int:
    if name in columns:
        return columns.index(name)
    found = ", ".join(f'"{column}"' for column in columns)
    other = next((word for word, mark in DELIMITERS.items() if len(columns) == 1 and mark in columns[0]), None)
    advice = f'Set task.delimiter to "{other}".' if other else "Set task.text_column and task.label_column."
    raise TaskError(f'{path} has no column "{name}"; it has {found}. {advice}')


def _check_labels(labels: set[str], column: str, path: str) -> None:
    if not labels:
        raise TaskError(f"{path} has a header and no rows. Give one with sentences in it.")
    if len(labels) == 1:
        raise TaskError(f'Every label in {path}, column "{column}", is "{labels.pop()}". Two or more are needed.')
    if len(labels) > MOST_LABELS:
        raise TaskError(
            f'{path}, column "{column}", has {len(labels):,} different labels; at most {MOST_LABELS} are '
            "allowed. If it is the wrong column, set task.label_column."
        )


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
