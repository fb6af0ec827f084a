"""The grid: which experiments are trained, and what is published of each; read from ``rows/*.toml``."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from known_results.claims import Claim
from workbench.errors import WorkbenchError
from workbench.lab.experiment import presets
from workbench.tasks.base import Use

ROWS = Path(__file__).parent / "rows"
Size = Literal["short", "long"]

Changes = dict[str, Any]
"""What is changed in a preset, as ``Experiment.changed`` takes it."""


class GridError(WorkbenchError):
    """A file of rows that cannot be read, or a section that is not there."""


class _Values(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Published(_Values):
    """What is known of a result: in words, where from, and as a claim that a run can be held to."""

    says: str
    source: str = ""
    """Left out where nothing is published: what is said is expected."""
    claim: Claim | None = None


class Long(_Values):
    """What is changed further where there is time for the published sizes."""

    changes: Changes = Field(default_factory=dict)
    seeds: int | None = None
    published: Published | None = None


class Row(_Values):
    """A preset and what is changed in it; seeds count from 1."""

    preset: str
    changes: Changes = Field(default_factory=dict)
    windows: list[int] = Field(default_factory=list)
    """Not the preset's own cell: the feed-forward one with each of these windows, a row each."""
    seeds: int = Field(1, ge=1)
    published: Published
    remark: str = ""
    """Under which conditions the published contrast appears, told behind the verdict."""
    long: Long = Long()


class Section(_Values):
    """Rows about one thing: a task and the metric that is shown of it."""

    name: str
    what: str
    """What the rows are about; names of the task's settings in braces stand for their values."""
    use: Use
    metric: str
    """A metric of the task, or "loss"."""
    lengths: str = ""
    """A metric that is shown by length: beside the other one, or in its place where it is the same."""
    longest: bool = False
    """Whether the metric is shown at the longest tested length alone."""
    baselines: list[str] | None = None
    """Those worth showing; left out: all that the task has."""
    rows: list[Row]


def load_grid(folder: Path = ROWS) -> tuple[Section, ...]:
    """Return all sections of a folder, in the order of the task list's groups, then by name. Raises GridError."""
    order = get_args(Use)
    sections = [_section(path) for path in sorted(folder.glob("*.toml"))]
    return tuple(sorted(sections, key=lambda section: (order.index(section.use), section.name)))


def chosen(sections: Sequence[Section], names: Sequence[str]) -> tuple[Section, ...]:
    """Return the sections of these names, all if none is named. Raises GridError."""
    known = [section.name for section in sections]
    for name in names:
        if name not in known:
            raise GridError(f"There is no section {name!r}; there are {', '.join(known)}.")
    return tuple(section for section in sections if not names or section.name in names)


def _section(path: Path) -> Section:
    try:
        values: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        section = Section(name=path.stem, **values)
    except (OSError, ValueError, ValidationError, TypeError) as error:
        raise GridError(f"{path} cannot be read: {error}") from error
    unknown = {row.preset for row in section.rows} - set(presets())
    if unknown:
        raise GridError(f"{path} names a preset that is not there: {min(unknown)}.")
    return section
