"""What can go wrong with figures."""

from workbench.errors import WorkbenchError


class FigureError(WorkbenchError):
    """A figure that cannot be made of this run, or an option it does not take."""


class DrawingError(FigureError):
    """The helper process could not draw what it was given, or could not be started."""
