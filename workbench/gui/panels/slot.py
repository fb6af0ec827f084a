"""A slot: panels that share one place; each one's title opens the list of them."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from workbench.gui.panels.panel import Panel


class Slot(QStackedWidget):
    """Shows one of its panels at a time, the first one until somebody chooses another."""

    changed = Signal()
    """Another panel is in front."""

    def __init__(self, panels: Sequence[Panel]) -> None:
        super().__init__()
        self.panels = tuple(panels)
        for panel in self.panels:
            self.addWidget(panel)
            if len(self.panels) > 1:
                panel.offer([(other.name, other.title) for other in self.panels])
                panel.chosen.connect(self._choose)

    @property
    def front(self) -> Panel:
        """The panel that is seen."""
        return self.panels[self.currentIndex()]

    def bring(self, panel: Panel) -> None:
        """Show a panel of this slot in place of the one in front."""
        if panel is not self.front:
            self.setCurrentIndex(self.panels.index(panel))
            self.changed.emit()

    def _choose(self, name: str) -> None:
        panel = next(panel for panel in self.panels if panel.name == name)
        self.bring(panel)
        panel.focus_title()
