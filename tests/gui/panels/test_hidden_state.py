"""The hidden-state panel: what it shows of real runs, the one cursor, and what it says when there is nothing."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.plots.wheel import wheel
from tests.gui.support import small_experiment
from workbench.api import train
from workbench.gui.panels.hidden_state import HiddenStatePanel
from workbench.gui.plots.lanes import Bars, Picture, Texts
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.theme import theme
from workbench.lab.running import launch_worker, start_run
from workbench.lab.workbook import open_workbook

LEFT = Qt.MouseButton.LeftButton
Arrays = Mapping[str, NDArray[Any]]


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(800, 250)
    return widget


@pytest.fixture
def panel(session: Session, clock: Clock, window: QWidget, qtbot: QtBot) -> HiddenStatePanel:
    """The panel, shown, on a session without a workbook."""
    widget = HiddenStatePanel(session, clock)
    widget.setParent(window)
    widget.resize(800, 250)
    with qtbot.waitExposed(window):
        window.show()
    return widget


@pytest.fixture
def look_at(panel: HiddenStatePanel, session: Session, qtbot: QtBot) -> Callable[[Path, int], None]:
    """Open a workbook and look at one of its runs, until its picture is drawn."""

    def look(path: Path, run: int) -> None:
        if session.workbook is None or session.workbook.path != path:
            session.open(path)
            qtbot.waitUntil(lambda: session.workbook is not None and session.workbook.path == path)
            qtbot.waitUntil(lambda: bool(session.runs.records))
        session.runs.select(run)
        qtbot.waitUntil(lambda: panel.picture is not None and panel.picture.sequence.snapshot.run == run)

    return look


@pytest.fixture
def lstm(panel: HiddenStatePanel, look_at: Callable[[Path, int], None], two_runs: Path) -> HiddenStatePanel:
    """The panel on an LSTM of 8 units that read 12 steps."""
    look_at(two_runs, 1)
    return panel


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


def test_without_a_run_it_says_what_to_do(panel: HiddenStatePanel) -> None:
    assert "Press Train" in texts_of(panel)
    assert not panel.map.isVisibleTo(panel)
    assert not panel.bar.isVisibleTo(panel)


def test_it_shows_the_first_state_of_the_run_and_what_it_reads(lstm: HiddenStatePanel) -> None:
    picture = lstm.picture
    assert picture is not None
    assert picture.view.name == "h"
    assert picture.image.shape == (8, 12)
    assert np.array_equal(picture.image, picture.scale.quantise(shown_values(lstm)))
    assert list(lstm.name_tabs.chips) == ["h", "c", "f", "i", "o"]
    [lane] = lstm.strip.lanes
    assert isinstance(lane, Bars)
    assert lane.marked.sum() == 2
    assert "validation sequence 0" in texts_of(lstm)
    assert "state h of 8 units over 12 time steps" in lstm.accessibleDescription()


def test_a_chip_shows_another_value_and_a_gate_is_a_magnitude(lstm: HiddenStatePanel, qtbot: QtBot) -> None:
    qtbot.mouseClick(lstm.name_tabs.chips["f"], LEFT)
    qtbot.waitUntil(lambda: lstm.picture is not None and lstm.picture.view.name == "f")
    assert lstm.picture is not None
    assert not lstm.picture.scale.signed
    assert "from 0 to 1" in lstm.bar.toolTip()
    assert np.array_equal(lstm.picture.image, lstm.picture.scale.quantise(shown_values(lstm)))


def test_a_cell_without_the_chosen_value_shows_its_state_and_the_choice_is_remembered(
    lstm: HiddenStatePanel, look_at: Callable[[Path, int], None], two_runs: Path, qtbot: QtBot
) -> None:
    qtbot.mouseClick(lstm.name_tabs.chips["c"], LEFT)
    look_at(two_runs, 2)
    assert lstm.picture is not None
    assert lstm.picture.view.name == "s"
    assert list(lstm.name_tabs.chips) == ["s"]
    look_at(two_runs, 1)
    assert lstm.picture.view.name == "c"


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


def test_going_to_another_run_never_shows_a_sentence_in_between(
    lstm: HiddenStatePanel, session: Session, qtbot: QtBot
) -> None:
    session.film.snapshot_changed.connect(lambda: seen.append(lstm.map.isVisibleTo(lstm)))
    seen: list[bool] = []
    session.runs.select(2)
    qtbot.waitUntil(lambda: lstm.picture is not None and lstm.picture.view.name == "s")
    assert len(seen) >= 2
    assert all(seen)


def test_two_layers_have_chips_and_tell_which_is_looked_at(
    panel: HiddenStatePanel, look_at: Callable[[Path, int], None], tmp_path: Path, qtbot: QtBot
) -> None:
    train(small_experiment(layers=2, steps=5), tmp_path / "deep.rnnw")
    look_at(tmp_path / "deep.rnnw", 1)
    assert list(panel.layer_tabs.chips) == ["1", "2"]
    with qtbot.waitSignal(panel.layer_changed, check_params_cb=lambda layer: layer == 2):
        qtbot.mouseClick(panel.layer_tabs.chips["2"], LEFT)
    assert panel.picture is not None
    assert np.array_equal(panel.picture.image, panel.picture.scale.quantise(shown_values(panel)))
    assert "layer 2" in texts_of(panel)


def test_symbols_stand_as_texts_above_with_target_and_output_below_them(
    panel: HiddenStatePanel, look_at: Callable[[Path, int], None], tmp_path: Path
) -> None:
    train(small_experiment(task={"name": "copy", "delay": 5, "count": 3}, steps=5), tmp_path / "copy.rnnw")
    look_at(tmp_path / "copy.rnnw", 1)
    assert panel.picture is not None
    arrays = panel.picture.sequence.snapshot.arrays
    read, target, output = panel.strip.lanes
    assert isinstance(read, Texts)
    assert isinstance(target, Texts)
    assert isinstance(output, Texts)
    assert [lane.label for lane in panel.strip.lanes] == ["input", "target", "output"]
    assert read.texts[:3] == target.texts[-3:]
    assert np.array_equal(output.wrong, arrays["outputs"].argmax(axis=1) != arrays["targets"])


def test_many_numbers_a_step_are_a_picture(
    panel: HiddenStatePanel, look_at: Callable[[Path, int], None], tmp_path: Path
) -> None:
    train(small_experiment(task={"name": "digits"}, steps=2), tmp_path / "digits.rnnw")
    look_at(tmp_path / "digits.rnnw", 1)
    [lane] = panel.strip.lanes
    assert isinstance(lane, Picture)
    assert lane.shades.shape == (8, 8)


def test_snapshots_of_older_workbooks_show_symbols_by_number(
    panel: HiddenStatePanel, look_at: Callable[[Path, int], None], tmp_path: Path
) -> None:
    path = tmp_path / "copy.rnnw"
    train(small_experiment(task={"name": "copy", "delay": 5, "count": 3}, steps=5), path)
    make_snapshot(path, lambda arrays: {name: array for name, array in arrays.items() if name != "words"})
    look_at(path, 1)
    assert panel.picture is not None
    [read, *_] = panel.strip.lanes
    assert isinstance(read, Texts)
    assert read.texts == tuple(map(str, panel.picture.sequence.snapshot.arrays["inputs"]))


def test_a_snapshot_of_states_alone_is_shown(
    panel: HiddenStatePanel, look_at: Callable[[Path, int], None], two_runs: Path
) -> None:
    make_snapshot(two_runs, lambda arrays: {name: arrays[name] for name in ("length", "values/1.h")})
    look_at(two_runs, 1)
    assert panel.strip.lanes == ()
    assert list(panel.name_tabs.chips) == ["h"]


def test_what_is_no_number_is_grey_and_said(
    panel: HiddenStatePanel, look_at: Callable[[Path, int], None], two_runs: Path
) -> None:
    def spoil(arrays: Arrays) -> Arrays:
        values = arrays["values/1.h"].copy()
        values[6:, 2], values[8:, 4] = np.nan, np.inf
        return {**arrays, "values/1.h": values}

    look_at(make_snapshot(two_runs, spoil), 1)
    assert panel.picture is not None
    assert (panel.picture.image[2, 6:] == 0).all()
    assert (panel.picture.image[4, 8:] == 255).all()
    assert "grey where it is no number" in texts_of(panel)
    panel.sort("mean")


@pytest.mark.parametrize("shape", [(1, 1), (1, 512), (300, 1)])
def test_one_step_and_one_unit_are_a_picture_too(
    panel: HiddenStatePanel, look_at: Callable[[Path, int], None], two_runs: Path, shape: tuple[int, int]
) -> None:
    def resize(arrays: Arrays) -> Arrays:
        inputs = np.resize(arrays["inputs"], (shape[0], 2))
        values = np.full(shape, 0.5, np.float32)
        return {**arrays, "length": np.array(shape[0]), "inputs": inputs, "values/1.h": values}

    look_at(make_snapshot(two_runs, resize), 1)
    assert panel.picture is not None
    assert panel.picture.image.shape == shape[::-1]
    assert panel.map.box.viewRange()[0] == [-0.5, shape[0] - 0.5]


def test_the_cursor_of_a_longer_sequence_is_not_drawn_outside(
    lstm: HiddenStatePanel, look_at: Callable[[Path, int], None], tmp_path: Path
) -> None:
    train(small_experiment(task={"name": "adding", "length": 4}, hidden=3, steps=5), tmp_path / "short.rnnw")
    lstm.session.cursor.pin(9, 7)
    look_at(tmp_path / "short.rnnw", 1)
    assert lstm.picture is not None
    assert lstm.picture.image.shape == (3, 4)
    before = lstm.grab().toImage()
    lstm.session.cursor.release()
    assert lstm.grab().toImage() == before


def test_a_run_is_followed_while_it_is_trained(panel: HiddenStatePanel, tmp_path: Path, qtbot: QtBot) -> None:
    with open_workbook(tmp_path / "live.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment(steps=200))
        panel.session.open(tmp_path / "live.rnnw")
        qtbot.waitUntil(lambda: "has not begun" in texts_of(panel))
        process = launch_worker(workbook, run)
        qtbot.waitUntil(lambda: panel.picture is not None, timeout=30_000)
        qtbot.waitUntil(
            lambda: panel.picture is not None and panel.picture.sequence.snapshot.step == 200, timeout=30_000
        )
        process.wait()
    assert panel.map.isVisibleTo(panel)


def test_a_run_that_failed_before_its_first_snapshot_says_why(
    panel: HiddenStatePanel, tmp_path: Path, qtbot: QtBot
) -> None:
    with open_workbook(tmp_path / "failed.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment())
        workbook.runs.set_status(run, "failed", "The file of the data is gone.")
    panel.session.open(tmp_path / "failed.rnnw")
    qtbot.waitUntil(lambda: "The file of the data is gone." in texts_of(panel))
    assert not panel.bar.isVisibleTo(panel)


def test_a_run_that_diverged_keeps_its_last_picture(
    panel: HiddenStatePanel, look_at: Callable[[Path, int], None], tmp_path: Path
) -> None:
    path = tmp_path / "diverged.rnnw"
    with open_workbook(path, create=True) as workbook:
        run = start_run(workbook, small_experiment(cell="irnn", learning_rate=1000, optimizer="sgd"))
        launch_worker(workbook, run).wait()
        assert workbook.runs.get(run).status == "failed"
    look_at(path, 1)
    assert panel.map.isVisibleTo(panel)


def test_it_is_drawn_in_both_themes(lstm: HiddenStatePanel) -> None:
    light = lstm.grab().toImage()
    theme().apply("dark")
    dark = lstm.grab().toImage()
    for t, row in ((0, 0), (11, 7)):
        place = lstm.map.viewport().mapTo(lstm, cell(lstm, t, row))
        assert light.pixelColor(place).lightness() > dark.pixelColor(place).lightness()


def test_what_was_chosen_is_kept_and_nonsense_is_ignored(lstm: HiddenStatePanel, qtbot: QtBot) -> None:
    lstm.restore({"layer": "two", "value": 7, "sorting": "by colour", "else": None})
    assert lstm.settings() == {"layer": 1, "value": "", "sorting": "as learnt"}
    lstm.restore({"layer": 1, "value": "o", "sorting": "mean"})
    qtbot.waitUntil(lambda: lstm.picture is not None and lstm.picture.view.name == "o")
    assert lstm.settings() == {"layer": 1, "value": "o", "sorting": "mean"}
    assert "mean" in lstm.sorting.button.text()


def test_its_figure_is_of_what_is_shown(lstm: HiddenStatePanel, qtbot: QtBot) -> None:
    assert lstm.figure() == ("states", {"value": "h", "layer": 1, "step": None, "order": "unit"})
    lstm.sort("final value")
    lstm.choose_value("c")
    lstm.session.film.go_to(0)
    qtbot.waitUntil(lambda: lstm.picture is not None and lstm.picture.sequence.snapshot.step == 0)
    assert lstm.figure() == ("states", {"value": "c", "layer": 1, "step": 0, "order": "final value"})


def test_all_tools_have_names_and_can_be_reached_by_keys(lstm: HiddenStatePanel) -> None:
    for tool in (lstm.sorting.button, lstm.sort_again, *lstm.name_tabs.chips.values()):
        assert tool.accessibleName()
        assert tool.toolTip()
        assert tool.focusPolicy() & Qt.FocusPolicy.TabFocus
