"""Comparing with windows: what is asked, the runs that come of it, two of them at a time, drawn over their windows."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from tests.gui.support import PATIENCE, click, run_from_palette, small_experiment
from workbench.gui.dialogs.window_comparison import WindowComparison
from workbench.gui.panels.by_window import ByWindowPanel
from workbench.gui.run_queue import AT_ONCE
from workbench.gui.window import MainWindow


def _ask(window: MainWindow, qtbot: QtBot) -> WindowComparison:
    """Open the dialog from the palette."""
    run_from_palette(window, "Compare with windows …", qtbot)
    dialog = window.findChild(WindowComparison)
    assert isinstance(dialog, WindowComparison)
    qtbot.waitExposed(dialog)
    return dialog


def _type(dialog: WindowComparison, text: str, qtbot: QtBot) -> None:
    qtbot.keyClick(dialog.line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(dialog.line, text)


def _statuses(window: MainWindow) -> list[str]:
    return [record.status for record in window.context.session.runs.records]


def test_all_runs_train_two_at_a_time_and_stand_over_their_windows(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.context.draft.load(small_experiment(steps=40))
    runs = window.context.session.runs
    most: list[int] = []
    runs.changed.connect(lambda: most.append(len(runs.active)))
    dialog = _ask(window, qtbot)
    _type(dialog, "1, 3 2", qtbot)
    click(dialog.train_button, qtbot)

    qtbot.waitUntil(lambda: len(_statuses(window)) == 4 and set(_statuses(window)) == {"finished"}, timeout=PATIENCE)
    assert [record.name for record in runs.records] == ["lstm, no window", *(f"window of {k}" for k in (1, 2, 3))]
    assert max(most) <= AT_ONCE
    assert set(runs.shown) == {record.id for record in runs.records}
    assert runs.current == runs.records[0].id
    panel = window.context.workspace.panel(ByWindowPanel)
    assert panel.isVisible()
    qtbot.waitUntil(lambda: panel.plot.numbers == (1, 2, 3) and "lstm, no window" in panel.summary())


def test_while_runs_wait_no_other_comparison_starts_and_those_in_the_trash_are_left_out(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window()
    control, runs = window.context.control, window.context.session.runs
    window.context.draft.load(small_experiment(steps=1_000_000))
    dialog = _ask(window, qtbot)
    _type(dialog, "1 2", qtbot)
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sorted(_statuses(window)) == ["idle", "running", "running"], timeout=PATIENCE)
    assert control.why_not_compare() == "A comparison is under way."
    window.context.deeds.trash(runs.records[2].id)
    qtbot.waitUntil(lambda: not control.queue.busy, timeout=PATIENCE)
    assert control.why_not_compare() == ""


def test_a_run_that_is_stopped_makes_room_for_the_next(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    runs = window.context.session.runs
    window.context.draft.load(small_experiment(steps=1_000_000))
    dialog = _ask(window, qtbot)
    _type(dialog, "1 2", qtbot)
    click(dialog.train_button, qtbot)
    qtbot.waitUntil(lambda: sorted(_statuses(window)) == ["idle", "running", "running"], timeout=PATIENCE)
    window.context.control.stop_run(runs.records[0].id)
    qtbot.waitUntil(lambda: _statuses(window) == ["stopped", "running", "running"], timeout=PATIENCE)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("", "at least one window"), ("1, two", "“two” is no number"), ("0", "at least 1")],
)
def test_what_is_no_window_is_refused_at_its_field(
    open_window: OpenWindow, qtbot: QtBot, typed: str, reason: str
) -> None:
    window = open_window()
    dialog = _ask(window, qtbot)
    _type(dialog, typed or " ", qtbot)
    assert reason in dialog.reason.text()
    assert not dialog.train_button.isEnabled()
    assert not dialog.count.isVisible()
    dialog.reject()


def test_a_cell_without_a_memory_is_not_compared_with_itself(open_window: OpenWindow) -> None:
    window = open_window()
    window.context.draft.load(small_experiment(cell="feedforward"))
    assert "no memory itself" in window.context.control.why_not_compare()
