"""The hidden state: any named value of a layer as units by time steps, below what the network reads."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel

from workbench.figures.layers import direction_of, layer_mark, layer_words, number_of, split_layer
from workbench.gui.format import number, steps
from workbench.gui.panels.panel import Job, Panel
from workbench.gui.panels.sequence_choice import SequenceChoice
from workbench.gui.panels.state_picture import AS_LEARNT, SORTINGS, Held, StatePicture, View, make_picture
from workbench.gui.panels.tabs import Tabs
from workbench.gui.panels.tools import MenuChoice, divider, word
from workbench.gui.panels.without_film import why_no_snapshot
from workbench.gui.plots.colour_bar import ColourBar
from workbench.gui.plots.heat_map import HeatMap
from workbench.gui.plots.strip import Strip
from workbench.gui.plots.uprights import Uprights, where_an_answer_begins
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.theme import set_role, theme

_WHAT = "The hidden state"
_NAMES_WIDEST, _LAYERS_WIDEST = 300, 190  # pixels for chips
_ROOMY = 820  # pixels of a panel whose header has room for more than chips and tools


class HiddenStatePanel(Panel):
    """Heat map of one named value of one layer, with the input and target strip above it and the one cursor."""

    name = "hidden_state"
    title = "Hidden state"
    help = (
        "Each row is one unit, each column one time step of a sequence the network was not trained on. Blue is below "
        "zero, red above, and what is close to zero has the colour of the panel; gates run from 0, dark, to 1, "
        "bright. Above stands what the network reads at each step, and what it should answer and answers where there "
        "is an answer at each step. A row that keeps its colour remembers; stripes that start at an input show what "
        "that input changed. Where a decoder writes an answer, a dashed line parts the source from it. A layer with "
        "an arrow reads from the end. Sort the rows to see groups of units. Point anywhere to read the values; click "
        "to keep the cursor there, Escape lets go. The arrow keys move the cursor; the mouse wheel zooms along time. "
        "While the run trains, choose another sequence at the top, or by Page Up and Page Down."
    )

    layer_changed = Signal(str)
    """Another layer is looked at."""

    def __init__(self, session: Session, clock: Clock) -> None:
        super().__init__(session, clock)
        self._wish = View()
        self._held: Held | None = None
        self.picture: StatePicture | None = None
        self.strip, self.map, self.bar = Strip(), HeatMap("time step t", "unit"), ColourBar()
        self.uprights = Uprights(self.map, height=0.06)  # its rows run downwards
        self.layer_tabs, self.name_tabs = Tabs("layer", _LAYERS_WIDEST), Tabs("value", _NAMES_WIDEST)
        self.sorting = MenuChoice(
            "Sort the units",
            "How the units are ordered from top to bottom.",
            lambda text: f"sort: {text}",
            lambda _: "sort",
        )
        self.sorting.offer(((name, name) for name in SORTINGS), AS_LEARNT)
        self.sequences = SequenceChoice(session)
        self.sort_again = word("again", "Order the units by what is shown now. Rows stay where they are until then.")
        self.show_all = word("show all", "Show all time steps again, as a double click does.")
        self._layer_label, self._divider = QLabel("layer"), divider()
        self._arrange()
        self._connect()
        self._show_wish()
        self.show_empty(why_no_snapshot(None, _WHAT))

    # What is drawn.

    def job(self) -> Job | None:
        """Make the picture on the reader's thread; while the film is still read, what was drawn stays."""
        film, record, wish, held = self.session.film, self.session.runs.current_record, self._wish, self._held
        snapshot = film.snapshot
        if snapshot is None or record is None:
            if record is None or film.known:
                self._forget(why_no_snapshot(record, _WHAT))
            return None
        return lambda: make_picture(snapshot, record, wish, held)

    def draw(self, data: StatePicture | None) -> None:
        """Give the picture to the items that are there."""
        if data is None:
            self._forget("This snapshot holds no values of the cell.")
            return
        before, self.picture, self._held = self.picture, data, data.held
        self.map.show_image(data.image, data.scale, data.order)
        self.strip.show_lanes(data.lanes, data.sequence.length)
        self.uprights.show(where_an_answer_begins(data.sequence.snapshot.switch))
        self.bar.set_scale(data.scale)
        self.sequences.show(data.sequence.number, data.readings)
        self._show_tabs(data)
        self.set_caption(_caption(data))
        self._mark()
        self.show_body()
        if before is None or before.view.layer != data.view.layer:
            self.layer_changed.emit(data.view.layer)

    def summary(self) -> str:
        """Return the picture in words."""
        picture = self.picture
        if picture is None:
            return ""
        rows, columns = picture.image.shape
        low, high = picture.extent
        return (
            f"{_named(picture)} of {steps(rows)} units over {steps(columns)} time steps, from {number(low)} to "
            f"{number(high)}, after training step {steps(picture.sequence.snapshot.step)}"
        )

    def settings(self) -> dict[str, Any]:
        """Return what the window keeps for the next start."""
        return {"layer": self._wish.layer, "value": self._wish.name, "sorting": self._wish.sorting}

    def restore(self, settings: Mapping[str, Any]) -> None:
        """Take up what was kept; what makes no sense is left as it is."""
        layer, name, sorting = (settings.get(key) for key in ("layer", "value", "sorting"))
        if isinstance(layer, str) and split_layer(f"{layer}.h")[0]:
            self._wish = replace(self._wish, layer=layer)
        if isinstance(name, str):
            self._wish = replace(self._wish, name=name)
        if isinstance(sorting, str) and sorting in SORTINGS:
            self._wish = replace(self._wish, sorting=sorting)
        self._show_wish()
        self.outdate()

    def figure(self) -> tuple[str, dict[str, Any]]:
        """Return the figure of states with the value, the layer and the snapshot shown here."""
        view = self.picture.view if self.picture is not None else self._wish
        order = "final value" if view.sorting == "final value" else "unit"
        options = {"value": view.name, "layer": number_of(view.layer), "step": self.session.film.place, "order": order}
        backward = direction_of(view.layer) == "backward"
        return "states", options | ({"direction": "backward"} if backward else {})

    # What a person does.

    def choose_layer(self, layer: str) -> None:
        """Show another layer: "2", or "2r" that reads from the end."""
        self._want(replace(self._wish, layer=layer))

    def choose_value(self, name: str) -> None:
        """Show another named value."""
        self._want(replace(self._wish, name=name))

    def sort(self, sorting: str) -> None:
        """Order the units anew, by one of SORTINGS, from the snapshot shown; rows then stay where they are."""
        if self._held is not None:
            self._held = replace(self._held, order=None)
        self._want(replace(self._wish, sorting=sorting))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor by the arrow keys, Escape lets it go; Page Up and Page Down go to another sequence."""
        moves = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        pages = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        key = Qt.Key(event.key())
        if key in moves and self.picture is not None:
            self._move(self.picture, *moves[key])
        elif key in pages and self.picture is not None:
            self.sequences.go_by(pages[key])
        elif key == Qt.Key.Key_Escape and self.session.cursor.t is not None:
            self.session.cursor.release()
        else:
            super().keyPressEvent(event)

    # How it works.

    def _choose_mark(self, mark: str) -> None:
        if self.picture is not None:
            self.choose_layer(next(layer for layer in self.picture.names if layer_mark(layer) == mark))

    def _want(self, wish: View) -> None:
        self._wish = wish
        self._show_wish()
        self.outdate()

    def _move(self, picture: StatePicture, columns: int, rows: int) -> None:
        """Move the cursor within the picture; from nowhere it starts at the last step."""
        cursor = self.session.cursor
        height, width = picture.image.shape
        if cursor.t is None or cursor.t >= width:
            cursor.pin(width - 1, int(picture.order[0]) if cursor.unit is None else cursor.unit)
        elif columns and 0 <= cursor.t + columns < width:
            cursor.move(columns)
        elif rows:
            row = self._row_of(picture, cursor.unit)
            target = 0 if row is None else min(max(row + rows, 0), height - 1)
            cursor.move_unit(int(picture.order[target]) - (cursor.unit or 0))

    def _mark(self) -> None:
        """Draw the cursor where it stands, if that is within the picture."""
        picture, cursor = self.picture, self.session.cursor
        if picture is None:
            return
        t = cursor.t if cursor.t is not None and cursor.t < picture.image.shape[1] else None
        self.map.mark(t)
        self.strip.mark(t)
        self.map.mark_row(None if t is None else self._row_of(picture, cursor.unit))

    @staticmethod
    def _row_of(picture: StatePicture, unit: int | None) -> int | None:
        if unit is None or unit >= len(picture.order):
            return None
        return int((picture.order == unit).argmax())

    def _unit(self, row: int) -> int | None:
        return int(self.picture.order[row]) if self.picture is not None else None

    def _forget(self, sentence: str) -> None:
        self.picture = self._held = None
        self.set_caption("")
        self._show_header(False)
        self.show_empty(sentence)

    def _hear_of_nothing(self) -> None:
        """Say anew why there is nothing, where there is nothing."""
        if self.session.film.snapshot is None:
            self.outdate()

    def _show_header(self, shown: bool) -> None:
        for widget in (self.name_tabs, self.sequences.button, self.sorting.button, self.bar):
            widget.setVisible(shown)
        self.sort_again.setVisible(shown and self._wish.sorting != AS_LEARNT)
        self.show_all.setVisible(shown and not self.map.following)
        several = shown and self.picture is not None and len(self.picture.names) > 1
        self.layer_tabs.setVisible(several)
        self._layer_label.setVisible(several and self.width() >= _ROOMY)
        self._divider.setVisible(several)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say the word “layer” before its chips where there is room for it."""
        super().resizeEvent(event)
        self._layer_label.setVisible(self.layer_tabs.isVisibleTo(self) and self.width() >= _ROOMY)

    def _show_tabs(self, picture: StatePicture) -> None:
        view = picture.view
        self.layer_tabs.show_names([layer_mark(layer) for layer in picture.names], layer_mark(view.layer))
        self.name_tabs.show_names(picture.names[view.layer], view.name)
        self._show_header(True)

    def _show_wish(self) -> None:
        self.sorting.set(self._wish.sorting)
        self._show_header(self.picture is not None)

    def _connect(self) -> None:
        session, cursor = self.session, self.session.cursor
        session.film.snapshot_changed.connect(self.outdate)
        session.film.changed.connect(self._hear_of_nothing)
        session.runs.changed.connect(self._hear_of_nothing)
        cursor.changed.connect(self._mark)
        theme().changed.connect(self._dress)
        self.map.placed.connect(self.strip.place)
        self.map.following_changed.connect(lambda following: self.show_all.setVisible(not following))
        self.show_all.clicked.connect(self.map.follow)
        self.map.pointed_at.connect(lambda t, row: cursor.hover(t, self._unit(row)))
        self.map.clicked_at.connect(lambda t, row: cursor.pin(t, self._unit(row)))
        self.map.left.connect(cursor.leave)
        self.strip.pointed.connect(cursor.hover)
        self.strip.clicked.connect(cursor.pin)
        self.strip.left.connect(cursor.leave)
        self.layer_tabs.chosen.connect(self._choose_mark)
        self.name_tabs.chosen.connect(self.choose_value)
        self.sorting.changed.connect(self.sort)
        self.sort_again.clicked.connect(lambda: self.sort(self._wish.sorting))

    def _dress(self) -> None:
        self.uprights.dress()

    def _arrange(self) -> None:
        for place_to_click in (self, self.strip):
            place_to_click.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            place_to_click.setFocusProxy(self.map)
        self.sort_again.setAccessibleName("Sort again")
        set_role(self._layer_label, "caption")
        for place, widget in enumerate((self._layer_label, self.layer_tabs, self._divider, self.name_tabs), start=1):
            self.header.insertWidget(place, widget)
        for tool in (self.show_all, self.sequences.button, self.sorting.button, self.sort_again, self.bar):
            self.tools.addWidget(tool)
        self.tools.insertSpacing(4, 8)
        self.header.setSpacing(8)  # many tools stand in it
        self.body.setSpacing(2)
        self.body.addWidget(self.strip)
        self.body.addWidget(self.map, 1)


def _named(picture: StatePicture) -> str:
    kind = "state" if picture.view.name in picture.states else "value"
    layer = f" of {layer_words(picture.view.layer)}" if len(picture.names) > 1 else ""
    return f"{kind} {picture.view.name}{layer}"


def _caption(picture: StatePicture) -> str:
    caption = f"{_named(picture)} on validation sequence {picture.sequence.number}"
    return f"{caption}; grey where it is no number" if picture.missing else caption
