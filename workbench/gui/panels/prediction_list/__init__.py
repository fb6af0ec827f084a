"""The list of held-out examples: what the network read, should answer and answered."""

from workbench.gui.panels.prediction_list.model import ReadingModel, spoken
from workbench.gui.panels.prediction_list.picture import Picture, picture_of
from workbench.gui.panels.prediction_list.view import ReadingList

__all__ = ["Picture", "ReadingList", "ReadingModel", "picture_of", "spoken"]
