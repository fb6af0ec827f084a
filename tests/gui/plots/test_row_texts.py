"""Texts beside rows: indices rise and fall, and a column that was wide stays wide."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.gui.plots.row_texts import RowTexts


def test_indices_are_small_and_stand_above_or_below_the_line(dressed: QApplication, qtbot: QtBot) -> None:
    texts = RowTexts()
    qtbot.addWidget(texts)
    texts.show_texts(["2&nbsp;<i>W</i><sup>f,h</sup>", "<i>b</i><sub>f</sub>"])

    matrix, bias = texts._rows

    assert [part.text for part in matrix] == ["2\N{NO-BREAK SPACE}", "W", "f,h"]
    assert [part.font.italic() for part in matrix] == [False, True, False]
    assert matrix[2].rise > matrix[1].rise == 0 > bias[1].rise
    assert matrix[2].font.pixelSize() < matrix[1].font.pixelSize()


def test_a_column_gets_no_narrower_while_its_rows_stay(dressed: QApplication, qtbot: QtBot) -> None:
    texts = RowTexts()
    qtbot.addWidget(texts)
    texts.show_texts(["0.0004321", "1"])
    wide = texts.sizeHint().width()

    texts.show_texts(["0.5", "1"])
    assert texts.sizeHint().width() == wide

    texts.show_texts(["0.5"])
    assert texts.sizeHint().width() < wide
