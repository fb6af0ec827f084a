"""Runs in trouble: what is said above the panels."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
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
