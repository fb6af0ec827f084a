"""The film bar: scrub, play and watch live, by mouse and by keys."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from workbench.gui.panels.film_bar import FilmBar
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.theme import theme
from workbench.lab.workbook import Workbook

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(800, 60)
    return widget


@pytest.fixture
def bar(opened: Session, clock: Clock, window: QWidget, qtbot: QtBot) -> FilmBar:
    """The bar on the film of the second run, long enough to scrub."""
    assert opened.workbook is not None
    _film(opened.workbook, 2, opened.film.steps[-1], 9)
    widget = FilmBar(opened, clock)
    widget.setParent(window)
    widget.resize(800, 44)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: len(opened.film.steps) > 9)
    return widget


def _film(workbook: Workbook, run: int, after: int, count: int) -> None:
    """Lengthen a film by snapshots as its last one."""
    arrays = workbook.film.read(run, after)
    for step in range(after + 10, after + 10 * count + 1, 10):
        workbook.film.append(run, step, arrays)


def _text(bar: FilmBar) -> str:
    return bar._place.text()


def test_a_new_film_bar_is_live_at_the_last_snapshot(bar: FilmBar) -> None:
    count = len(bar.session.film.steps)

    assert bar.live_button.isChecked()
    assert bar.slider.value() == count - 1
    assert _text(bar) == f"step {bar.session.film.steps[-1]} · {count} of {count}"


def test_home_shows_the_first_snapshot_and_is_no_longer_live(bar: FilmBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.session.film.snapshot_changed):
        QTest.keyClick(bar.slider, Qt.Key.Key_Home)

    assert bar.session.film.snapshot is not None
    assert bar.session.film.snapshot.step == bar.session.film.steps[0] == 0
    assert not bar.live_button.isChecked()
    assert _text(bar).startswith("step 0 · 1 of ")


def test_the_arrows_go_one_snapshot_on_and_back(bar: FilmBar, qtbot: QtBot) -> None:
    QTest.keyClick(bar.slider, Qt.Key.Key_Home)
    QTest.keyClick(bar.slider, Qt.Key.Key_Right)
    QTest.keyClick(bar.slider, Qt.Key.Key_Right)
    QTest.keyClick(bar.slider, Qt.Key.Key_Left)

    assert bar.session.film.place == bar.session.film.steps[1]


def test_a_press_anywhere_on_the_slider_goes_there(bar: FilmBar, qtbot: QtBot) -> None:
    QTest.mouseClick(bar.slider, LEFT, pos=QPoint(bar.slider.width() // 2, bar.slider.height() // 2))

    middle = (len(bar.session.film.steps) - 1) / 2
    assert bar.session.film.place is not None
    assert abs(bar.session.film.steps.index(bar.session.film.place) - middle) <= 1


def test_the_end_keeps_that_snapshot_when_newer_ones_come(bar: FilmBar, qtbot: QtBot) -> None:
    film = bar.session.film
    QTest.keyClick(bar.slider, Qt.Key.Key_Home)
    QTest.keyClick(bar.slider, Qt.Key.Key_End)
    place, count = film.steps[-1], len(film.steps)
    assert bar.session.workbook is not None

    _film(bar.session.workbook, 2, place, 1)

    qtbot.waitUntil(lambda: len(film.steps) == count + 1)
    assert film.place == place
    assert not bar.live_button.isChecked()
    assert bar.slider.value() == count - 1
    assert _text(bar) == f"step {place} · {count} of {count + 1}"


def test_live_goes_to_the_newest_and_follows_it(bar: FilmBar, qtbot: QtBot) -> None:
    film = bar.session.film
    QTest.keyClick(bar.slider, Qt.Key.Key_Home)
    QTest.mouseClick(bar.live_button, LEFT)
    assert film.live
    last = film.steps[-1]
    assert bar.session.workbook is not None

    _film(bar.session.workbook, 2, last, 1)

    qtbot.waitUntil(lambda: film.snapshot is not None and film.snapshot.step == last + 10)
    assert bar.slider.value() == bar.slider.maximum() == len(film.steps) - 1


def test_pressing_live_while_live_stays_live(bar: FilmBar, qtbot: QtBot) -> None:
    QTest.mouseClick(bar.live_button, LEFT)

    assert bar.session.film.live
    assert bar.live_button.isChecked()


def test_a_place_that_is_thinned_away_becomes_the_nearest_that_is_left(bar: FilmBar, qtbot: QtBot) -> None:
    film = bar.session.film
    QTest.keyClick(bar.slider, Qt.Key.Key_Home)
    place, last = film.steps[-1], film.steps[-1] + 50
    assert bar.session.workbook is not None
    film.go_to(place)

    with bar.session.workbook.together():
        arrays = bar.session.workbook.film.read(2, place)
        bar.session.workbook.film.drop_from(2, place)
        bar.session.workbook.film.append(2, place + 1, arrays)
        bar.session.workbook.film.append(2, last, arrays)

    qtbot.waitUntil(lambda: film.steps[-1] == last)
    assert film.place == place + 1
    assert film.snapshot is not None
    assert film.snapshot.step == place + 1
    assert not bar.live_button.isChecked()


def test_playing_shows_one_snapshot_after_the_other_and_stops_at_the_end(bar: FilmBar, qtbot: QtBot) -> None:
    film, seen = bar.session.film, []
    film.snapshot_changed.connect(lambda: seen.append(film.snapshot.step if film.snapshot else None))
    QTest.mouseClick(bar.play_button, LEFT)
    assert bar.playing

    qtbot.waitUntil(lambda: not bar.playing, timeout=10_000)

    qtbot.waitUntil(lambda: seen == list(film.steps))
    assert not film.live


def test_the_button_stops_what_it_started(bar: FilmBar) -> None:
    QTest.mouseClick(bar.play_button, LEFT)
    assert "Stop playing" in bar.play_button.toolTip()

    QTest.mouseClick(bar.play_button, LEFT)

    assert not bar.playing
    assert "Play the film" in bar.play_button.toolTip()


def test_k_plays_in_the_whole_window(open_window: OpenWindow, two_runs: Path, qtbot: QtBot) -> None:
    window = open_window(two_runs)
    workspace, film = window.context.workspace, window.context.session.film
    qtbot.waitUntil(lambda: len(film.steps) > 1)
    window.context.commands.refresh()

    QTest.keyClick(workspace.film_bar.slider, Qt.Key.Key_K)

    assert workspace.film_bar.playing
    qtbot.waitUntil(lambda: not workspace.film_bar.playing)
    assert film.place == film.steps[-1]


def test_a_person_who_takes_the_slider_stops_the_film(bar: FilmBar, qtbot: QtBot) -> None:
    QTest.mouseClick(bar.play_button, LEFT)
    QTest.keyClick(bar.slider, Qt.Key.Key_Right)

    assert not bar.playing


def test_hiding_the_bar_stops_the_film(bar: FilmBar, qtbot: QtBot) -> None:
    QTest.mouseClick(bar.play_button, LEFT)
    bar.hide()

    assert not bar.playing


def test_another_run_starts_live_at_its_own_end(bar: FilmBar, qtbot: QtBot) -> None:
    QTest.keyClick(bar.slider, Qt.Key.Key_Home)
    bar.session.runs.select(1)

    qtbot.waitUntil(lambda: bool(bar.session.film.steps))
    assert bar.live_button.isChecked()
    assert bar.slider.value() == bar.slider.maximum()


def test_without_a_film_everything_is_disabled_and_says_why(session: Session, clock: Clock, qtbot: QtBot) -> None:
    bar = FilmBar(session, clock)
    qtbot.addWidget(bar)

    for part in (bar.slider, bar.play_button, bar.live_button):
        assert not part.isEnabled()
        assert "no film yet" in part.toolTip()
    assert _text(bar) == "no film yet"


def test_the_icon_follows_the_theme(bar: FilmBar) -> None:
    light = bar.play_button.icon().cacheKey()

    theme().apply("dark")

    assert bar.play_button.icon().cacheKey() != light
