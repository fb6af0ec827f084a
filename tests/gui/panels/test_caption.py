"""A caption ends in dots where there is no room, and keeps all of it in its tool tip."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.gui.panels.caption import Caption


def test_a_caption_without_room_is_drawn_as_its_beginning_and_dots(dressed: QApplication, qtbot: QtBot) -> None:
    long, beginning = Caption(), Caption()
    for caption, text in ((long, "loss, mean over the batch and all of its targets"), (beginning, "loss, mean…")):
        qtbot.addWidget(caption)
        caption.say(text)
    beginning.resize(beginning.fontMetrics().horizontalAdvance("loss, mean…") + 1, 20)
    long.resize(beginning.size())

    assert long.grab().toImage() == beginning.grab().toImage()
    assert long.toolTip() == "loss, mean over the batch and all of its targets"
