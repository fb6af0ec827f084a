"""Ready comparisons: the experiments that show one thing beside another."""

from collections.abc import Sequence

from workbench.lab.experiment import Experiment

WINDOWS = (1, 2, 4, 8, 16)
FEEDFORWARD = "feedforward"


def windows_of(experiment: Experiment, sizes: Sequence[int] = WINDOWS) -> tuple[Experiment, ...]:
    """Return the experiment with its own cell and no window, then the feed-forward cell with each window of inputs.

    All else stays, so that the runs differ in what they know of the past alone; names say which is which.
    Raises ExperimentError for a window that is none.
    """
    own = experiment.changed({"window": 1, "name": f"{experiment.cell_name}, no window"})
    beside = (experiment.changed({"cell": FEEDFORWARD, "window": size, "name": f"window of {size}"}) for size in sizes)
    return own, *beside
