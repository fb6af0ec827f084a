"""The two fields of an experiment that are values of their own: its cell and its task."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from workbench.cells import Cell, CellError, catalogue
from workbench.lab.experiment.problems import InnerProblems, problems_of
from workbench.tasks import TaskError, TaskSettings, parse_task, task_types


class CellText(BaseModel):
    """A cell of one's own, as in a cell file."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    title: str = ""
    about: str = ""
    source: str = ""
    states: tuple[str, ...]
    equations: str
    init: dict[str, float | str] = {}
    fixed: tuple[str, ...] = ()

    def build(self) -> Cell:
        """Return the cell. Raises CellError."""
        return Cell.from_values(self.model_dump())


def cell_from(value: Any) -> str | CellText:
    """Return a cell's name, or its text, if there is such a cell. Raises ValueError."""
    if isinstance(value, str):
        if value not in catalogue():
            raise ValueError(f"there is no cell {value!r}; the cells are {', '.join(catalogue())}")
        return value
    if not isinstance(value, CellText | Mapping):
        raise ValueError(f"must be a cell's name, or a table with states and equations, not {value!r}")
    try:
        cell = value if isinstance(value, CellText) else CellText.model_validate(value)
        cell.build()
    except CellError as error:
        raise ValueError(str(error)) from error
    except ValidationError as error:
        raise InnerProblems(problems_of(error, CellText.model_fields)) from error
    return cell


def task_from(value: Any) -> TaskSettings:
    """Return the settings of a task. Raises ValueError."""
    if isinstance(value, TaskSettings):
        return value
    if not isinstance(value, Mapping):
        raise ValueError(f'must be a table such as [task] with name = "adding", not {value!r}')
    try:
        return parse_task(value)
    except TaskError as error:
        raise ValueError(str(error)) from error
    except ValidationError as error:
        raise InnerProblems(problems_of(error, task_types()[value["name"]].model_fields)) from error
