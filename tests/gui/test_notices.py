"""Notices: sentences above the panels, with what can be done about them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from workbench.gui.notices import Deed, Notices


@pytest.fixture
def notices(dressed: QApplication, qtbot: QtBot) -> Notices:
    shown = Notices()
    qtbot.addWidget(shown)
    return shown


def button(notices: Notices, text: str) -> QToolButton:
    return next(b for b in notices.findChildren(QToolButton) if text in (b.text(), b.accessibleName()))


def test_nothing_to_say_takes_no_room(notices: Notices) -> None:
    assert notices.isHidden()


def test_a_sentence_stays_until_it_is_dismissed(notices: Notices, qtbot: QtBot) -> None:
    notices.tell("The file is write-protected.")
    assert notices.sentences == ("The file is write-protected.",)
    qtbot.mouseClick(button(notices, "Dismiss"), Qt.MouseButton.LeftButton)
    assert not notices.sentences
    assert notices.isHidden()


def test_pressing_a_deed_does_it_and_takes_the_notice_away(notices: Notices, qtbot: QtBot) -> None:
    done: list[str] = []
    notices.tell("Interrupted.", Deed("Resume", lambda: done.append("resumed")))
    qtbot.mouseClick(button(notices, "Resume"), Qt.MouseButton.LeftButton)
    assert done == ["resumed"]
    assert not notices.sentences


def test_the_same_sentence_is_said_once(notices: Notices) -> None:
    notices.tell("No room.")
    notices.tell("No room.")
    assert notices.sentences == ("No room.",)


def test_a_notice_with_a_key_gives_way_to_the_next_with_that_key(notices: Notices) -> None:
    notices.tell("First.", key="trouble")
    notices.tell("Second.", key="trouble")
    assert notices.sentences == ("Second.",)


def test_of_many_only_the_newest_stay(notices: Notices) -> None:
    for number in range(5):
        notices.tell(f"Sentence {number}.")
    assert notices.sentences == ("Sentence 2.", "Sentence 3.", "Sentence 4.")
