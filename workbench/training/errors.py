"""What can go wrong while a network learns."""

from workbench.errors import WorkbenchError

DIVERGED = "Training diverged"
"""How the sentence of a run that diverged begins."""


class TrainingError(WorkbenchError):
    """A network, a batch or a checkpoint that training cannot go on with."""


class Diverged(TrainingError):
    """A loss, gradient or weight that is no longer finite; no parameter was changed by the step it names."""
