"""The middle of the window: the form at the left, panels in rows, a column of panels at the right."""

from collections.abc import Mapping
from typing import Any, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from workbench.gui.curtain import FORM, GAP, HEIGHTS, SIDE
from workbench.gui.form.form import ExperimentForm
from workbench.gui.notices import Notices
from workbench.gui.panels.film_bar import FilmBar
from workbench.gui.panels.hidden_state import HiddenStatePanel
from workbench.gui.panels.panel import Panel
from workbench.gui.panels.read_out import ReadOutPanel
from workbench.gui.panels.registry import PANELS, Place
from workbench.gui.panels.runs import RunsPanel
from workbench.gui.panels.slot import Slot
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock

P = TypeVar("P", bound=Panel)

_ROWS: tuple[Place, ...] = ("loss", "states", "gradients")
_PLENTY = 1000  # pixels: a splitter shares what it has in these proportions


class Workspace(QWidget):
    """All panels, in splitters. What is hidden, and how large everything is, can be saved."""

    changed = Signal()
    """A panel was hidden or shown."""

    def __init__(self, session: Session, clock: Clock, form: ExperimentForm, notices: Notices) -> None:
        super().__init__()
        self.form = form
        self.panels: dict[str, Panel] = {}
        self.film_bar = FilmBar(session, clock)
        self._splitters: dict[str, QSplitter] = {}
        self._slots: dict[str, Slot] = {}
        places: dict[Place, list[tuple[Slot, int]]] = {}
        for registration in PANELS:
            slot = Slot([panel(session, clock) for panel in registration.panels])
            slot.changed.connect(self.changed)
            for panel in slot.panels:
                self.panels[panel.name], self._slots[panel.name] = panel, slot
            places.setdefault(registration.place, []).append((slot, registration.share))
        self._connect_panels()
        rows = self._splitter("rows", Qt.Orientation.Vertical)
        for place in _ROWS:
            row = self._splitter(place, Qt.Orientation.Horizontal)
            _fill(row, places[place])
            rows.addWidget(row)
        rows.setSizes(list(HEIGHTS))
        side = self._splitter("side", Qt.Orientation.Vertical)
        _fill(side, places["side"])
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(notices)
        column.addWidget(rows, 1)
        column.addWidget(self.film_bar)
        columns = self._splitter("columns", Qt.Orientation.Horizontal)
        for widget, stretch in ((form, 0), (middle, 1), (side, 0)):
            columns.addWidget(widget)
            columns.setStretchFactor(columns.indexOf(widget), stretch)
        columns.setSizes([FORM, 1000, SIDE])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GAP, GAP, GAP, GAP)
        outer.addWidget(columns)

    def _connect_panels(self) -> None:
        self.panel(HiddenStatePanel).layer_changed.connect(self.panel(ReadOutPanel).set_layer)

    @property
    def runs_panel(self) -> RunsPanel:
        """The run table: what it asks for, the window does."""
        return self.panel(RunsPanel)

    def panel(self, kind: type[P]) -> P:
        """Return the panel of a kind. Raises KeyError where there is none."""
        found = self.panels[kind.name]
        assert isinstance(found, kind)
        return found

    def figure_in_use(self) -> tuple[str, dict[str, Any]]:
        """Return the kind of figure of the panel that has the focus, or the loss, and its options as it shows them."""
        focus = self.focusWidget()
        panel = next((panel for panel in self.panels.values() if focus and panel.isAncestorOf(focus)), None)
        return panel.figure() if panel is not None and panel.figure()[0] else ("loss", {})

    def is_shown(self, name: str) -> bool:
        """Tell whether a panel is shown: its place is, and no other panel stands there."""
        slot = self._slots[name]
        return not slot.isHidden() and slot.front is self.panels[name]

    def toggle(self, name: str) -> None:
        """Show a panel, or hide it: then the first one of its place is seen, or none where that was hidden."""
        slot, panel = self._slots[name], self.panels[name]
        if not self.is_shown(name):
            self.bring(name)
            return
        if panel is slot.panels[0]:
            slot.hide()
        else:
            slot.bring(slot.panels[0])
        self._close_up()
        self.changed.emit()

    def bring(self, name: str) -> None:
        """Show a panel, in front of others of its place."""
        slot = self._slots[name]
        slot.show()
        slot.bring(self.panels[name])
        self._close_up()
        self.changed.emit()

    def show_all(self) -> None:
        """Show all places of panels."""
        for slot in self._slots.values():
            slot.show()
        self._close_up()
        self.changed.emit()

    def saved(self) -> dict[str, Any]:
        """Return sizes, what is hidden, and the panels' own settings as plain values."""
        return {
            "sizes": {name: splitter.sizes() for name, splitter in self._splitters.items()},
            "hidden": [name for name, slot in self._slots.items() if slot.isHidden()],
            "front": [name for name, slot in self._slots.items() if slot.front.name == name],
            "folded": self.form.folded(),
            "panels": {name: panel.settings() for name, panel in self.panels.items()},
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Take up what was saved; what no longer fits is left out."""
        for name in _names(saved.get("front")):
            if name in self.panels:
                self._slots[name].bring(self.panels[name])
        for name in _names(saved.get("hidden")):
            if name in self.panels:
                self._slots[name].hide()
        self._close_up()
        sizes = saved.get("sizes")
        for name, splitter in self._splitters.items():
            own = sizes.get(name) if isinstance(sizes, dict) else None
            if isinstance(own, list) and len(own) == splitter.count() and all(isinstance(s, int) for s in own):
                splitter.setSizes(own)
        if "folded" in saved:
            self.form.fold(_names(saved["folded"]))
        panels = saved.get("panels")
        for name, panel in self.panels.items():
            own = panels.get(name) if isinstance(panels, dict) else None
            if isinstance(own, dict):
                panel.restore(own)

    def _splitter(self, name: str, orientation: Qt.Orientation) -> QSplitter:
        splitter = QSplitter(orientation)
        splitter.setHandleWidth(GAP)
        splitter.setChildrenCollapsible(False)
        self._splitters[name] = splitter
        return splitter

    def _close_up(self) -> None:
        """Give the room of a row whose panels are all hidden to the others."""
        for name in (*_ROWS, "side"):
            splitter = self._splitters[name]
            own = (slot for slot in self._slots.values() if splitter.isAncestorOf(slot))
            splitter.setVisible(any(not slot.isHidden() for slot in own))


def _fill(splitter: QSplitter, slots: list[tuple[Slot, int]]) -> None:
    for slot, share in slots:
        splitter.addWidget(slot)
        splitter.setStretchFactor(splitter.indexOf(slot), share)
    splitter.setSizes([_PLENTY * share for _, share in slots])


def _names(value: Any) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []
