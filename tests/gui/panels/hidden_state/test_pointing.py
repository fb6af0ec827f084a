"""The one cursor: pointing, keys and clicks, zoom, and the order of the rows that they go through."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.gui.panels.hidden_state.support import cell, shown_values
from tests.gui.plots.wheel import wheel
from workbench.gui.panels.hidden_state import HiddenStatePanel

LEFT = Qt.MouseButton.LeftButton


def test_pointing_at_the_map_moves_the_cursor_of_all_panels(lstm: HiddenStatePanel, qtbot: QtBot) -> None:
    cursor = lstm.session.cursor
    qtbot.mouseMove(lstm.map.viewport(), cell(lstm, 7, 3))
    qtbot.waitUntil(lambda: (cursor.t, cursor.unit) == (7, 3))
    assert not cursor.pinned
    qtbot.mouseMove(lstm.strip, QPoint(round(lstm.strip.columns.middle(4)), 8))
    qtbot.waitUntil(lambda: (cursor.t, cursor.unit) == (4, 3))


def test_the_strip_stands_in_the_columns_of_the_map(lstm: HiddenStatePanel) -> None:
    for t in (0, 5, 11):
        in_map = lstm.map.viewport().mapTo(lstm, cell(lstm, t, 0)).x()
        in_strip = lstm.strip.mapTo(lstm, QPoint(0, 0)).x() + lstm.strip.columns.middle(t)
        assert in_strip == pytest.approx(in_map, abs=1)


def test_a_zoom_stays_while_the_film_runs_until_all_is_asked_for(lstm: HiddenStatePanel, qtbot: QtBot) -> None:
    assert not lstm.show_all.isVisibleTo(lstm)
    wheel(lstm.map, cell(lstm, 6, 3), 5)
    zoomed = lstm.map.box.viewRange()[0]
    assert zoomed != [-0.5, 11.5]
    lstm.session.film.go_to(0)
    qtbot.waitUntil(lambda: lstm.picture is not None and lstm.picture.sequence.snapshot.step == 0)
    assert lstm.map.box.viewRange()[0] == zoomed
    qtbot.mouseClick(lstm.show_all, LEFT)
    assert lstm.map.box.viewRange()[0] == [-0.5, 11.5]
    assert not lstm.show_all.isVisibleTo(lstm)


def test_a_click_keeps_the_cursor_and_escape_lets_it_go(lstm: HiddenStatePanel, qtbot: QtBot) -> None:
    cursor = lstm.session.cursor
    qtbot.mouseClick(lstm.map.viewport(), LEFT, pos=cell(lstm, 7, 3))
    assert cursor.pinned
    qtbot.mouseMove(lstm.map.viewport(), cell(lstm, 2, 1))
    assert (cursor.t, cursor.unit) == (7, 3)
    qtbot.keyClick(lstm.map, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: cursor.t is None and not cursor.pinned)


def test_a_click_gives_the_panel_the_keys(lstm: HiddenStatePanel, window: QWidget, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.mouseClick(lstm.map.viewport(), LEFT, pos=cell(lstm, 7, 3))
    assert lstm.map.hasFocus()
    lstm.name_tabs.chips["c"].setFocus()
    qtbot.mouseClick(lstm.strip, LEFT, pos=QPoint(round(lstm.strip.columns.middle(2)), 8))
    assert lstm.map.hasFocus()


def test_arrow_keys_move_the_cursor_through_rows_as_they_stand_and_stop_at_the_edges(
    lstm: HiddenStatePanel, qtbot: QtBot
) -> None:
    lstm.sort("final value")
    qtbot.waitUntil(lambda: lstm.picture is not None and lstm.picture.view.sorting == "final value")
    picture, cursor = lstm.picture, lstm.session.cursor
    assert picture is not None
    qtbot.keyClick(lstm.map, Qt.Key.Key_Right)
    assert (cursor.t, cursor.unit) == (11, picture.order[0])
    qtbot.keyClick(lstm.map, Qt.Key.Key_Right)
    qtbot.keyClick(lstm.map, Qt.Key.Key_Up)
    assert (cursor.t, cursor.unit) == (11, picture.order[0])
    qtbot.keyClick(lstm.map, Qt.Key.Key_Left)
    qtbot.keyClick(lstm.map, Qt.Key.Key_Down)
    assert (cursor.t, cursor.unit) == (10, picture.order[1])


@pytest.mark.parametrize(
    ("sorting", "measure"),
    [
        ("final value", lambda rows: rows[:, -1]),
        ("mean", lambda rows: rows.mean(axis=1)),
        ("variance", lambda rows: -rows.var(axis=1)),
    ],
)
def test_units_are_sorted_from_the_menu(
    lstm: HiddenStatePanel, qtbot: QtBot, sorting: str, measure: Callable[[NDArray[Any]], NDArray[Any]]
) -> None:
    next(action for action in lstm.sorting.menu.actions() if action.text() == sorting).trigger()
    qtbot.waitUntil(lambda: lstm.picture is not None and lstm.picture.view.sorting == sorting)
    assert lstm.picture is not None
    assert (np.diff(measure(shown_values(lstm).astype(np.float64))) >= 0).all()
    assert np.array_equal(lstm.picture.image, lstm.picture.scale.quantise(shown_values(lstm)))


def test_rows_stay_while_the_film_runs_until_they_are_sorted_again(lstm: HiddenStatePanel, qtbot: QtBot) -> None:
    lstm.sort("final value")
    qtbot.waitUntil(lambda: lstm.picture is not None and lstm.picture.view.sorting == "final value")
    assert lstm.picture is not None
    last = lstm.picture.order.copy()
    lstm.session.film.go_to(0)
    qtbot.waitUntil(lambda: lstm.picture is not None and lstm.picture.sequence.snapshot.step == 0)
    assert np.array_equal(lstm.picture.order, last)

    qtbot.mouseClick(lstm.sort_again, LEFT)
    qtbot.waitUntil(lambda: lstm.picture is not None and not np.array_equal(lstm.picture.order, last))
    assert (np.diff(shown_values(lstm)[:, -1]) >= 0).all()
