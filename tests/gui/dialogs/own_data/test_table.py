"""The first rows as a table: cells as they are read, headings that tell kind and use."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tests.gui.dialogs.own_data.support import reviews, write
from workbench.gui.dialogs.own_data.table import RowsModel, RowsTable
from workbench.gui.theme import theme
from workbench.tasks.support.files.look import look_at_file


def shown(path: Path) -> RowsModel:
    model, look = RowsModel(), look_at_file(str(path))
    model.show_rows(look.columns, look.rows)
    return model


def cell(model: RowsModel, row: int, column: int, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> object:
    return model.index(row, column).data(role)


def test_it_is_a_sound_model(tmp_path: Path, qtmodeltester: ModelTester) -> None:
    model = shown(reviews(tmp_path))
    qtmodeltester.check(model)
    model.show_uses({"review": "sentence"})
    model.show_rows((), ())
    qtmodeltester.check(model)


def test_numbers_stand_right_and_lose_the_digits_that_nobody_reads(tmp_path: Path) -> None:
    model = shown(write(tmp_path / "n.csv", "name,value", "one,0.12345678901234567", "two,1000.50"))
    assert [cell(model, row, 1) for row in (0, 1)] == ["0.12345679", "1000.50"]
    assert cell(model, 0, 1, Qt.ItemDataRole.ToolTipRole) == "0.12345678901234567"
    sides = [cell(model, 0, column, Qt.ItemDataRole.TextAlignmentRole) for column in (0, 1)]
    assert sides == [
        side | Qt.AlignmentFlag.AlignVCenter for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
    ]


def test_what_is_missing_is_a_dash_and_rows_may_be_too_short(tmp_path: Path) -> None:
    model = shown(write(tmp_path / "gaps.csv", "a,b,c", "x,,z", "x", "x,y,z"))
    assert [[cell(model, row, column) for column in range(3)] for row in range(2)] == [["x", "–", "z"], ["x", "–", "–"]]


def test_a_cell_of_several_lines_is_one_line(tmp_path: Path) -> None:
    model = shown(write(tmp_path / "lines.csv", "text,label", '"first', 'second",good', "other,bad"))
    assert cell(model, 0, 0) == "first second"


@pytest.mark.usefixtures("dressed")
def test_columns_in_use_stand_out(tmp_path: Path) -> None:
    model = shown(reviews(tmp_path))
    model.show_uses({"review": "sentence", "verdict": "label"})
    assert [model.about(place) for place in range(4)] == ["number", "text · sentence", "number", "text · label"]
    colours = [cell(model, 0, place, Qt.ItemDataRole.ForegroundRole) for place in range(4)]
    assert colours == [theme().colour(token) for token in ("muted", "text", "muted", "text")]
    assert model.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) == "review: text · sentence"


def test_a_long_column_takes_the_room_that_is_left(dressed: QApplication, tmp_path: Path, qtbot: QtBot) -> None:
    long = "a very long sentence that goes on and on and on, and does not end before it has said all that there was"
    look = look_at_file(
        str(write(tmp_path / "long.csv", "text;label", *(f"{long} {row};{row % 2}" for row in range(9))))
    )
    table = RowsTable()
    qtbot.addWidget(table)
    widths = []
    for width in (300, 600):
        table.resize(width, 200)
        table.show()
        table.show_rows(look.columns, look.rows)
        widths.append((table.columnWidth(0), table.columnWidth(1)))
    assert widths[0][0] < widths[1][0]
    assert widths[0][1] == widths[1][1]
    assert sum(widths[1]) <= table.viewport().width()
