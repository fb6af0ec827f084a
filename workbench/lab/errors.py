"""What can go wrong in the lab: experiments, workbooks, leases."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.errors import WorkbenchError


class LabError(WorkbenchError):
    """Anything the lab refuses or fails to do."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field; ``field`` is its path ("task.length"), "" for the whole."""

    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}" if self.field else self.reason


class ExperimentError(LabError):
    """An experiment that cannot be; ``problems`` says what is wrong, field by field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class WorkbookError(LabError):
    """A workbook could not be opened, read or written."""


class NotAWorkbook(WorkbookError):
    """The file is something else."""


class DamagedWorkbook(WorkbookError):
    """The file is a workbook, but parts of it are missing or wrong."""


class NewerWorkbook(WorkbookError):
    """The workbook was written by a later version of the program."""


class ReadOnlyWorkbook(WorkbookError):
    """Something was to be written into a workbook that can only be read."""


class WorkbookBusy(WorkbookError):
    """Another process kept the workbook locked for too long."""


class NoRoom(WorkbookError):
    """The disk took no more; what was committed before is safe."""


class UnknownRun(WorkbookError):
    """The workbook holds no such run, or what is asked for was never kept."""


class RunBusy(LabError):
    """Another worker is training the run."""


class LeaseLost(LabError):
    """The worker was silent for so long that another one took its run over."""


class RunNotActive(LabError):
    """A command was sent to a run that nobody is training."""


class CannotResume(LabError):
    """A run cannot be continued with the numbers it began with."""
