"""Scores by window in the window: circles of feed-forward runs, dashed lines of the others on the same task."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.gui.support import small_experiment
from workbench.gui.panels.by_window import ByWindowPanel
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.lab.comparison import windows_of
from workbench.lab.experiment import Experiment
from workbench.lab.running import start_run
from workbench.lab.workbook import Columns, open_workbook
from workbench.tasks import Baseline

SCORES = {1: 0.9, 2: 0.5, 4: 0.25}


def _add(path: Path, experiment: Experiment, score: float) -> None:
    with open_workbook(path, create=True) as workbook:
        run = start_run(workbook, experiment)
        mse = np.array([score])
        workbook.validations.append(run, Columns(np.array([0]), {"loss": mse, "mse": mse}))
        workbook.runs.set_baselines(run, [Baseline("always 1", 1 / 6, 1 / 6, "", "")])


@pytest.fixture
def compared(session: Session, tmp_path: Path, qtbot: QtBot) -> Session:
    """A session on an LSTM, run 1, and feed-forward networks with windows of 1, 2 and 4, runs 2 to 4."""
    path = tmp_path / "windows.rnnw"
    own, *beside = windows_of(small_experiment(), tuple(SCORES))
    for experiment, score in ((own, 0.2), *zip(beside, SCORES.values(), strict=True)):
        _add(path, experiment, score)
    session.open(path)
    qtbot.waitUntil(lambda: len(session.runs.records) == 4)
    for run in (1, 2, 3, 4):
        session.runs.show(run, True)
    return session


@pytest.fixture
def panel(session: Session, clock: Clock, qtbot: QtBot) -> ByWindowPanel:
    widget = ByWindowPanel(session, clock)
    qtbot.addWidget(widget)
    widget.resize(700, 230)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


@pytest.fixture
def drawn(panel: ByWindowPanel, compared: Session, qtbot: QtBot) -> ByWindowPanel:
    qtbot.waitUntil(lambda: len(panel._points) == 4)
    return panel


def test_without_a_workbook_a_sentence_invites_to_train(panel: ByWindowPanel) -> None:
    assert "Press Train" in panel.accessibleDescription()


def test_runs_without_a_window_are_told_how_to_compare(panel: ByWindowPanel, opened: Session, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "Compare with windows" in panel.accessibleDescription())


def test_each_feed_forward_run_is_a_circle_at_its_window(drawn: ByWindowPanel) -> None:
    x, y = drawn._circles.getData()
    np.testing.assert_allclose(x, [0, 1, 2])  # log2 of 1, 2 and 4
    np.testing.assert_allclose(y, drawn.plot.heights(np.array(tuple(SCORES.values()))))
    assert drawn.plot.numbers == tuple(SCORES)


def test_a_run_with_a_memory_is_a_line_across_and_simple_predictors_are_named(drawn: ByWindowPanel) -> None:
    (line,) = [line for line in drawn._lines if line.isVisible()]
    assert line.value() == pytest.approx(float(drawn.plot.heights(np.array(0.2))))
    assert [level.text for level in drawn.levels.shown] == ["always 1 · 0.1667"]
    assert "lstm, no window 0.2" in drawn.summary()


def test_networks_of_one_window_are_joined_at_their_mean(drawn: ByWindowPanel, qtbot: QtBot) -> None:
    workbook = drawn.session.workbook
    assert workbook is not None
    _add(workbook.path, windows_of(small_experiment(), (4,))[1], 0.75)
    qtbot.waitUntil(lambda: len(drawn.session.runs.records) == 5)
    drawn.session.runs.show(5, True)
    qtbot.waitUntil(lambda: len(drawn._circles.getData()[0]) == 4)
    expected = drawn.plot.heights(np.array([0.25, 0.75])).mean()
    assert drawn._join.getData()[1][-1] == pytest.approx(expected)


def test_a_run_on_another_task_stays_out(drawn: ByWindowPanel, qtbot: QtBot) -> None:
    workbook = drawn.session.workbook
    assert workbook is not None
    _add(workbook.path, small_experiment(task={"name": "adding", "length": 30}), 0.4)
    qtbot.waitUntil(lambda: len(drawn.session.runs.records) == 5)
    drawn.session.runs.show(5, True)
    qtbot.waitUntil(lambda: 5 in drawn.found)
    assert "0.4" not in drawn.summary()


def test_its_figure_is_the_same_comparison(drawn: ByWindowPanel) -> None:
    assert drawn.figure() == ("by-window", {})
