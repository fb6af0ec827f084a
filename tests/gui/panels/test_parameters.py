"""The strip of parameters in the window: rows, numbers, the film's place, hovering, clicking, two quantities."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.support import small_experiment
from workbench.gui.format import number
from workbench.gui.panels.parameters import ParametersPanel
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.theme import theme
from workbench.lab.running import launch_worker, start_run
from workbench.lab.workbook import open_workbook

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(session: Session, clock: Clock, qtbot: QtBot) -> ParametersPanel:
    widget = ParametersPanel(session, clock)
    qtbot.addWidget(widget)
    widget.resize(420, 230)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


@pytest.fixture
def drawn(panel: ParametersPanel, opened: Session, qtbot: QtBot) -> ParametersPanel:
    """The panel on the second run: an Elman network, whose film has at least its first and its last step."""
    qtbot.waitUntil(lambda: panel._picture is not None and bool(panel.summary()))
    return panel


def _field(panel: ParametersPanel, column: int, row: int) -> QPoint:
    """Return the middle of a field in the map's pixels."""
    assert panel._picture is not None
    rows, columns = panel._picture.image.shape
    area = panel.strip.map.viewport().rect()
    return QPoint(int((column + 0.5) / columns * area.width()), int((row + 0.5) / rows * area.height()))


def _norm(panel: ParametersPanel, step: int, name: str, run: int = 2) -> float:
    assert panel.session.workbook is not None
    return float(panel.session.workbook.film.read(run, step, name)[name])


def test_without_a_workbook_a_sentence_says_what_to_do(panel: ParametersPanel) -> None:
    assert "Press Train" in panel.accessibleDescription()


def test_each_parameter_has_a_row_with_its_name_and_its_norm(drawn: ParametersPanel) -> None:
    assert drawn.strip.names.shown == (
        "<i>W</i><sup>s,s</sup>",
        "<i>W</i><sup>s,x</sup>",
        "<i>b</i><sub>s</sub>",
        "read-out <i>W</i>",
        "read-out <i>b</i>",
    )
    assert drawn.strip.numbers.shown[0] == number(_norm(drawn, 60, "norm/1.W_ss"))
    assert drawn.accessibleDescription() == drawn.summary()
    assert "5 parameters at step 60" in drawn.summary()


def test_the_update_ratio_is_shown_on_request_and_remembered(drawn: ParametersPanel, qtbot: QtBot) -> None:
    QTest.mouseClick(drawn.choice.buttons["update"], LEFT)

    qtbot.waitUntil(lambda: drawn.summary().startswith("update ratios"))
    assert drawn.strip.numbers.shown[0] == number(_norm(drawn, 60, "update-ratio/1.W_ss"))
    assert drawn.settings() == {"shown": "update"}


def test_restoring_ignores_what_it_does_not_understand(drawn: ParametersPanel, qtbot: QtBot) -> None:
    drawn.restore({"shown": "update"})
    qtbot.waitUntil(lambda: drawn.summary().startswith("update ratios"))

    drawn.restore({"shown": "colour of the sky", "more": 3})
    drawn.restore({"shown": 7})

    assert drawn.settings() == {"shown": "update"}


def test_the_line_and_the_numbers_follow_the_film_s_place(drawn: ParametersPanel, qtbot: QtBot) -> None:
    drawn.session.film.go_to(0)

    qtbot.waitUntil(lambda: "at step 0" in drawn.accessibleDescription())
    assert drawn.strip.map._mark.value() == 0
    assert drawn.strip.numbers.shown[0] == number(_norm(drawn, 0, "norm/1.W_ss"))


