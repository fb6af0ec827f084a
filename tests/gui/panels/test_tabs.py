"""Tabs: a chip for each name while there is room, a menu for the others."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from workbench.gui.panels.tabs import Tabs

MANY = [f"gate_{letter}" for letter in "abcdefghijkl"]


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(600, 60)
    return widget


@pytest.fixture
def tabs(window: QWidget, qtbot: QtBot) -> Tabs:
    """Tabs of at most 300 pixels in a shown window."""
    widget = Tabs("value", 300)
    widget.setParent(window)
    widget.resize(400, 40)
    with qtbot.waitExposed(window):
        window.show()
    return widget


def shown(tabs: Tabs) -> list[str]:
    """Return the names that have a chip to be seen, from the left."""
    chips = [(chip.x(), name) for name, chip in tabs.chips.items() if chip.isVisibleTo(tabs)]
    return [name for _, name in sorted(chips)]


def test_a_few_names_are_chips_and_one_is_pressed(tabs: Tabs, qtbot: QtBot) -> None:
    tabs.show_names(["h", "c", "f"], "c")
    assert shown(tabs) == ["h", "c", "f"]
    assert [chip.isChecked() for chip in tabs.chips.values()] == [False, True, False]
    assert not tabs.more.isVisibleTo(tabs)


def test_pressing_a_chip_by_mouse_or_by_key_chooses_it(tabs: Tabs, qtbot: QtBot) -> None:
    tabs.show_names(["h", "c", "f"], "h")
    with qtbot.waitSignal(tabs.chosen, check_params_cb=lambda name: name == "f"):
        qtbot.mouseClick(tabs.chips["f"], Qt.MouseButton.LeftButton)
    tabs.chips["c"].setFocus()
    with qtbot.waitSignal(tabs.chosen, check_params_cb=lambda name: name == "c"):
        qtbot.keyClick(tabs.chips["c"], Qt.Key.Key_Space)


def test_names_without_room_are_in_a_menu_and_none_is_lost(tabs: Tabs, qtbot: QtBot) -> None:
    tabs.show_names(MANY, MANY[0])
    assert [*shown(tabs), *tabs.folded] == MANY
    assert tabs.folded
    assert tabs.sizeHint().width() <= 310
    with qtbot.waitSignal(tabs.chosen, check_params_cb=lambda name: name == MANY[-1]):
        tabs.more.menu().actions()[-1].trigger()


def test_a_name_from_the_menu_is_what_its_chip_says(tabs: Tabs, qtbot: QtBot) -> None:
    tabs.show_names(MANY, MANY[-1])
    assert tabs.more.text().startswith(MANY[-1])
    assert tabs.more.isChecked()
    assert not any(chip.isChecked() for chip in tabs.chips.values())
    tabs.show_names(MANY, MANY[0])
    assert not tabs.more.isChecked()
    assert tabs.chips[MANY[0]].isChecked()


def test_less_room_folds_more_names_and_more_room_brings_them_back(tabs: Tabs, qtbot: QtBot) -> None:
    names = ["h", "c", "f", "i", "o"]
    tabs.show_names(names, "o")
    tabs.resize(110, 24)
    assert shown(tabs)
    assert [*shown(tabs), *tabs.folded] == names
    assert tabs.more.geometry().right() <= 110
    assert tabs.more.text().startswith("o")
    tabs.resize(300, 24)
    assert shown(tabs) == names
    assert tabs.chips["o"].isChecked()


def test_one_very_long_name_does_not_widen_the_tabs(tabs: Tabs, qtbot: QtBot) -> None:
    tabs.show_names(["x" * 80, "h"], "h")
    assert tabs.sizeHint().width() <= 300
    assert set(tabs.folded) == {"x" * 80, "h"}
