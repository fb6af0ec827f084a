"""Circles of objects end on the window's thread, whatever other threads do meanwhile."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.gui.garbage import Collector


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[Collector]:
    collecting = Collector()
    yield collecting
    collecting.stop()


class Circle:
    """Holds itself, and notes on which thread it ends."""

    def __init__(self, ends: list[str]) -> None:
        self._self, self._ends = self, ends

    def __del__(self) -> None:
        self._ends.append(threading.current_thread().name)


def test_a_circle_ends_on_the_windows_thread_though_another_allocates(collector: Collector, qtbot: QtBot) -> None:
    ends: list[str] = []
    Circle(ends)
    busy = threading.Thread(target=lambda: [[] for _ in range(100_000)], name="busy")
    busy.start()
    busy.join()
    assert not ends
    qtbot.waitUntil(lambda: ends == [threading.current_thread().name])


def test_what_comes_after_the_window_was_set_aside_is_collected_too(collector: Collector, qtbot: QtBot) -> None:
    ends: list[str] = []
    collector.set_aside()
    Circle(ends)
    qtbot.waitUntil(lambda: bool(ends))


def test_python_collects_again_behind_it(qapp: QApplication) -> None:
    collecting = Collector()
    collecting.set_aside()
    collecting.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
