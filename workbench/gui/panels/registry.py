"""Which panels there are and where they stand: a new panel is one line here."""

from dataclasses import dataclass
from typing import Literal

from workbench.gui.panels.attention import AttentionPanel
from workbench.gui.panels.by_length import ByLengthPanel
from workbench.gui.panels.by_window import ByWindowPanel
from workbench.gui.panels.gradient_flow import GradientFlowPanel
from workbench.gui.panels.hidden_state import HiddenStatePanel
from workbench.gui.panels.loss import LossPanel
from workbench.gui.panels.panel import Panel
from workbench.gui.panels.parameters import ParametersPanel
from workbench.gui.panels.predictions import PredictionsPanel
from workbench.gui.panels.read_out import ReadOutPanel
from workbench.gui.panels.runs import RunsPanel

Place = Literal["loss", "states", "gradients", "side"]
"""Rows of the middle from top to bottom, and the column at the right."""


@dataclass(frozen=True)
class Registration:
    """Panels and their place; of its row or column they get ``share`` parts of the space.

    Where there are several, one is seen at a time, and its title opens the list of them.
    """

    panels: tuple[type[Panel], ...]
    place: Place
    share: int


PANELS: tuple[Registration, ...] = (
    Registration((LossPanel, ByLengthPanel, ByWindowPanel), "loss", 1),
    Registration((HiddenStatePanel, AttentionPanel), "states", 1),
    Registration((GradientFlowPanel,), "gradients", 1),
    Registration((ParametersPanel,), "gradients", 1),
    Registration((RunsPanel,), "side", 2),
    Registration((ReadOutPanel,), "side", 3),
    Registration((PredictionsPanel,), "side", 3),
)
