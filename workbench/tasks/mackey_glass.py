"""Mackey-Glass: a chaotic series from an equation with a delay, some steps ahead."""

from functools import lru_cache
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import TaskSettings
from workbench.tasks.support.randomness import generator
from workbench.tasks.support.series.delay_equation import mackey_glass
from workbench.tasks.support.series.scaling import fit_scaling
from workbench.tasks.support.series.time_split import SplitSeriesTask, TimeSplit

TRAINING, HELD_OUT = 10_000, 9_600
WASHOUT = 1_000
"""Units of time left out at the start: about e^6 times apart are two histories then."""
HISTORY, SPREAD = 1.2, 0.1
NAMES = ("x",)


class MackeyGlassSettings(TaskSettings):
    """Which series, how far ahead."""

    title: ClassVar[str] = "Mackey-Glass series"
    about: ClassVar[str] = "Predict a chaotic series from an equation with a delay."
    use = "Series"

    name: Literal["mackey-glass"] = "mackey-glass"
    horizon: int = Field(
        1,
        title="Horizon",
        description="How many steps ahead the target lies; 1, 6 and 84 are common.",
        json_schema_extra={"unit": "steps"},
        ge=1,
        le=500,
    )
    tau: int = Field(
        17,
        title="Delay",
        description="tau of the equation; the series is chaotic above 16.8.",
        json_schema_extra={"unit": "units of time"},
        ge=10,
        le=100,
    )
    step: int = Field(
        1,
        title="Time step",
        description="Time between two values of the series.",
        json_schema_extra={"unit": "units of time"},
        ge=1,
        le=6,
    )
    length: int = Field(
        100,
        title="Length",
        description="Steps of a window; its first quarter gives context and does not count.",
        json_schema_extra={"unit": "steps"},
        ge=4,
        le=2_000,
    )

    def build(self, seed: int) -> "MackeyGlass":
        """Return the task; the seed decides the history before time 0 and where windows start."""
        return MackeyGlass(self, seed)


class MackeyGlass(SplitSeriesTask):
    """Inputs are x(t), targets x(t + horizon)."""

    version = 1
    source = (
        "Mackey & Glass 1977; delay 17, 84 steps ahead: Lapedes & Farber 1987, Jaeger & Haas 2004; windows of recent "
        "values beat LSTM on it: Gers, Eck & Schmidhuber 2001"
    )
    solved = "NRMSE below that of the linear window of 20, drawn as a baseline; one step ahead that is hard to beat."

    def __init__(self, settings: MackeyGlassSettings, seed: int) -> None:
        values = _series(settings.tau, settings.step, seed)[:, None]
        scaling = fit_scaling("standard", values[:TRAINING], NAMES)
        split = TimeSplit(scaling.apply(values), TRAINING, settings.horizon, settings.length)
        super().__init__(settings, seed, split, scaling, NAMES)
        self.protocol = (
            f"x' = 0.2 x(t-{settings.tau}) / (1 + x(t-{settings.tau})^10) - 0.1 x, by the Runge-Kutta method of fourth "
            f"order with dt = 0.1; x is constant up to time 0, drawn evenly from {HISTORY} ± {SPREAD}. After "
            f"{WASHOUT:,} units of time every {settings.step * 10}th step is kept: {TRAINING:,} values to train on, "
            f"then {HELD_OUT:,} held out, scaled to mean 0 and deviation 1 of the training part. "
            f"{self.windows_in_words}{self.free_in_words}"
        )


@lru_cache(maxsize=4)
def _series(tau: int, step: int, seed: int) -> NDArray[np.float64]:
    """Return the 19,600 values after the washout."""
    history = HISTORY + SPREAD * generator(seed, "mackey-glass/history").uniform(-1, 1)
    return mackey_glass(history, tau, WASHOUT + (TRAINING + HELD_OUT - 1) * step)[WASHOUT::step]
