"""Figures as a table for people and as rows for machines."""

from dataclasses import dataclass

Row = dict[str, str | int | float | None]


@dataclass(frozen=True)
class Section:
    """One section's figures: a title that says what was measured and how, and rows of the same columns."""

    title: str
    rows: list[Row]

    def table(self) -> str:
        """Return the rows as Markdown."""
        columns = list(self.rows[0])
        cells = [[_text(row[column]) for column in columns] for row in self.rows]
        widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
        lines = [columns, ["-" * width for width in widths], *cells]
        body = ["| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |" for line in lines]
        return "\n".join(["", self.title, "", *body, ""])


def _text(value: str | float | None) -> str:
    if value is None:
        return "-"
    return (
        f"{value:.3g}"
        if isinstance(value, float) and abs(value) < 100
        else (f"{value:,.0f}" if isinstance(value, float) else str(value))
    )
