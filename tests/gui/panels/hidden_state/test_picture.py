"""What the hidden-state panel shows of real runs, and what it says when there is nothing."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.panels.hidden_state.support import Arrays, cell, make_snapshot, shown_values, texts_of
from tests.gui.support import small_experiment
from workbench.api import train
from workbench.gui.panels.hidden_state import HiddenStatePanel
from workbench.gui.plots.lanes import Bars, Picture, Texts
from workbench.gui.session import Session
from workbench.gui.theme import theme
from workbench.lab.running import launch_worker, start_run
from workbench.lab.workbook import open_workbook

LEFT = Qt.MouseButton.LeftButton


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
    with qtbot.waitSignal(panel.layer_changed, check_params_cb=lambda layer: layer == "2"):
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
    assert lstm.settings() == {"layer": "1", "value": "", "sorting": "as learnt"}
    lstm.restore({"layer": "1", "value": "o", "sorting": "mean"})
    qtbot.waitUntil(lambda: lstm.picture is not None and lstm.picture.view.name == "o")
    assert lstm.settings() == {"layer": "1", "value": "o", "sorting": "mean"}
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


def test_of_encoder_and_decoder_a_line_parts_source_and_answer(
    panel: HiddenStatePanel, tmp_path: Path, qtbot: QtBot
) -> None:
    task = {"name": "reverse", "alphabet": 4, "length": 5}
    train(small_experiment(task=task, bidirectional=True, steps=3), tmp_path / "both.rnnw")
    panel.session.open(tmp_path / "both.rnnw")
    qtbot.waitUntil(lambda: panel.picture is not None)
    snapshot = panel.session.film.snapshot
    assert snapshot is not None
    assert snapshot.switch is not None
    (upright,) = panel.uprights.shown
    assert (upright.x, upright.left, upright.right) == (snapshot.switch - 0.5, "source", "answer")


def test_a_layer_that_reads_from_the_end_has_a_chip_of_its_own(
    panel: HiddenStatePanel, tmp_path: Path, qtbot: QtBot
) -> None:
    train(small_experiment(bidirectional=True, steps=3), tmp_path / "both.rnnw")
    panel.session.open(tmp_path / "both.rnnw")
    qtbot.waitUntil(lambda: panel.picture is not None)
    assert list(panel.layer_tabs.chips) == ["1", "1←"]
    qtbot.mouseClick(panel.layer_tabs.chips["1←"], LEFT)
    qtbot.waitUntil(lambda: panel.picture is not None and panel.picture.view.layer == "1r")
    assert "of layer 1, from the end" in panel.summary()
    kind, options = panel.figure()
    assert (kind, options["layer"], options["direction"]) == ("states", 1, "backward")
