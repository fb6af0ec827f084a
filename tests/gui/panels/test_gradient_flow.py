"""The gradient flow in the window: curves of ticked runs, the cursor, scrubbing, and sentences where there is none."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.support import small_experiment
from workbench.api import train
from workbench.gui.panels.gradient_flow import GradientFlowPanel
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.theme import theme
from workbench.lab.running import launch_worker, start_run
from workbench.lab.workbook import open_workbook

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(session: Session, clock: Clock, qtbot: QtBot) -> GradientFlowPanel:
    widget = GradientFlowPanel(session, clock)
    qtbot.addWidget(widget)
    widget.resize(390, 230)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


@pytest.fixture
def drawn(panel: GradientFlowPanel, opened: Session, qtbot: QtBot) -> GradientFlowPanel:
    qtbot.waitUntil(lambda: bool(panel.summary()))
    return panel


def _at(panel: GradientFlowPanel, t: float) -> QPoint:
    """Return where a time step stands in the plot's pixels."""
    box = panel.plot.box
    left, right = box.viewRange()[0]
    area = box.sceneBoundingRect()
    x = area.left() + (t - left) / (right - left) * area.width()
    return QPoint(round(x), round(area.center().y()))


def _turn_wheel(panel: GradientFlowPanel, place: QPoint) -> None:
    viewport, nothing = panel.plot.viewport(), QPoint()
    QApplication.sendEvent(
        viewport,
        QWheelEvent(
            QPointF(place),
            QPointF(viewport.mapToGlobal(place)),
            nothing,
            QPoint(0, 240),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def _shown(panel: GradientFlowPanel) -> list[np.ndarray]:
    return [item.getData()[1] for item in panel._curves if item.isVisible()]


def test_without_a_workbook_a_sentence_says_what_to_do(panel: GradientFlowPanel) -> None:
    assert "Press Train" in panel.accessibleDescription()


def test_the_output_of_the_current_run_is_drawn_in_powers_of_ten(drawn: GradientFlowPanel) -> None:
    snapshot = drawn.session.film.snapshot
    assert snapshot is not None

    (heights,) = _shown(drawn)

    np.testing.assert_allclose(heights, np.log10(snapshot.arrays["gradient-norm/1.s"]))
    assert drawn.plot.log_y
    assert drawn.accessibleDescription() == drawn.summary()
    assert "gradient flow at training step 60: s" in drawn.summary()


def test_all_states_of_the_current_run_and_the_output_of_the_other_are_drawn(
    drawn: GradientFlowPanel, qtbot: QtBot
) -> None:
    drawn.session.runs.select(1)
    qtbot.waitUntil(lambda: len(_shown(drawn)) == 2)

    drawn.session.runs.show(2, True)

    qtbot.waitUntil(lambda: len(_shown(drawn)) == 3)
    flow = drawn._flow
    assert flow is not None
    assert [(curve.run, curve.state) for curve in flow.curves] == [(1, "h"), (1, "c"), (2, "s")]
    colours = [pen.color().rgb() for pen in drawn._pens]
    assert colours[0] == theme().run_colour(drawn.session.runs.style(1).colour).rgb()
    assert colours[2] == theme().run_colour(drawn.session.runs.style(2).colour).rgb()
    assert "h of " in drawn.key.accessibleName()
    assert "s of " in drawn.key.accessibleName()


def test_another_run_is_drawn_at_the_snapshot_nearest_to_the_film_s_place(
    drawn: GradientFlowPanel, qtbot: QtBot
) -> None:
    assert drawn.session.workbook is not None
    first = drawn.session.workbook.film.read(1, 0, "gradient-norm/1.h")["gradient-norm/1.h"]
    drawn.session.runs.show(1, True)
    qtbot.waitUntil(lambda: len(_shown(drawn)) == 2)

    drawn.session.film.go_to(0)

    qtbot.waitUntil(lambda: np.allclose(_shown(drawn)[1], np.log10(first)))


def test_scrubbing_draws_the_snapshot_of_that_step(drawn: GradientFlowPanel, qtbot: QtBot) -> None:
    drawn.session.film.go_to(0)

    qtbot.waitUntil(lambda: "training step 0:" in drawn.summary())


def test_one_zero_is_a_gap_and_hides_nothing_else(drawn: GradientFlowPanel, qtbot: QtBot) -> None:
    assert drawn.session.workbook is not None
    arrays = drawn.session.workbook.film.read(2, 60)
    arrays["gradient-norm/1.s"][4] = 0
    drawn.session.workbook.film.append(2, 61, arrays)

    qtbot.waitUntil(lambda: "training step 61:" in drawn.summary())
    (heights,) = _shown(drawn)
    assert np.isnan(heights[4])
    assert np.isfinite(np.delete(heights, 4)).all()


def test_hovering_moves_the_one_cursor_and_leaving_takes_it_away(drawn: GradientFlowPanel, qtbot: QtBot) -> None:
    cursor = drawn.session.cursor

    QTest.mouseMove(drawn.plot.viewport(), _at(drawn, 7))
    qtbot.waitUntil(lambda: cursor.t == 7)
    assert drawn.plot._mark.isVisible()
    assert drawn.plot._mark.value() == 7

    QTest.mouseMove(drawn.plot.viewport(), QPoint(3, 3))
    qtbot.waitUntil(lambda: cursor.t is None)
    assert not drawn.plot._mark.isVisible()


def test_a_click_pins_the_cursor(drawn: GradientFlowPanel) -> None:
    QTest.mouseClick(drawn.plot.viewport(), LEFT, pos=_at(drawn, 5))

    assert drawn.session.cursor.t == 5
    assert drawn.session.cursor.pinned


def test_the_cursor_is_marked_wherever_it_was_moved(drawn: GradientFlowPanel) -> None:
    drawn.session.cursor.hover(9)

    assert drawn.plot._mark.value() == 9


def test_arrows_move_the_cursor_and_stop_at_the_last_step(drawn: GradientFlowPanel) -> None:
    cursor = drawn.session.cursor
    cursor.pin(10)
    drawn.plot.setFocus()

    for _ in range(5):
        QTest.keyClick(drawn.plot, Qt.Key.Key_Right)
    assert cursor.t == 11
    QTest.keyClick(drawn.plot, Qt.Key.Key_Left)
    assert cursor.t == 10
    QTest.keyClick(drawn.plot, Qt.Key.Key_Escape)
    assert cursor.t is None


def test_a_person_s_zoom_stays_until_they_ask_for_all(drawn: GradientFlowPanel, qtbot: QtBot) -> None:
    before = drawn.plot.box.viewRange()
    _turn_wheel(drawn, _at(drawn, 6))
    zoomed = drawn.plot.box.viewRange()
    assert zoomed != before
    drawn.session.film.go_to(0)
    qtbot.waitUntil(lambda: "training step 0:" in drawn.summary())
    assert drawn.plot.box.viewRange() == zoomed
    drawn.session.film.go_live()
    qtbot.waitUntil(lambda: "training step 60:" in drawn.summary())

    QTest.mouseClick(drawn.follow_button, LEFT)

    assert drawn.plot.box.viewRange() == before
    assert not drawn.follow_button.isVisibleTo(drawn)


@pytest.mark.parametrize(
    ("lags", "key"),
    [
        ((61, 61), "h · half-life 2 steps, vanished at t−61; c"),
        ((61, 63), "h · half-life 2 steps, vanished at t−61; c · vanished at t−63"),
        ((61, -1), "h · half-life 2 steps, vanished at t−61; c"),
        ((-1, 63), "h · half-life 2 steps; c · vanished at t−63"),
        ((0, 0), "h · half-life 2 steps, no gradient; c"),
        ((-1, -1), "h · half-life 2 steps; c"),
        (None, "h · half-life 2 steps; c"),
    ],
)
def test_where_the_gradient_has_vanished_is_said_beside_the_half_life(
    panel: GradientFlowPanel, tmp_path: Path, qtbot: QtBot, lags: tuple[int, int] | None, key: str
) -> None:
    arrays = {f"gradient-norm/1.{state}": 2.0 ** (-np.arange(100)[::-1] / 2) for state in "hc"}
    if lags is not None:
        arrays |= {f"vanished/1.{state}": np.array(lag) for state, lag in zip("hc", lags, strict=True)}
    with open_workbook(tmp_path / "made.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment(cell="lstm"))
        workbook.film.append(run, 0, arrays | {"length": np.array(100)})

        panel.session.open(tmp_path / "made.rnnw")

        qtbot.waitUntil(lambda: bool(panel.summary()))
        assert panel.key.accessibleName() == key
        assert panel.summary().count("vanished at") == key.count("vanished at")


def test_a_layer_that_reads_from_the_end_has_vanished_behind_its_loss(
    panel: GradientFlowPanel, tmp_path: Path, qtbot: QtBot
) -> None:
    falls = 2.0 ** (-np.arange(100) / 2)
    arrays = {"gradient-norm/1.h": falls[::-1], "vanished/1.h": np.array(61)}
    arrays |= {"gradient-norm/1r.h": falls, "vanished/1r.h": np.array(63), "length": np.array(100)}
    with open_workbook(tmp_path / "made.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment(cell="lstm"))
        workbook.film.append(run, 0, arrays)

        panel.session.open(tmp_path / "made.rnnw")

        qtbot.waitUntil(lambda: bool(panel.summary()))
        assert panel.key.accessibleName() == "h 1 · half-life 2 steps, vanished at t−61; h 1← · vanished at t+63"


def test_another_run_tells_where_its_own_gradient_has_vanished(drawn: GradientFlowPanel, qtbot: QtBot) -> None:
    workbook = drawn.session.workbook
    assert workbook is not None
    lags = {"vanished/1.h": np.array(5), "vanished/1.c": np.array(7)}
    workbook.film.append(1, 61, workbook.film.read(1, 60) | lags)
    workbook.film.append(2, 61, workbook.film.read(2, 60))

    drawn.session.runs.show(1, True)

    qtbot.waitUntil(lambda: "training step 61:" in drawn.summary() and "vanished at t−5" in drawn.summary())
    assert "t−7" not in drawn.summary()


def test_a_run_of_one_step_is_drawn(panel: GradientFlowPanel, tmp_path: Path, qtbot: QtBot) -> None:
    with open_workbook(tmp_path / "one.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment(hidden=1))
        workbook.film.append(run, 0, {"gradient-norm/1.h": np.array([0.5]), "length": np.array(1)})

        panel.session.open(tmp_path / "one.rnnw")

        qtbot.waitUntil(lambda: bool(panel.summary()))
        assert [len(heights) for heights in _shown(panel)] == [2]


def test_an_old_snapshot_without_gradients_is_explained(panel: GradientFlowPanel, tmp_path: Path, qtbot: QtBot) -> None:
    with open_workbook(tmp_path / "old.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment())
        workbook.film.append(run, 0, {"values/1.h": np.zeros((12, 8)), "length": np.array(12)})

        panel.session.open(tmp_path / "old.rnnw")

        qtbot.waitUntil(lambda: "hold no gradients" in panel.accessibleDescription())


def test_a_running_run_is_followed_to_its_end(panel: GradientFlowPanel, tmp_path: Path, qtbot: QtBot) -> None:
    with open_workbook(tmp_path / "live.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment(steps=150))
        process = launch_worker(workbook, run)
        panel.session.open(tmp_path / "live.rnnw")
        qtbot.waitUntil(lambda: "training step 150:" in panel.summary(), timeout=30_000)
        process.wait()


def test_a_run_that_failed_before_its_first_snapshot_says_so(
    panel: GradientFlowPanel, tmp_path: Path, qtbot: QtBot
) -> None:
    with open_workbook(tmp_path / "failed.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment())
        workbook.runs.set_status(run, "failed", "The data file is gone.")

        panel.session.open(tmp_path / "failed.rnnw")

        qtbot.waitUntil(lambda: "The data file is gone." in panel.accessibleDescription())


def test_the_curves_take_the_theme_s_colours(drawn: GradientFlowPanel) -> None:
    light = drawn._pens[0].color()

    theme().apply("dark")

    slot = drawn.session.runs.style(2).colour
    assert drawn._pens[0].color() == theme().run_colour(slot) != light


def test_a_diverged_run_leaves_gaps_and_claims_nothing(panel: GradientFlowPanel, tmp_path: Path, qtbot: QtBot) -> None:
    with open_workbook(tmp_path / "diverged.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment())
        workbook.film.append(run, 7, {"gradient-norm/1.h": np.full(12, np.nan), "length": np.array(12)})
        workbook.runs.set_status(run, "failed", "The loss is no number any more.")

        panel.session.open(tmp_path / "diverged.rnnw")

        qtbot.waitUntil(lambda: "training step 7:" in panel.summary())
        assert "half-life" not in panel.summary()
        assert "vanish" not in panel.summary()
        assert np.isnan(_shown(panel)[0]).all()


@pytest.mark.parametrize(
    ("layers", "key"),
    [(2, ["h 2", "c 2", "c 1", "h 1"]), (8, ["h 8", "h 1", "14 others"])],
)
def test_the_key_tells_layers_apart_and_counts_those_that_are_too_many(
    panel: GradientFlowPanel, tmp_path: Path, qtbot: QtBot, layers: int, key: list[str]
) -> None:
    train(small_experiment(cell="lstm", layers=layers, steps=2), tmp_path / "deep.rnnw")
    panel.session.open(tmp_path / "deep.rnnw")
    qtbot.waitUntil(lambda: len(_shown(panel)) == 2 * layers, timeout=10_000)
    names = [entry.partition(" · ")[0] for entry in panel.key.accessibleName().split("; ")]
    assert names == key
    assert f"h, layer {layers}" in panel.summary()
