"""The loss panel in the window: curves of ticked runs, zooming, its tools by mouse and keys, and what it says."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.support import small_experiment
from workbench.figures.smoothing import moving_mean
from workbench.gui.panels.loss import LossPanel
from workbench.gui.plots.curves import RunCurves
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.theme import theme
from workbench.lab.running import launch_worker, start_run
from workbench.lab.workbook import Columns, Workbook, open_workbook
from workbench.tasks import Baseline

LEFT = Qt.MouseButton.LeftButton
LONG = 100_000


@pytest.fixture
def panel(session: Session, clock: Clock, qtbot: QtBot) -> LossPanel:
    widget = LossPanel(session, clock)
    qtbot.addWidget(widget)
    widget.resize(800, 210)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


@pytest.fixture
def drawn(panel: LossPanel, opened: Session, qtbot: QtBot) -> LossPanel:
    """The panel with the second run of two."""
    qtbot.waitUntil(lambda: bool(panel.summary()))
    return panel


@pytest.fixture
def long(panel: LossPanel, tmp_path: Path, qtbot: QtBot) -> LossPanel:
    """The panel with a run of many steps, and a spike at one of them."""
    steps = np.arange(1, LONG + 1)
    loss = 0.5 + 0.1 * np.sin(steps)
    loss[70_122] = 30.0
    path = tmp_path / "long.rnnw"
    with open_workbook(path, create=True) as workbook:
        run = start_run(workbook, small_experiment(steps=LONG))
        workbook.scalars.append(run, Columns(steps, {"loss": loss, "seconds": steps / 1000}))
        workbook.runs.set_status(run, "finished")
    panel.session.open(path)
    qtbot.waitUntil(lambda: bool(panel.summary()))
    return panel


def curves(panel: LossPanel, run: int) -> RunCurves:
    return panel._curves[run]


def points(item: Any) -> tuple[np.ndarray, np.ndarray]:
    x, y = item.getData()
    return (np.empty(0), np.empty(0)) if x is None else (x, y)


def workbook_of(panel: LossPanel) -> Workbook:
    assert panel.session.workbook is not None
    return panel.session.workbook


def place(panel: LossPanel, x: float) -> QPoint:
    """Return where x stands in the plot's pixels, half way up."""
    left, right = panel.plot.box.viewRange()[0]
    area = panel.plot.box.sceneBoundingRect()
    return QPoint(round(area.left() + (x - left) / (right - left) * area.width()), round(area.center().y()))


