"""Recovery: what was typed is there again, even if the window was not closed."""

from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from tests.gui.support import enter
from workbench.gui.memory import Memory
from workbench.gui.recovery import restored_draft


def test_an_edit_is_kept_a_moment_later_while_the_window_is_still_open(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    enter(window.context.workspace.form.row("hidden").editor, "77", qtbot)
    qtbot.waitUntil(lambda: restored_draft(Memory(), window).values["hidden"] == 77, timeout=5000)


def test_what_is_no_value_yet_is_kept_too(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    enter(window.context.workspace.form.row("hidden").editor, "many", qtbot)
    qtbot.waitUntil(lambda: restored_draft(Memory(), window).texts.get("hidden") == "many", timeout=5000)
