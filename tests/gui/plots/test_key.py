"""The key of a plot: names are cut short before anything else is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.gui.plots.key import Key, KeyEntry


def entry(name: str, words: str = "", more: str = "") -> KeyEntry:
    return KeyEntry(name, words, QColor("red"), Qt.PenStyle.SolidLine, more=more)


@pytest.fixture
def key(dressed: QApplication, qtbot: QtBot) -> Key:
    widget = Key()
    qtbot.addWidget(widget)
    widget.resize(366, 16)
    widget.show()
    return widget


def test_few_entries_stand_in_one_row(key: Key) -> None:
    key.show_entries([entry("h", "half-life 7.2 steps"), entry("c")])

    assert [(row, text) for _, row, text, _ in key._placed] == [(0, "h · half-life 7.2 steps"), (0, "c")]
    assert key.height() == 16


def test_long_names_are_cut_so_that_all_entries_fit_in_two_rows(key: Key) -> None:
    name = "h of a run that somebody gave a very long name to"
    key.show_entries([entry(name, "does not vanish"), entry("c"), entry(name, "half-life 65 steps")])

    texts = [text for _, _, text, _ in key._placed]
    assert {row for _, row, _, _ in key._placed} == {0, 1}
    assert key.height() == 32
    assert all("…" in text for text in (texts[0], texts[2]))
    assert texts[0].endswith("… · does not vanish")
    assert name in key.toolTip()


def test_names_that_differ_at_their_ends_are_cut_so_that_they_stay_apart(key: Key) -> None:
    names = [f"h of window of {size}, which somebody wants to compare" for size in (1, 2, 4, 8)]
    key.show_entries([entry(name.partition(",")[0], "half-life 65 steps") for name in names])

    texts = [text for _, _, text, _ in key._placed]
    assert all("…" in text for text in texts)
    assert [text.partition(" ·")[0][-4:] for text in texts] == ["of 1", "of 2", "of 4", "of 8"]


def test_a_wider_key_cuts_nothing(key: Key) -> None:
    key.show_entries([entry("a run with a rather long name", "does not vanish")] * 3)
    key.resize(1200, 16)

    assert not any("…" in text for _, _, text, _ in key._placed)
    assert key.height() == 16


def test_more_is_said_where_there_is_room_and_left_to_the_tip_before_any_name_is_cut(key: Key) -> None:
    entries = [entry("h", "half-life 7.2 steps", "vanished at t−61"), entry("c", more="vanished at t−63")]
    key.show_entries(entries)
    said = ["h · half-life 7.2 steps, vanished at t−61", "c · vanished at t−63"]
    assert [text for _, _, text, _ in key._placed] == said

    key.show_entries([*entries, entry("h of another run", "half-life 65 steps", "vanished at t−90")])

    assert [text for _, _, text, _ in key._placed] == [
        "h · half-life 7.2 steps",
        "c",
        "h of another run · half-life 65 steps",
    ]
    assert key.toolTip().splitlines()[:2] == said
