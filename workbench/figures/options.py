"""What can be chosen about a kind of figure: fields with title, help and bounds, as those of an experiment."""

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workbench.figures.errors import FigureError
from workbench.lab.experiment.problems import problems_of

ChoicesOf = Literal["metrics", "values", "layers", "steps", "matrices"]


class Options(BaseModel):
    """The options of one kind of figure; a subclass adds its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


Chosen = TypeVar("Chosen", bound=Options)


def option(
    default: Any, title: str, description: str, *, choices: ChoicesOf | None = None, unit: str = "", **bounds: Any
) -> Any:
    """Describe an option; ``choices`` names the attribute of ``Choices`` that lists what a run offers."""
    extra: dict[str, Any] = {"unit": unit} | ({"choices": choices} if choices else {})
    return Field(default, title=title, description=description, json_schema_extra=extra, **bounds)


def parse_options(kind: str, model: type[Chosen], values: Mapping[str, Any]) -> Chosen:
    """Return checked options. Raises FigureError for a name or value that the kind does not take."""
    known = tuple(model.model_fields)
    unknown = [name for name in values if name not in known]
    if unknown:
        takes = f"it takes {', '.join(known)}" if known else "it takes none"
        raise FigureError(f"The figure {kind} has no option {unknown[0]}; {takes}.")
    try:
        return model(**values)
    except ValidationError as error:
        raise FigureError("\n".join(map(str, problems_of(error, known)))) from error
