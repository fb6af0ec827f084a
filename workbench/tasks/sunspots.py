"""Sunspots: the yearly record since 1700, the years from 1921 on held out."""

from typing import ClassVar, Literal

from pydantic import Field

from workbench.tasks.base import TaskSettings
from workbench.tasks.support.series.scaling import fit_scaling
from workbench.tasks.support.series.sunspots import FILE, FIRST_YEAR, LAST_YEAR, NAMES, read_sunspots
from workbench.tasks.support.series.time_split import SplitSeriesTask, TimeSplit

HELD_OUT_FROM = 1921
TRAINING = HELD_OUT_FROM - FIRST_YEAR


class SunspotsSettings(TaskSettings):
    """How far ahead, up to which year."""

    title: ClassVar[str] = "Sunspots"
    about: ClassVar[str] = "Predict the yearly number of sunspots from the record since 1700."
    use = "Series"

    name: Literal["sunspots"] = "sunspots"
    horizon: int = Field(
        1,
        title="Horizon",
        description="How many years ahead the target lies.",
        json_schema_extra={"unit": "years"},
        ge=1,
        le=30,
    )
    last_year: int = Field(
        1955,
        title="Last year",
        description="The years from 1921 to this one are held out; 1955 is usual, the record ends with 2008.",
        json_schema_extra={"unit": "year"},
        ge=1930,
        le=LAST_YEAR,
    )
    length: int = Field(
        40,
        title="Length",
        description="Years of a window; its first quarter gives context and does not count.",
        json_schema_extra={"unit": "years"},
        ge=4,
        le=160,
    )

    def build(self, seed: int) -> "Sunspots":
        """Return the task; the seed decides where windows start."""
        return Sunspots(self, seed)


class Sunspots(SplitSeriesTask):
    """Inputs are the yearly means up to now, targets those ``horizon`` years later."""

    version = 1
    source = (
        "Record: SIDC, as published by the National Geophysical Data Center, version 1 of the sunspot number; 1700 to "
        "1920 to train on, 1921 to 1955 held out: Weigend, Huberman & Rumelhart 1990"
    )
    solved = (
        "NRMSE below that of the linear window of 20, drawn as a baseline. The years are few: networks of 4 to 8 units "
        "do best, larger ones learn them by heart."
    )

    def __init__(self, settings: SunspotsSettings, seed: int) -> None:
        record, self._hash = read_sunspots()
        values = record[: settings.last_year - FIRST_YEAR + 1]
        scaling = fit_scaling("standard", values[:TRAINING], NAMES)
        split = TimeSplit(scaling.apply(values), TRAINING, settings.horizon, settings.length)
        super().__init__(settings, seed, split, scaling, NAMES)
        self.protocol = (
            f"The mean number of sunspots of each year. 1700 to 1920, {TRAINING} years, train; {HELD_OUT_FROM} to "
            f"{settings.last_year}, {split.held_out} years, are held out. Scaled to mean 0 and deviation 1 of the "
            f"training years. {self.windows_in_words}{self.free_in_words}"
        )

    def data_hashes(self) -> dict[str, str]:
        """Return the hash of the record."""
        return {FILE: self._hash}
