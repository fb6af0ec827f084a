"""The table of runs: a model, how a row is painted, and how it is worked with."""

from workbench.gui.panels.run_table.model import RunModel, RunRole
from workbench.gui.panels.run_table.score import Score, read_scores
from workbench.gui.panels.run_table.view import RunView

__all__ = ["RunModel", "RunRole", "RunView", "Score", "read_scores"]
