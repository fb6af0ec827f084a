"""Errors that go from one process to another, as themselves."""

from importlib import import_module
from typing import Any

from workbench.errors import WorkbenchError
from workbench.lab.errors import ExperimentError, LabError, Problem

_HOME = "workbench."


def error_to_plain(error: WorkbenchError) -> dict[str, Any]:
    """Return an error as JSON has it: its type, its sentence, and what plain values it carries."""
    carries = {name: value for name, value in vars(error).items() if isinstance(value, str | int | float | bool)}
    return {"module": type(error).__module__, "type": type(error).__qualname__, "says": str(error), "carries": carries}


def error_from_plain(plain: dict[str, Any]) -> WorkbenchError:
    """Return the error that was told."""
    kind = getattr(import_module(plain["module"]), plain["type"], None) if plain["module"].startswith(_HOME) else None
    if not (isinstance(kind, type) and issubclass(kind, WorkbenchError)):
        return LabError(plain["says"])
    if kind is ExperimentError:
        return ExperimentError([Problem("", plain["says"])])
    error = kind.__new__(kind, plain["says"])
    vars(error).update(plain["carries"])
    return error
