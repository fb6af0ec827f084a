"""What tests of the results table share: a grid of one row that trains in moments."""

from pathlib import Path

from known_results.claims import Claim
from known_results.grid import load_grid
from known_results.plan import Entry, plan

ADDING = """
what = "Adding, T = {length}"
use = "Memory"
metric = "mse"

[[rows]]
preset = "adding-lstm"
seeds = 2
published = { says = "1/6 | more", source = "Formula 1999", claim = { below = 9.0 } }
[rows.changes]
hidden = 4
steps = 20
batch = 4
probe_size = 2
backend = "numpy"
"task.length" = 6
[rows.long]
seeds = 3
changes = { steps = 40 }
"""


def written(folder: Path, text: str = ADDING) -> Path:
    """Write a grid of one section into a folder and return the folder."""
    folder.mkdir(exist_ok=True)
    (folder / "adding.toml").write_text(text, encoding="utf-8")
    return folder


def entry_of(rows: Path, claim: Claim | None = None) -> Entry:
    """Return the one entry of the small grid, with another claim if one is given."""
    (entry,) = plan(load_grid(rows), "short")
    published = entry.published.model_copy(update={"claim": claim})
    return Entry(entry.section, published, entry.remark, entry.experiments)
