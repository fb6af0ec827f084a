"""What a run offers to figures: the names, layers and steps that their options can take."""

from dataclasses import dataclass

from workbench.figures.source import Source
from workbench.lab.workbook import Workbook


@dataclass(frozen=True)
class Choices:
    """What an option that names one of these attributes may be; empty where the run has nothing of it yet."""

    metrics: tuple[str, ...]
    values: tuple[str, ...]
    layers: tuple[int, ...]
    steps: tuple[int, ...]
    matrices: tuple[str, ...]


def choices(workbook: Workbook, run: int) -> Choices:
    """Return what a run offers, states before other values. Raises UnknownRun."""
    source = Source(workbook, run)
    return Choices(
        metrics=source.metrics,
        values=source.names_of("values", "1"),
        layers=tuple(range(1, source.experiment.layers + 1)),
        steps=source.film_steps,
        matrices=source.names_of("eigenvalues", "1"),
    )
