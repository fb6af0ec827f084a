"""Files of a person's own, small and real, and the dialog on one of them."""

from math import sin
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

ROWS = 200
SENTENCE = "The sea is calm tonight. The tide is full, the moon lies fair upon the straits. "
FILMS = ("dull and slow", "moving and bright", "careless, flat and long", "funny from end to end")


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """Write a file of lines."""
    path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
    return path


def reviews(folder: Path, labels: tuple[str, ...] = ("bad", "good")) -> Path:
    """A CSV of numbered sentences with labels, in quotes where they hold commas."""
    rows = (f'{row},"Film {row} is {FILMS[row % 4]}",{row % 5 + 1},{labels[row % len(labels)]}' for row in range(ROWS))
    return write(folder / "reviews.csv", "number,review,stars,verdict", *rows)


def pairs(folder: Path) -> Path:
    """A TSV of phrases in two languages."""
    rows = (f"the number {row}\tdie Zahl {row}" for row in range(ROWS))
    return write(folder / "phrases.tsv", "english\tgerman", *rows)


def weather(folder: Path) -> Path:
    """A CSV of German make: semicolons, a date, two measurements, a remark."""
    rows = (
        f"{row};2021-{row // 28 % 12 + 1:02}-{row % 28 + 1:02};{20 * sin(row / 9):.2f};{1000 + 7 * row % 30};"
        for row in range(2 * ROWS)
    )
    return write(folder / "weather.csv", "row;date;temperature;pressure;remark", *rows)


def poem(folder: Path, length: int = 20_000) -> Path:
    """A text of so many letters."""
    (folder / "sea.txt").write_text((SENTENCE * length)[:length])
    return folder / "sea.txt"


def columnar(folder: Path) -> Path:
    """A Parquet file with two measurements."""
    step = np.arange(ROWS)
    table = pa.table({"load": np.sin(step / 7), "flow": np.cos(step / 11), "place": ["harbour"] * ROWS})
    parquet.write_table(table, folder / "power.parquet")
    return folder / "power.parquet"


def arrays(folder: Path) -> Path:
    """An NPZ with a series and two more in one array."""
    step = np.arange(ROWS)
    np.savez(folder / "waves.npz", tide=np.sin(step / 7), wind=np.stack([np.cos(step / 5), np.sin(step / 3)], axis=1))
    return folder / "waves.npz"
