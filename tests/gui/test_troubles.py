"""Runs in trouble: what is said above the panels."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from tests.gui.support import click, small_experiment, status
from workbench.lab.workbook import open_workbook

WHY = "Training waits: the disk has 0 MiB left, and 4 MiB are needed."


def test_a_run_that_waits_by_itself_says_why_until_it_goes_on(
    open_window: OpenWindow, two_runs: Path, qtbot: QtBot
) -> None:
    window = open_window(two_runs)
    notices = window.context.notices
    with open_workbook(two_runs) as writing:
        writing.runs.set_status(2, "paused", WHY)
        qtbot.waitUntil(lambda: any(WHY in sentence for sentence in notices.sentences))
        writing.runs.set_status(2, "finished")
        qtbot.waitUntil(lambda: notices.sentences == ())


def test_a_run_whose_cell_is_being_compiled_says_so_until_it_trains(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "nothing-compiled"))
    window = open_window()
    notices = window.context.notices
    window.context.draft.load(small_experiment(backend="auto", steps=1_000_000))
    click(window.tool_bar.main_button, qtbot)
    qtbot.waitUntil(lambda: notices.sentences == ("Compiling LSTM, once per cell.",))
    assert status(window) == "starting"
    qtbot.waitUntil(lambda: status(window) == "running")
    assert notices.sentences == ()
    assert "CPU, compiled" in window.tool_bar.device_chip.text()


def test_a_run_can_be_stopped_while_its_cell_is_compiled(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "nothing-compiled"))
    window = open_window()
    window.context.draft.load(small_experiment(backend="auto"))
    click(window.tool_bar.main_button, qtbot)
    qtbot.waitUntil(lambda: window.context.notices.sentences == ("Compiling LSTM, once per cell.",))
    click(window.tool_bar.stop_button, qtbot)
    qtbot.waitUntil(lambda: status(window) == "stopped")
    assert window.context.notices.sentences == ()
