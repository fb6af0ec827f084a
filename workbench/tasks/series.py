"""A series of the user's own: one or more columns of numbers from a file, predicted some steps ahead."""

from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import TaskError, TaskSettings
from workbench.tasks.support.files.delimited import Delimiter
from workbench.tasks.support.files.reading import Encoding, UserPath, refuse_other_file
from workbench.tasks.support.files.tables import read_numbers
from workbench.tasks.support.series.forecasts import WINDOW
from workbench.tasks.support.series.scaling import Kind, fit_scaling
from workbench.tasks.support.series.sunspots import FILE, NAMES, read_sunspots
from workbench.tasks.support.series.time_split import SplitSeriesTask, TimeSplit

FEWEST_HELD_OUT = 2
SCALED = {
    "standard": "Each column is scaled to mean 0 and deviation 1 of the training part.",
    "range": "Each column is scaled so that the training part spans -1 to 1.",
    "none": "The numbers are taken as they are.",
}


class SeriesSettings(TaskSettings):
    """Which columns of which file, how far ahead."""

    title: ClassVar[str] = "Series of your own"
    about: ClassVar[str] = "Predict the next values of numbers in a file."
    use = "Series"

    name: Literal["series"] = "series"
    path: UserPath = Field(
        "",
        title="File",
        description="A CSV, TSV, Parquet or NPZ file, a row a step in the order of time; empty for the sunspot record.",
        json_schema_extra={"format": "file-path"},
    )
    columns: str = Field(
        "",
        title="Columns",
        description="Names of the columns to predict, commas between them. Empty: the first one of numbers.",
    )
    delimiter: Delimiter = Field(
        "auto",
        title="Delimiter",
        description="What stands between the fields of a row; auto looks at the first rows.",
    )
    encoding: Encoding = Field("utf-8", title="Encoding", description="How the file's characters are written.")
    horizon: int = Field(
        1,
        title="Horizon",
        description="How many steps ahead the target lies.",
        json_schema_extra={"unit": "steps"},
        ge=1,
        le=10_000,
    )
    scaling: Kind = Field(
        "standard",
        title="Scaling",
        description="standard: mean 0, deviation 1; range: -1 to 1; none. Measured on the training part alone.",
    )
    length: int = Field(
        50,
        title="Length",
        description="Steps of a window; its first quarter gives context and does not count.",
        json_schema_extra={"unit": "steps"},
        ge=4,
        le=10_000,
    )
    held_out: float = Field(
        0.2,
        title="Held out",
        description="Share of the rows, the last ones, that is held out.",
        ge=0.01,
        le=0.9,
    )
    sha256: str = Field(
        "",
        title="File's hash",
        description="SHA-256 that the file must have; empty: as it is when a run starts.",
        pattern="^([0-9a-f]{64})?$",
    )

    def build(self, seed: int) -> "Series":
        """Return the task; the seed decides where windows start. Raises TaskError where the file is unfit."""
        return Series(self, seed)


class Series(SplitSeriesTask):
    """Inputs are the columns at a row, targets the same columns ``horizon`` rows later."""

    settings: SeriesSettings
    version = 1
    source = "The data are your own; the baselines are the usual ones: Hyndman & Athanasopoulos 2021, section 5.2"
    solved = "Better than each of the baselines, which are computed on the same values."

    def __init__(self, settings: SeriesSettings, seed: int) -> None:
        title, values, names, self._hash = _read(settings)
        rows = len(values)
        training = rows - max(int(rows * settings.held_out), 1)
        _check_size(title, rows, training, settings)
        scaling = fit_scaling(settings.scaling, values[:training], names)
        split = TimeSplit(scaling.apply(values), training, settings.horizon, settings.length)
        super().__init__(settings, seed, split, scaling, names)
        self.protocol = (
            f"{title}, {_columns(names)}, {rows:,} rows. The first {training:,} train, the last {rows - training:,} "
            f"are held out. {SCALED[settings.scaling]} {self.windows_in_words}{self.free_in_words}"
        )

    def data_hashes(self) -> dict[str, str]:
        """Return the hash of the file."""
        return {Path(self.settings.path).name if self.settings.path else FILE: self._hash}


def _read(settings: SeriesSettings) -> tuple[str, NDArray[np.float64], tuple[str, ...], str]:
    """Return what the series is called, its rows (N, D), its columns' names and the file's hash."""
    if not settings.path:
        values, digest = read_sunspots()
        return "The yearly sunspot record, an example until you choose a file", values, NAMES, digest
    names = [name.strip() for name in settings.columns.split(",") if name.strip()]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise TaskError(f'Column "{twice}" stands twice in task.columns. Name it once.')
    values, found, digest = read_numbers(settings.path, names, delimiter=settings.delimiter, encoding=settings.encoding)
    refuse_other_file(settings.path, settings.sha256, digest)
    return Path(settings.path).name, values, found, digest


def _check_size(title: str, rows: int, training: int, settings: SeriesSettings) -> None:
    shortest, held_out = WINDOW + settings.horizon, rows - training
    needed = max(settings.length + settings.horizon, shortest)
    if rows < shortest + FEWEST_HELD_OUT:
        nearer = ", or lower task.horizon" if settings.horizon > 1 else ""
        raise TaskError(
            f"{title} has {rows:,} rows, and a horizon of {settings.horizon:,} needs {shortest + FEWEST_HELD_OUT:,} "
            f"at the least. Give more rows{nearer}."
        )
    if training >= needed and held_out >= FEWEST_HELD_OUT:
        return
    said = f"{title} has {rows:,} rows: {training:,} to train on and {held_out:,} held out."
    if shortest <= training < needed:
        raise TaskError(
            f"{said} A length of {settings.length:,} and a horizon of {settings.horizon:,} need {needed:,} to train "
            "on. Change task.length, task.horizon or task.held_out, or give more rows."
        )
    raise TaskError(
        f"{said} A horizon of {settings.horizon:,} needs {shortest:,} to train on, and at least {FEWEST_HELD_OUT} held "
        "out. Change task.horizon or task.held_out, or give more rows."
    )


def _columns(names: tuple[str, ...]) -> str:
    return ("column " if len(names) == 1 else "columns ") + ", ".join(f'"{name}"' for name in names)
