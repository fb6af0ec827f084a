"""Figures as a table for people and as rows for machines."""

from dataclasses import dataclass, field

Row = dict[str, str | int | float | None]


@dataclass(frozen=True)
class Section:
    """One section's figures: a title that says what was measured and how, and rows of the same columns.

    ``summary``: figures of all rows together, and what is to be said of them.
    """

    title: str
    rows: list[Row]
    summary: Row = field(default_factory=dict)

    def table(self) -> str:
        """Return rows and summary as Markdown."""
        tables = [_table(self.rows)]
        if self.summary:
            tables.append(_table([{"all together": name, "": value} for name, value in self.summary.items()]))
        return "\n".join(["", self.title, "", "\n\n".join(tables), ""])


def _table(rows: list[Row]) -> str:
    columns = list(rows[0])
    cells = [[_text(row[column]) for column in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    lines = [columns, ["-" * width for width in widths], *cells]
    return "\n".join("| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |" for line in lines)


def _text(value: str | float | None) -> str:
    if value is None:
        return "-"
    return (
        f"{value:.3g}"
        if isinstance(value, float) and abs(value) < 100
        else (f"{value:,.0f}" if isinstance(value, float) else str(value))
    )