def turn_wheel(panel: LossPanel, x: float, turns: int) -> None:
    viewport, here = panel.plot.viewport(), place(panel, x)
    for _ in range(turns):
        wheel = QWheelEvent(
            QPointF(here), QPointF(viewport.mapToGlobal(here)), QPoint(), QPoint(0, 120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(viewport, wheel)


def choose(panel: LossPanel, quantity: str) -> None:
    next(action for action in panel.controls.quantity.menu.actions() if action.data() == quantity).trigger()


def test_without_a_workbook_it_says_what_to_do(panel: LossPanel) -> None:
    assert panel.accessibleDescription() == "Press Train and the loss appears here."


def test_every_step_is_drawn_faint_its_mean_over_it_and_validation_as_circles(drawn: LossPanel) -> None:
    training, validation = workbook_of(drawn).scalars.read(2), workbook_of(drawn).validations.read(2)
    own = curves(drawn, 2)
    np.testing.assert_array_equal(points(own.raw)[0], training.steps)
    np.testing.assert_allclose(points(own.raw)[1], np.log10(training["loss"]))
    np.testing.assert_allclose(points(own.main)[1], np.log10(moving_mean(training["loss"], 15)))  # a quarter of 60
    np.testing.assert_array_equal(points(own.circles)[0], validation.steps)
    np.testing.assert_allclose(points(own.circles)[1], np.log10(validation["loss"]))


def test_the_newest_step_and_all_numbers_are_in_view(drawn: LossPanel) -> None:
    (left, right), (low, high) = drawn.plot.box.viewRange()
    assert left < 0 < 60 < right < 63
    _, y = points(curves(drawn, 2).raw)
    assert low < y.min() < y.max() < high


def test_the_summary_says_the_newest_loss_in_words(drawn: LossPanel) -> None:
    record = drawn.session.runs.current_record
    assert record is not None
    assert drawn.accessibleDescription() == drawn.summary()
    assert drawn.summary().startswith(f"{record.name}: loss 0.")
    assert "at step 60" in drawn.summary()


def test_the_baseline_and_the_goal_of_the_task_are_named(drawn: LossPanel) -> None:
    assert [line.text for line in drawn.levels.shown] == ["always 1 · 0.1667", "solved · 0.001"]
    assert drawn.plot.axes["left"].labelText == "squared error"


def test_ticked_runs_are_drawn_in_their_own_colours_and_lines_and_named(drawn: LossPanel, qtbot: QtBot) -> None:
    assert not drawn.key.isVisibleTo(drawn)
    drawn.session.runs.show(1, True)
    qtbot.waitUntil(lambda: set(drawn._curves) == {1, 2})
    for run in (1, 2):
        style, pen = drawn.session.runs.style(run), curves(drawn, run).main.opts["pen"]
        assert (pen.color(), pen.style()) == (theme().run_colour(style.colour), style.line)
    assert drawn.key.isVisibleTo(drawn)
    assert "lstm" in drawn.key.accessibleName()
    assert "elman" in drawn.key.accessibleName()


def test_a_run_that_is_no_longer_ticked_is_no_longer_drawn(drawn: LossPanel, qtbot: QtBot) -> None:
    drawn.session.runs.show(1, True)
    qtbot.waitUntil(lambda: set(drawn._curves) == {1, 2})
    gone = curves(drawn, 1)
    drawn.session.runs.show(1, False)
    qtbot.waitUntil(lambda: set(drawn._curves) == {2})
    assert [len(points(item)[0]) for item in (gone.raw, gone.main, gone.circles)] == [0, 0, 0]


def test_hovering_reads_out_the_loss_there_and_leaving_ends_that(drawn: LossPanel, qtbot: QtBot) -> None:
    QTest.mouseMove(drawn.plot.viewport(), place(drawn, 30))
    qtbot.waitUntil(lambda: drawn._caption.text().startswith("step 30 · loss 0."))
    QTest.mouseMove(drawn.plot.viewport(), QPoint(2, 2))
    qtbot.waitUntil(lambda: drawn._caption.text() == "mean over the batch; circles: validation")


def test_linear_draws_the_numbers_themselves_and_keeps_the_runs(drawn: LossPanel, qtbot: QtBot) -> None:
    loss = workbook_of(drawn).scalars.read(2)["loss"]
    QTest.mouseClick(drawn.controls.scale.buttons["linear"], LEFT)
    qtbot.waitUntil(lambda: not drawn.plot.log_y)
    np.testing.assert_allclose(points(curves(drawn, 2).raw)[1], loss)


def test_time_and_samples_are_other_places_of_the_same_numbers(drawn: LossPanel, qtbot: QtBot) -> None:
    training = workbook_of(drawn).scalars.read(2)
    QTest.mouseClick(drawn.controls.across.buttons["samples"], LEFT)
    qtbot.waitUntil(lambda: drawn.plot.axes["bottom"].labelText == "sequences learned from")
    np.testing.assert_array_equal(points(curves(drawn, 2).raw)[0], 8 * training.steps)
    QTest.mouseClick(drawn.controls.across.buttons["time"], LEFT)
    qtbot.waitUntil(lambda: drawn.plot.axes["bottom"].labelText == "training time (s)")
    np.testing.assert_allclose(points(curves(drawn, 2).raw)[0], training["seconds"])
    assert (np.diff(points(curves(drawn, 2).circles)[0]) >= 0).all()


def test_a_metric_is_drawn_with_its_own_scale_and_baseline(drawn: LossPanel, qtbot: QtBot) -> None:
    validation = workbook_of(drawn).validations.read(2)
    choose(drawn, "within 0.04")
    qtbot.waitUntil(lambda: drawn.plot.axes["left"].labelText == "within 0.04")
    np.testing.assert_allclose(points(curves(drawn, 2).main)[1], validation["within 0.04"])
    assert not drawn.plot.log_y
    assert not drawn.levels.shown
    choose(drawn, "mse")
    qtbot.waitUntil(lambda: drawn.plot.log_y)
    assert [line.text for line in drawn.levels.shown] == ["always 1 · 0.1667"]


def test_smoothing_off_draws_every_step_in_full_colour_alone(drawn: LossPanel, qtbot: QtBot) -> None:
    drawn.controls.smoothing.menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: len(points(curves(drawn, 2).raw)[0]) == 0)
    loss = workbook_of(drawn).scalars.read(2)["loss"]
    np.testing.assert_allclose(points(curves(drawn, 2).main)[1], np.log10(loss))
    assert drawn.controls.smoothing.button.text() == "smooth off ▾"


def test_tools_are_reached_and_pressed_by_keys(drawn: LossPanel, qtbot: QtBot) -> None:
    linear = drawn.controls.scale.buttons["linear"]
    linear.setFocus()
    assert linear.focusPolicy() & Qt.FocusPolicy.TabFocus
    QTest.keyClick(linear, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not drawn.plot.log_y)


def test_a_long_run_is_few_points_and_its_peak_among_them(long: LossPanel) -> None:
    x, y = points(curves(long, 1).raw)
    assert len(x) < 2000
    assert y.max() == pytest.approx(np.log10(30))


def test_zooming_into_a_long_run_reads_every_step_there_and_stays(long: LossPanel, qtbot: QtBot) -> None:
    turn_wheel(long, 70_123, 60)
    assert not long.controls.follow.isChecked()
    left, right = long.plot.box.viewRange()[0]
    assert right - left < 2000
    qtbot.waitUntil(lambda: points(curves(long, 1).raw)[0][0] > 60_000)
    x, _ = points(curves(long, 1).raw)
    assert set(range(int(left) + 1, int(right))) <= set(x.tolist())
    steps = np.arange(LONG + 1, LONG + 11)
    workbook_of(long).scalars.append(1, Columns(steps, {"loss": np.ones(10), "seconds": steps / 1000}))
    qtbot.waitUntil(lambda: "100\u2009010" in long.summary())
    assert long.plot.box.viewRange()[0] == [left, right]


@pytest.mark.parametrize("way", ["button", "double click", "key"])
def test_follow_and_a_double_click_and_home_return_to_the_newest_steps(long: LossPanel, qtbot: QtBot, way: str) -> None:
    turn_wheel(long, 70_123, 30)
    assert not long.plot.following
    if way == "button":
        QTest.mouseClick(long.controls.follow, LEFT)
    elif way == "double click":
        QTest.mouseDClick(long.plot.viewport(), LEFT, pos=place(long, 70_123))
    else:
        QTest.keyClick(long.plot, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: long.plot.box.viewRange()[0][1] > LONG)
    assert long.controls.follow.isChecked()


def test_keys_zoom_and_move(long: LossPanel) -> None:
    left, right = long.plot.box.viewRange()[0]
    QTest.keyClick(long.plot, Qt.Key.Key_Plus)
    near_left, near_right = long.plot.box.viewRange()[0]
    assert left < near_left < near_right < right
    assert not long.controls.follow.isChecked()
    QTest.keyClick(long.plot, Qt.Key.Key_Right)
    assert long.plot.box.viewRange()[0][0] > near_left


def test_another_scale_keeps_the_steps_that_are_looked_at(long: LossPanel, qtbot: QtBot) -> None:
    turn_wheel(long, 70_123, 30)
    seen = long.plot.box.viewRange()[0]
    QTest.mouseClick(long.controls.scale.buttons["linear"], LEFT)
    qtbot.waitUntil(lambda: long.plot.box.viewRange()[1][0] > 0)  # no logarithms any more
    assert long.plot.box.viewRange()[0] == seen


def test_numbers_without_a_logarithm_are_gaps(panel: LossPanel, tmp_path: Path, qtbot: QtBot) -> None:
    loss = np.array([1.0, 0.5, np.nan, 0.0, np.inf, 0.25, 0.125])
    with open_workbook(tmp_path / "gaps.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment())
        workbook.scalars.append(run, Columns(np.arange(1, 8), {"loss": loss}))
        panel.session.open(tmp_path / "gaps.rnnw")
        qtbot.waitUntil(lambda: bool(panel.summary()))
    _, y = points(curves(panel, 1).raw)
    assert np.isnan(y).tolist() == [False, False, True, True, True, False, False]


def test_a_run_of_one_step_is_a_dot(panel: LossPanel, tmp_path: Path, qtbot: QtBot) -> None:
    with open_workbook(tmp_path / "one.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment(steps=1))
        workbook.scalars.append(run, Columns(np.array([1]), {"loss": np.array([0.5]), "seconds": np.array([0.1])}))
        panel.session.open(tmp_path / "one.rnnw")
        qtbot.waitUntil(lambda: bool(panel.summary()))
    assert len(points(curves(panel, 1).dots)[0]) == 1


def test_baselines_that_come_after_the_first_step_are_drawn(long: LossPanel, qtbot: QtBot) -> None:
    assert [line.text for line in long.levels.shown] == ["solved · 0.001"]
    workbook_of(long).runs.set_baselines(1, [Baseline("chance", 0.7, 0.5, "", "")])
    qtbot.waitUntil(lambda: "chance · 0.7" in [line.text for line in long.levels.shown])


def test_numbers_that_a_resumed_run_dropped_vanish(long: LossPanel, qtbot: QtBot) -> None:
    workbook_of(long).scalars.drop_from(1, 50_001)
    qtbot.waitUntil(lambda: "50\u2009000" in long.summary())
    assert points(curves(long, 1).raw)[0].max() == 50_000


def test_a_quantity_that_another_task_does_not_have_gives_way_to_the_loss(drawn: LossPanel, qtbot: QtBot) -> None:
    drawn.restore({"quantity": "accuracy", "scales": {"accuracy": "linear"}})
    qtbot.waitUntil(lambda: drawn.controls.quantity.value == "loss")
    qtbot.waitUntil(lambda: drawn.plot.axes["left"].labelText == "squared error" and drawn.plot.log_y)
    assert len(points(curves(drawn, 2).raw)[0]) == 60


def test_a_stretch_looked_at_stays_for_another_run_but_not_for_one_just_started(drawn: LossPanel, qtbot: QtBot) -> None:
    turn_wheel(drawn, 30, 5)
    seen = drawn.plot.box.viewRange()[0]
    drawn.session.runs.select(1)
    qtbot.waitUntil(lambda: set(drawn._curves) == {1})
    assert drawn.plot.box.viewRange()[0] == seen
    run = start_run(workbook_of(drawn), small_experiment(steps=300))
    process = launch_worker(workbook_of(drawn), run)
    qtbot.waitUntil(lambda: any(record.id == run and record.active for record in drawn.session.runs.records))
    drawn.session.runs.select(run)
    assert drawn.plot.following
    process.wait()


def test_a_running_run_is_awaited_then_followed_to_its_end(panel: LossPanel, tmp_path: Path, qtbot: QtBot) -> None:
    with open_workbook(tmp_path / "live.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment(steps=150))
        process = launch_worker(workbook, run)
        panel.session.open(tmp_path / "live.rnnw")
        qtbot.waitUntil(lambda: panel.accessibleDescription().startswith("Starting lstm"), timeout=10_000)
        qtbot.waitUntil(lambda: "at step 150" in panel.summary(), timeout=30_000)
        process.wait()
    assert panel.plot.box.viewRange()[0][1] > 150


def test_a_run_paused_before_its_first_step_says_so(panel: LossPanel, tmp_path: Path, qtbot: QtBot) -> None:
    with open_workbook(tmp_path / "early.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment())
        lease = workbook.leases.take(run)
        workbook.runs.set_status(run, "starting")
        panel.session.open(tmp_path / "early.rnnw")
        qtbot.waitUntil(lambda: panel.accessibleDescription().startswith("Starting lstm"))
        workbook.runs.set_status(run, "paused")
        qtbot.waitUntil(lambda: panel.accessibleDescription() == "Paused before its first step.")
        workbook.leases.release(lease)


def test_a_run_that_diverged_says_so_over_its_curve(panel: LossPanel, tmp_path: Path, qtbot: QtBot) -> None:
    with open_workbook(tmp_path / "failed.rnnw", create=True) as workbook:
        wild = small_experiment(cell="elman", optimizer="sgd", learning_rate=30.0, clip_norm=0.0, steps=1000)
        run = start_run(workbook, wild)
        process = launch_worker(workbook, run)
        panel.session.open(tmp_path / "failed.rnnw")
        qtbot.waitUntil(lambda: panel.failure.isVisibleTo(panel), timeout=30_000)
        process.wait()
    record = panel.session.runs.get(run)
    assert record is not None
    assert panel.failure.text() == f"Diverged at step {record.step + 1}."
    assert record.sentence.startswith(f"Training diverged at step {record.step + 1}:")
    assert len(points(curves(panel, 1).circles)[0]) + len(points(curves(panel, 1).raw)[0]) > 0


def test_the_curves_take_the_theme_s_colours(drawn: LossPanel) -> None:
    theme().apply("dark")
    slot = drawn.session.runs.style(2).colour
    assert curves(drawn, 2).main.opts["pen"].color() == theme().run_colour(slot)
    assert theme().colours.name == "dark"


def test_settings_are_kept_and_what_is_not_understood_is_left(drawn: LossPanel, qtbot: QtBot) -> None:
    wanted = {"quantity": "mse", "scales": {"mse": "linear"}, "across": "samples", "smoothing": 100}
    drawn.restore(wanted)
    assert drawn.settings() == wanted
    drawn.restore({"quantity": 3, "scales": ["log"], "across": "moon", "smoothing": "much", "later": 1})
    assert drawn.settings() == wanted
    qtbot.waitUntil(lambda: drawn.plot.axes["left"].labelText == "mse")
