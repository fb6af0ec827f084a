"""Closing while runs train is asked about once: keep training, stop, or stay."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.gui.dialogs.support import SmallWindow
from workbench.gui.dialogs.closing import Closing, explanation, headline


@pytest.fixture
def dialog(window: SmallWindow, qtbot: QtBot) -> Closing:
    made = Closing(["LSTM 64"], window)
    made.open()
    qtbot.waitExposed(made)
    return made


@pytest.mark.parametrize(
    ("title", "answer"), [("Keep training", "keep"), ("Stop and save", "stop"), ("Cancel", "cancel")]
)
def test_each_button_gives_its_answer_and_the_dialog_goes(
    dialog: Closing, qtbot: QtBot, title: str, answer: str
) -> None:
    button = next(button for button in dialog.findChildren(QPushButton) if button.text() == title)
    said: list[tuple[str, bool]] = []
    dialog.answered.connect(lambda *answer: said.append(answer))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not isValid(dialog))
    assert said == [(answer, False)]


def test_enter_keeps_training_and_escape_stays(dialog: Closing, window: SmallWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.answered) as said:
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert said.args == ["keep", False]
    another = Closing(["LSTM 64"], window)
    another.open()
    with qtbot.waitSignal(another.answered) as said:
        qtbot.keyClick(another, Qt.Key.Key_Escape)
    assert said.args == ["cancel", False]


@pytest.mark.parametrize(("button", "lasting"), [("stop", True), ("cancel", False)])
def test_an_answer_may_hold_the_next_time_but_cancel_never_does(
    dialog: Closing, qtbot: QtBot, button: str, lasting: bool
) -> None:
    (box,) = dialog.findChildren(QCheckBox)
    qtbot.keyClick(box, Qt.Key.Key_Space)
    with qtbot.waitSignal(dialog.answered) as said:
        qtbot.mouseClick(dialog.stop if button == "stop" else dialog.cancel, Qt.MouseButton.LeftButton)
    assert said.args == [button, lasting]


def test_it_names_up_to_three_runs_and_counts_more() -> None:
    assert headline(["A"]) == "“A” is still training."
    assert headline(["A", "B"]) == "“A” and “B” are still training."
    assert headline(["A", "B", "C"]) == "“A”, “B” and “C” are still training."
    assert headline(["A", "B", "C", "D"]) == "4 runs are still training."


def test_it_says_what_goes_on_and_how_to_find_it_again() -> None:
    assert explanation(1) == (
        "It goes on without the window: open the workbook again at any time to see and steer it. "
        "Or stop it now; what was learned is saved, and it can be resumed."
    )
    assert explanation(2).endswith("Or stop them now; what was learned is saved, and they can be resumed.")