def test_a_click_on_a_column_goes_to_its_step(drawn: ParametersPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(drawn.session.film.snapshot_changed):
        QTest.mouseClick(drawn.strip.map.viewport(), LEFT, pos=_field(drawn, 0, 2))

    assert drawn.session.film.place == drawn.session.film.steps[0] == 0


def test_the_arrow_keys_go_through_the_film(drawn: ParametersPanel) -> None:
    steps = drawn.session.film.steps
    drawn.strip.map.setFocus()
    QTest.keyClick(drawn.strip.map, Qt.Key.Key_Left)
    assert drawn.session.film.place == steps[-2]

    QTest.keyClick(drawn.strip.map, Qt.Key.Key_Right)

    assert drawn.session.film.place == steps[-1]


def test_hovering_says_name_step_and_value(drawn: ParametersPanel, qtbot: QtBot) -> None:
    column = len(drawn.session.film.steps) - 1
    said = number(_norm(drawn, 60, "norm/readout.W"))

    QTest.mouseMove(drawn.strip.map.viewport(), _field(drawn, column, 3))
    qtbot.waitUntil(lambda: drawn._foot.text().startswith(f"read-out <i>W</i>, step 60: {said}"))

    QApplication.sendEvent(drawn.strip.map, QEvent(QEvent.Type.Leave))
    assert drawn._foot.text() == "step 0 to 60"


def test_another_run_shows_its_own_parameters(drawn: ParametersPanel, qtbot: QtBot) -> None:
    drawn.session.runs.select(1)

    qtbot.waitUntil(lambda: len(drawn.strip.names.shown) == 14)
    assert drawn.strip.names.shown[0] == "<i>W</i><sup>f,h</sup>"


def test_many_parameters_scroll(panel: ParametersPanel, tmp_path: Path, qtbot: QtBot) -> None:
    with open_workbook(tmp_path / "two.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment(layers=2))
        names = [f"{layer}.{kind}_{gate}" for layer in (1, 2) for gate in "fioc" for kind in ("W", "V", "b")]
        workbook.film.append(run, 0, {f"norm/{name}": np.array(1.0) for name in names})

        panel.session.open(tmp_path / "two.rnnw")

        qtbot.waitUntil(lambda: len(panel.strip.names.shown) == 24)
        qtbot.waitUntil(lambda: panel.strip.verticalScrollBar().maximum() > 0)
        row = panel.strip.names.height() / 24
        assert row >= panel.strip.names.fontMetrics().height()
        seen = panel.strip.viewport().height() / row
        assert abs(seen - round(seen)) < 0.05, "the last row is cut"


def test_a_running_run_is_followed_to_its_end(panel: ParametersPanel, tmp_path: Path, qtbot: QtBot) -> None:
    with open_workbook(tmp_path / "live.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment(steps=150))
        process = launch_worker(workbook, run)
        panel.session.open(tmp_path / "live.rnnw")
        qtbot.waitUntil(lambda: "at step 150" in panel.summary(), timeout=30_000)
        process.wait()


def test_a_run_that_failed_before_its_first_snapshot_says_so(
    panel: ParametersPanel, tmp_path: Path, qtbot: QtBot
) -> None:
    with open_workbook(tmp_path / "failed.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment())
        workbook.runs.set_status(run, "failed", "The data file is gone.")

        panel.session.open(tmp_path / "failed.rnnw")

        qtbot.waitUntil(lambda: "The data file is gone." in panel.accessibleDescription())


def test_the_map_takes_the_theme_s_colours(drawn: ParametersPanel) -> None:
    drawn.session.film.go_to(0)
    light = drawn.strip.map.grab().toImage()

    theme().apply("dark")

    assert drawn.strip.map.grab().toImage() != light
    assert light.pixelColor(_field(drawn, 0, 0)) != drawn.strip.map.grab().toImage().pixelColor(_field(drawn, 0, 0))


def test_in_a_narrow_panel_words_take_the_colour_bar_s_room_and_give_it_back(
    drawn: ParametersPanel, qtbot: QtBot
) -> None:
    drawn.resize(330, 230)
    bar, height = drawn.colour_bar, drawn.strip.height()
    QTest.mouseMove(drawn.strip.map.viewport(), _field(drawn, 1, 3))
    qtbot.waitUntil(lambda: "its first" in drawn._foot.text())
    assert not bar.isVisibleTo(drawn)
    assert drawn.strip.height() == height

    QApplication.sendEvent(drawn.strip.map, QEvent(QEvent.Type.Leave))
    assert bar.isVisibleTo(drawn)
