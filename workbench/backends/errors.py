"""The error of the engine's room."""

from workbench.errors import WorkbenchError


class BackendError(WorkbenchError):
    """A backend that is not there, or a program that was given what it cannot run."""
