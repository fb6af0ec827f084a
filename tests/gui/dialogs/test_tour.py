"""The tour: it points at real widgets, passes over hidden ones, and never stands in the way."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.dialogs.support import SmallWindow
from workbench.gui.dialogs.spotlight import Spotlight
from workbench.gui.dialogs.tour import Stop, Tour, TourCard


def _stops(window: SmallWindow) -> list[Stop]:
    panel = QLabel("Loss")
    window.column.addWidget(panel)
    return [
        Stop(window.field, "The experiment", "Pick a cell and a task here. Every field says what it is for."),
        Stop(panel, "The loss", "It falls while the network learns. Dashed lines show what is easy."),
        Stop(window.button, "Train", "One click trains. Space does the same."),
    ]


@pytest.fixture
def stops(window: SmallWindow, qtbot: QtBot) -> list[Stop]:
    made = _stops(window)
    qtbot.waitUntil(lambda: all(not stop.widget.visibleRegion().isEmpty() for stop in made))
    return made


@pytest.fixture
def tour(window: SmallWindow, stops: list[Stop], qtbot: QtBot) -> Iterator[Tour]:
    made = Tour(stops, window)
    made.start()
    yield made
    qtbot.waitUntil(lambda: not window.findChildren(TourCard) and not window.findChildren(Spotlight))


def _place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint()), widget.size())


def _click(button: QWidget, qtbot: QtBot) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_next_and_back_lead_from_widget_to_widget_and_done_ends(
    tour: Tour, stops: list[Stop], window: SmallWindow, qtbot: QtBot
) -> None:
    for stop in stops[:2]:
        assert tour.stop is stop
        assert tour.card.title.text() == stop.title
        assert tour.spotlight.lit.contains(_place(stop.widget, window) & window.rect())
        assert not tour.card.geometry().intersects(_place(stop.widget, window))
        _click(tour.card.next, qtbot)
    _click(tour.card.back, qtbot)
    assert tour.stop is stops[1]
    _click(tour.card.next, qtbot)
    assert tour.card.next.text() == "Done"
    with qtbot.waitSignal(tour.finished):
        _click(tour.card.next, qtbot)


def test_the_keyboard_is_enough_and_the_focus_comes_back(tour: Tour, window: SmallWindow, qtbot: QtBot) -> None:
    assert tour.card.next.hasFocus()
    qtbot.keyClick(tour.card.next, Qt.Key.Key_Return)
    assert tour.stop is not None
    assert tour.stop.title == "The loss"
    seen = []
    for _ in range(3):
        focused = window.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
        seen.append(window.focusWidget())
    assert seen == [tour.card.skip, tour.card.back, tour.card.next]
    with qtbot.waitSignal(tour.finished):
        qtbot.keyClick(tour.card.next, Qt.Key.Key_Escape)
    assert window.field.hasFocus()


def test_space_presses_the_button_in_focus_and_trains_nothing(tour: Tour, window: SmallWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(tour.card.next, Qt.Key.Key_Space)
    assert tour.stop is not None
    assert tour.stop.title == "The loss"
    assert window.done == []
    tour.end()


def test_skip_ends_it(tour: Tour, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tour.finished):
        _click(tour.card.skip, qtbot)


def test_the_window_can_be_used_below_it_and_escape_still_ends_it(
    tour: Tour, window: SmallWindow, qtbot: QtBot
) -> None:
    middle = _place(window.button, window).center()
    assert window.childAt(middle) is window.button
    with qtbot.waitSignal(window.button.clicked):
        _click(window.button, qtbot)
    with qtbot.waitSignal(tour.finished):
        qtbot.keyClick(window.button, Qt.Key.Key_Escape)


def test_escape_ends_it_in_a_window_that_is_not_active_too(tour: Tour, qtbot: QtBot) -> None:
    elsewhere = QLabel("Another window")
    qtbot.addWidget(elsewhere)
    elsewhere.show()
    elsewhere.activateWindow()
    qtbot.waitUntil(elsewhere.isActiveWindow)
    qtbot.keyClick(tour.card.next, Qt.Key.Key_Escape)
    assert tour.stop is None


def test_a_hidden_widget_is_passed_over(window: SmallWindow, stops: list[Stop], qtbot: QtBot) -> None:
    stops[0].widget.hide()
    tour = Tour(stops, window)
    tour.start()
    assert tour.stop is stops[1]
    assert tour.card.accessibleName() == "Tour, 1 of 2: The loss"
    assert not tour.card.back.isEnabled()
    tour.end()


def test_a_second_tour_ends_the_first(tour: Tour, window: SmallWindow, stops: list[Stop], qtbot: QtBot) -> None:
    second = Tour(stops, window)
    with qtbot.waitSignal(tour.finished):
        second.start()
    assert second.stop is stops[0]
    second.end()


def test_it_goes_on_when_its_widget_is_hidden_meanwhile(tour: Tour, stops: list[Stop], qtbot: QtBot) -> None:
    stops[0].widget.hide()
    qtbot.waitUntil(lambda: tour.stop is stops[1])
    tour.end()


def test_it_ends_when_its_window_closes(tour: Tour, window: SmallWindow, qtbot: QtBot) -> None:
    ends: list[None] = []
    tour.finished.connect(lambda: ends.append(None))
    window.close()
    tour.end()
    assert len(ends) == 1


def test_with_nothing_to_show_it_ends_at_once(window: SmallWindow, stops: list[Stop], qtbot: QtBot) -> None:
    for stop in stops:
        stop.widget.hide()
    tour = Tour(stops, window)
    with qtbot.waitSignal(tour.finished):
        tour.start()


def test_light_and_card_follow_the_size_of_the_window(
    tour: Tour, window: SmallWindow, stops: list[Stop], qtbot: QtBot
) -> None:
    _click(tour.card.next, qtbot)
    window.resize(600, 420)
    qtbot.waitUntil(lambda: tour.spotlight.lit.contains(_place(stops[1].widget, window)))
    assert tour.spotlight.size() == window.size()
    assert window.rect().contains(tour.card.geometry())
    assert not tour.card.geometry().intersects(_place(stops[1].widget, window))
    tour.end()


def test_all_but_the_widget_is_dimmed(tour: Tour, window: SmallWindow, qtbot: QtBot) -> None:
    lit = tour.spotlight.lit.center()
    picture = window.grab().toImage()
    tour.end()
    plain = window.grab().toImage()
    assert picture.pixelColor(lit + QPoint(50, 8)) == plain.pixelColor(lit + QPoint(50, 8))
    corner = QPoint(window.width() - 3, window.height() // 2)
    assert picture.pixelColor(corner).lightness() < plain.pixelColor(corner).lightness() - 20


def test_words_in_large_letters_are_not_cut(window: SmallWindow, stops: list[Stop]) -> None:
    font = window.font()
    font.setPixelSize(20)
    window.setFont(font)
    tour = Tour(stops, window)
    tour.start()
    text = tour.card.text
    assert text.height() >= text.heightForWidth(text.width())
    tour.end()
