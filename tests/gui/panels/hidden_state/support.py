"""Snapshots made to measure, and what of the panel is on the screen."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtWidgets import QLabel

from workbench.gui.panels.hidden_state import HiddenStatePanel
from workbench.lab.workbook import open_workbook

Arrays = Mapping[str, NDArray[Any]]


def make_snapshot(path: Path, change: Callable[[Arrays], Arrays]) -> Path:
    """Add a snapshot to run 1, as the last one but changed."""
    with open_workbook(path) as workbook:
        last = workbook.film.steps(1)[-1]
        workbook.film.append(1, last + 1, change(workbook.film.read(1, last)))
    return path


def cell(panel: HiddenStatePanel, t: int, row: int) -> QPoint:
    """Return where a cell of the map is on the screen."""
    place: QPoint = panel.map.mapFromScene(panel.map.box.mapViewToScene(QPointF(t, row)))
    return place


def texts_of(panel: HiddenStatePanel) -> str:
    return " ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel))


def shown_values(panel: HiddenStatePanel) -> NDArray[Any]:
    """Return the values that stand in each row of the picture, (H, T), from the snapshot itself."""
    picture = panel.picture
    assert picture is not None
    view = picture.view
    return picture.sequence.snapshot.arrays[f"values/{view.layer}.{view.name}"].T[picture.order]
