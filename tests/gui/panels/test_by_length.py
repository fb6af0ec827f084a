"""Scores by length in the window: lines of ticked runs, where they were trained, the film's place, the mouse."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from workbench.gui.panels.by_length import ByLengthPanel
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.theme import theme
from workbench.lab.workbook import Columns
from workbench.tasks import at_length

LENGTHS = (12, 24, 100)


@pytest.fixture
def panel(session: Session, clock: Clock, qtbot: QtBot) -> ByLengthPanel:
    widget = ByLengthPanel(session, clock)
    qtbot.addWidget(widget)
    widget.resize(700, 230)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def _validate(session: Session, run: int, step: int, *scores: float) -> None:
    """Add a validation with a score for each length."""
    assert session.workbook is not None
    columns = {at_length("mse", length): np.array([score]) for length, score in zip(LENGTHS, scores, strict=True)}
    one = np.array([0.5])
    session.workbook.validations.append(run, Columns(np.array([step]), {"loss": one, "mse": one} | columns))


@pytest.fixture
def drawn(panel: ByLengthPanel, opened: Session, qtbot: QtBot) -> ByLengthPanel:
    """The panel with run 2, validated by length at steps 61 and 70."""
    _validate(opened, 2, 61, 0.5, 0.7, 0.9)
    _validate(opened, 2, 70, 0.1, 0.2, 0.8)
    qtbot.waitUntil(lambda: "0.8 at 100" in panel.summary())
    return panel


def _at(panel: ByLengthPanel, length: int) -> QPoint:
    """Return where a length stands in the plot's pixels."""
    box = panel.plot.box
    place = box.mapViewToScene(QPointF(float(np.log2(length)), float(np.mean(box.viewRange()[1]))))
    return QPoint(panel.plot.mapFromScene(place))


def test_without_a_workbook_a_sentence_invites_to_train(panel: ByLengthPanel) -> None:
    assert "Press Train" in panel.accessibleDescription()


def test_a_task_of_one_length_is_said_to_be_one(panel: ByLengthPanel, opened: Session, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "one length only" in panel.accessibleDescription())


def test_the_last_validation_is_drawn_over_doublings_of_length(drawn: ByLengthPanel) -> None:
    x, y = drawn._curves[0].main.getData()
    np.testing.assert_allclose(x, np.log2(LENGTHS))
    np.testing.assert_allclose(y, [0.1, 0.2, 0.8])
    assert drawn.plot._numbers.tickStrings(x.tolist(), 1.0, 1.0) == ["12", "24", "100"]
    assert drawn.summary() == "mse by length, at step 70: elman 6, adding 0.1 at 12, 0.8 at 100"


def test_a_dashed_line_stands_at_the_length_of_training(drawn: ByLengthPanel) -> None:
    (upright,) = drawn.uprights.shown
    assert upright.x == pytest.approx(np.log2(12))
    assert upright.right == "trained"


def test_a_second_ticked_run_has_a_line_of_its_own_colour(drawn: ByLengthPanel, qtbot: QtBot) -> None:
    _validate(drawn.session, 1, 61, 0.3, 0.3, 0.3)
    drawn.session.runs.show(1, True)
    qtbot.waitUntil(lambda: "lstm 8, adding 0.3 at 12" in drawn.summary())
    for curves, run in zip(drawn._curves, (1, 2), strict=True):
        colour = theme().run_colour(drawn.session.runs.style(run).colour)
        assert curves.main.opts["pen"].color().rgb() == colour.rgb()


def test_a_run_without_scores_by_length_is_left_out(drawn: ByLengthPanel, qtbot: QtBot) -> None:
    drawn.session.runs.show(1, True)
    qtbot.waitUntil(lambda: len(drawn.found) == 2)
    assert "lstm" not in drawn.key.accessibleName()


def test_going_back_in_the_film_shows_the_scores_of_that_step(drawn: ByLengthPanel, qtbot: QtBot) -> None:
    assert drawn.session.workbook is not None
    arrays = drawn.session.workbook.film.read(2, 60)
    for step in (65, 75):
        drawn.session.workbook.film.append(2, step, arrays)
    qtbot.waitUntil(lambda: drawn.session.film.steps[-1] == 75)
    drawn.session.film.go_to(65)
    qtbot.waitUntil(lambda: "at step 61: elman 6, adding 0.5 at 12, 0.9 at 100" in drawn.summary())
    assert drawn.figure() == ("by-length", {"step": 65})
    drawn.session.film.go_live()
    qtbot.waitUntil(lambda: "at step 70" in drawn.summary())


def test_pointing_reads_the_nearest_length_and_leaving_the_longest(drawn: ByLengthPanel, qtbot: QtBot) -> None:
    QTest.mouseMove(drawn.plot.viewport(), _at(drawn, 24))
    qtbot.waitUntil(lambda: "0.2 at 24" in drawn.key.accessibleName())
    assert drawn.plot._mark.isVisible()
    QTest.mouseMove(drawn.plot.viewport(), QPoint(2, 2))
    qtbot.waitUntil(lambda: "0.8 at 100" in drawn.key.accessibleName())
    assert not drawn.plot._mark.isVisible()


def test_another_theme_dresses_it_anew(drawn: ByLengthPanel, qtbot: QtBot) -> None:
    theme().apply("dark")
    colour = theme().run_colour(drawn.session.runs.style(2).colour)
    qtbot.waitUntil(lambda: drawn._curves[0].main.opts["pen"].color().rgb() == colour.rgb())
