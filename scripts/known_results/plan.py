"""From the grid to experiments: one entry a line of the table, one experiment a seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from known_results.grid import Published, Row, Section, Size
from workbench.lab.comparison import FEEDFORWARD, windows_of
from workbench.lab.experiment import Experiment, presets


@dataclass(frozen=True)
class Entry:
    """One line of the table: the same experiment with several seeds, and what is published of it."""

    section: Section
    published: Published
    remark: str
    experiments: tuple[Experiment, ...]

    @property
    def experiment(self) -> Experiment:
        """The experiment with its first seed."""
        return self.experiments[0]

    @property
    def what(self) -> str:
        """What the line is about, with the settings of the task put in."""
        return self.section.what.format_map(self.experiment.task.model_dump())


def plan(sections: Sequence[Section], size: Size, seeds: int | None = None) -> tuple[Entry, ...]:
    """Return the lines of the table; ``seeds``: how many for each, in place of what the grid says.

    Raises ExperimentError for changes that no experiment takes.
    """
    return tuple(entry for section in sections for row in section.rows for entry in _entries(section, row, size, seeds))


def experiments_of(entries: Sequence[Entry]) -> tuple[Experiment, ...]:
    """Return what is to be trained, each experiment once, in the order of the table."""
    return tuple(dict.fromkeys(experiment for entry in entries for experiment in entry.experiments))


def _entries(section: Section, row: Row, size: Size, seeds: int | None) -> Iterator[Entry]:
    count, changes, published = row.seeds, dict(row.changes), row.published
    if size == "long":
        changes |= row.long.changes
        count, published = row.long.seeds or count, row.long.published or published
    base = presets()[row.preset].changed(changes | {"threads": 1})
    for variant in windows_of(base, row.windows)[1:] if row.windows else (base.changed({"name": ""}),):
        own = tuple(_seeded(section, variant, seed) for seed in range(1, (seeds or count) + 1))
        yield Entry(section, published, row.remark, own)


def _seeded(section: Section, variant: Experiment, seed: int) -> Experiment:
    """Return the variant with a seed, and a name that tells runs of a workbook apart."""
    return variant.changed({"seed": seed, "name": f"{section.name}: {sizes(variant)}, seed {seed}"})


def sizes(experiment: Experiment) -> str:
    """Return cell and sizes in words: whatever is not as usual."""
    own = experiment
    parts = {
        f"{own.hidden} units": True,
        f"{own.layers} layers": own.layers > 1,
        f"window {own.window}": own.window > 1 or own.cell == FEEDFORWARD,
        f"embedding {own.embedding}": own.embedding > 0,
        "bidirectional": own.bidirectional,
        f"{own.representation} of all steps": own.representation != "last",
        "attention": own.attention,
        f"beam {own.beam}": own.beam > 1,
        f"truncation {own.truncate}": own.truncate > 0,
    }
    return ", ".join([own.cell_name, *(part for part, unusual in parts.items() if unusual)])
