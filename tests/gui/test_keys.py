"""Space and the point steer a run, except where what has the focus wants them for itself."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from tests.gui.support import PATIENCE, click, press, small_experiment, status
from workbench.gui.panels.loss import LossPanel
from workbench.gui.window import MainWindow
from workbench.lab.workbook import RunRecord


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    """A window whose form holds an experiment that trains until it is stopped."""
    opened = open_window()
    opened.context.draft.load(small_experiment(steps=1_000_000, name=""))
    return opened


def _focus(window: MainWindow, path: str) -> QWidget:
    """Return the field of the form, with the focus."""
    window.context.workspace.form.focus_field(path)
    field = window.context.workspace.form.row(path).editor
    assert field.hasFocus()
    return field


def _assert_nothing_trains(window: MainWindow) -> None:
    assert window.context.control.main == "train", "a run is being started"
    assert window.context.session.runs.records == ()


def _record(window: MainWindow) -> RunRecord:
    record = window.context.session.runs.current_record
    assert record is not None
    return record


def _pause(window: MainWindow, qtbot: QtBot) -> int:
    """Train a run, pause it by Space, and return the step at which it waits."""
    press(window, "Space", qtbot)
    qtbot.waitUntil(lambda: status(window) == "running", timeout=PATIENCE)
    qtbot.waitUntil(lambda: _record(window).step > 0, timeout=PATIENCE)
    press(window, "Space", qtbot)
    qtbot.waitUntil(lambda: status(window) == "paused", timeout=PATIENCE)
    return _record(window).step


def test_space_trains_pauses_and_goes_on(window: MainWindow, qtbot: QtBot) -> None:
    press(window, "Space", qtbot)
    qtbot.waitUntil(lambda: status(window) == "running", timeout=PATIENCE)
    press(window, "Space", qtbot)
    qtbot.waitUntil(lambda: status(window) == "paused", timeout=PATIENCE)
    press(window, "Space", qtbot)
    qtbot.waitUntil(lambda: status(window) == "running", timeout=PATIENCE)
    assert len(window.context.session.runs.records) == 1


def test_space_and_the_point_are_typed_in_the_name_of_the_experiment(window: MainWindow, qtbot: QtBot) -> None:
    name = _focus(window, "name")
    assert isinstance(name, QLineEdit)
    for key in ("A", "Space", ".", "B"):
        press(window, key, qtbot)
    assert name.text().lower() == "a .b"
    assert window.context.draft.values["name"] == name.text()
    _assert_nothing_trains(window)


def test_the_point_is_typed_in_a_number_while_a_run_is_paused(window: MainWindow, qtbot: QtBot) -> None:
    step = _pause(window, qtbot)
    rate = _focus(window, "learning_rate")
    assert isinstance(rate, QLineEdit)
    rate.selectAll()
    for key in ("0", ".", "5"):
        press(window, key, qtbot)
    assert rate.text() == "0.5"
    assert window.context.draft.values["learning_rate"] == 0.5
    press(window, "Ctrl+.", qtbot)  # carried out after whatever was asked for before
    qtbot.waitUntil(lambda: status(window) == "stopped", timeout=PATIENCE)
    assert _record(window).step == step


def test_space_on_a_check_box_ticks_it_and_trains_nothing(window: MainWindow, qtbot: QtBot) -> None:
    window.context.draft.set("task.name", "digits")
    box = _focus(window, "task.permuted")
    assert isinstance(box, QCheckBox)
    assert not box.isChecked()
    press(window, "Space", qtbot)
    assert box.isChecked()
    assert window.context.draft.values["task"]["permuted"] is True
    _assert_nothing_trains(window)


@pytest.mark.parametrize("path", ["task.test_length", "representation"])
def test_space_trains_where_the_field_in_use_went_away_with_its_task(
    window: MainWindow, qtbot: QtBot, path: str
) -> None:
    field = window.context.workspace.form.row(path).editor
    click(field, qtbot)
    if isinstance(field, QComboBox):
        qtbot.keyClick(field.view(), Qt.Key.Key_Escape)
    assert field.hasFocus()
    task = {"name": "counting"} if path == "representation" else {"name": "language-model", "length": 12}
    window.context.draft.load(small_experiment(task=task, steps=1_000_000))
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window)
    press(window, "Space", qtbot)
    qtbot.waitUntil(lambda: status(window) == "running", timeout=PATIENCE)
    assert window.context.draft.values["steps"] == 1_000_000


def test_a_field_that_stays_keeps_the_focus_over_another_task(window: MainWindow, qtbot: QtBot) -> None:
    field = window.context.workspace.form.row("hidden").editor
    click(field, qtbot)
    window.context.draft.load(small_experiment(task={"name": "copy"}))
    assert field.hasFocus()


def test_space_on_a_tool_button_presses_it_and_trains_nothing(window: MainWindow, qtbot: QtBot) -> None:
    linear = window.context.workspace.panel(LossPanel).controls.scale.buttons["linear"]
    assert not linear.isChecked()
    linear.setFocus()
    press(window, "Space", qtbot)
    assert linear.isChecked()
    _assert_nothing_trains(window)


def test_space_on_a_list_opens_it_and_trains_nothing(window: MainWindow, qtbot: QtBot) -> None:
    box = _focus(window, "optimizer")
    assert isinstance(box, QComboBox)
    press(window, "Space", qtbot)
    qtbot.waitUntil(box.view().isVisible)
    qtbot.keyClick(box.view(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not box.view().isVisible())
    _assert_nothing_trains(window)


def test_the_point_takes_one_step_of_a_paused_run(window: MainWindow, qtbot: QtBot) -> None:
    step = _pause(window, qtbot)
    press(window, ".", qtbot)
    qtbot.waitUntil(lambda: _record(window).step > step, timeout=PATIENCE)
    qtbot.waitUntil(lambda: status(window) == "paused", timeout=PATIENCE)  # it runs while it takes the step
    assert _record(window).step == step + 1
