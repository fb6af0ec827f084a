"""What the window remembers; damaged memories count as never said."""

from pathlib import Path

import platformdirs
import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QApplication

from workbench.gui.memory import RECENT, Memory


@pytest.fixture
def memory(dressed: QApplication) -> Memory:
    return Memory()


def test_what_was_kept_is_there_at_the_next_start(memory: Memory) -> None:
    memory.set_text("theme", "dark")
    memory.set_values("workspace", {"hidden": ["loss"], "sizes": {"rows": [1, 2]}})
    memory.set_place("geometry", QByteArray(b"\x00\x01binary"))
    memory.save()
    again = Memory()
    assert again.text("theme") == "dark"
    assert again.values("workspace") == {"hidden": ["loss"], "sizes": {"rows": [1, 2]}}
    assert again.place("geometry") == QByteArray(b"\x00\x01binary")


def test_a_text_with_commas_and_lines_comes_back_as_it_was(memory: Memory) -> None:
    text = 'a, b\n"c"; [d]\\ ü'
    memory.set_text("draft", text)
    memory.save()
    assert Memory().text("draft") == text


@pytest.mark.parametrize("damage", [b"", b"\x00\xff\x00", b"workspace={\n[[[", b"[General]\nworkspace=[1, 2]\n"])
def test_a_damaged_file_counts_as_never_said(memory: Memory, damage: bytes) -> None:
    path = platformdirs.user_config_path("rnn-workbench") / "window.ini"
    path.write_bytes(damage)
    assert Memory().values("workspace") == {}
    assert Memory().text("theme", "system") == "system"


def test_recent_workbooks_come_newest_first_without_repeats_or_lost_ones(memory: Memory, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.rnnw" for number in range(RECENT + 3)]
    for path in paths:
        path.touch()
        memory.add_recent(path)
    memory.add_recent(paths[5])
    paths[-1].unlink()
    assert memory.recent[:2] == (paths[5], paths[-2])
    assert len(memory.recent) == RECENT - 1
