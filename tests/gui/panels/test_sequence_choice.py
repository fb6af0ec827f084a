"""Choosing which sequence of the probe is looked at, while a real worker trains the run, and what then is shown."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.support import end_all_runs, small_experiment
from workbench.api import train
from workbench.gui.panels.hidden_state import HiddenStatePanel
from workbench.gui.panels.predictions import PredictionsPanel
from workbench.gui.panels.read_out import ReadOutPanel
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.lab.running import launch_worker, send_command, start_run
from workbench.lab.workbook import Workbook, open_workbook
from workbench.training.words import Words

LEFT = Qt.MouseButton.LeftButton
LONG = 30_000  # milliseconds; only a broken program comes near it
RUN = 1


@pytest.fixture
def window(session: Session, clock: Clock, qtbot: QtBot) -> QWidget:
    """The three panels that look at the sequence."""
    widget = QWidget()
    qtbot.addWidget(widget)
    column = QVBoxLayout(widget)
    for panel in (HiddenStatePanel(session, clock), ReadOutPanel(session, clock), PredictionsPanel(session, clock)):
        column.addWidget(panel)
    widget.resize(900, 900)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


@pytest.fixture
def panel(window: QWidget) -> HiddenStatePanel:
    found = window.findChild(HiddenStatePanel)
    assert isinstance(found, HiddenStatePanel)
    return found


@pytest.fixture
def workbook(panel: HiddenStatePanel, tmp_path: Path, qtbot: QtBot) -> Iterator[Workbook]:
    """A workbook whose run trains and is looked at; stopped behind the test."""
    path = tmp_path / "live.rnnw"
    experiment = small_experiment(steps=10**6, probe_size=10, probe_sequence=1)
    with open_workbook(path, create=True) as opened:
        process = launch_worker(opened, start_run(opened, experiment))
        panel.session.open(path)
        qtbot.waitUntil(lambda: shown(panel) == 1 and panel.sequences.button.isEnabled(), timeout=LONG)
        yield opened
        end_all_runs(path)
        process.wait()


@pytest.fixture
def paused(workbook: Workbook, panel: HiddenStatePanel, qtbot: QtBot) -> Workbook:
    """That workbook, its run paused."""
    send_command(workbook, RUN, "pause")
    qtbot.waitUntil(lambda: status(panel) == "paused", timeout=LONG)
    last = workbook.film.steps(RUN)[-1]
    qtbot.waitUntil(lambda: step(panel) == last, timeout=LONG)
    return workbook


def shown(panel: HiddenStatePanel) -> int:
    return -1 if panel.picture is None else panel.picture.sequence.number


def step(panel: HiddenStatePanel) -> int:
    return -1 if panel.picture is None else panel.picture.sequence.snapshot.step


def status(panel: HiddenStatePanel) -> str:
    record = panel.session.runs.current_record
    return "" if record is None else record.status


def face(panel: HiddenStatePanel) -> str:
    return panel.sequences.button.text()


def rows_of(read_out: ReadOutPanel) -> dict[str, str]:
    return {label.text(): value.text() for label, value in read_out.labels if not label.isHidden()}


def choose(panel: HiddenStatePanel, number: int, qtbot: QtBot) -> None:
    """Click the word and, in the menu that opens and holds up the click, a sequence's entry."""
    menu = panel.sequences.menu_choice.menu

    def pick() -> None:
        qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(menu.actions()[number]).center())

    menu.aboutToShow.connect(lambda: QTimer.singleShot(0, pick), Qt.ConnectionType.SingleShotConnection)
    qtbot.mouseClick(panel.sequences.button, LEFT)
    assert not menu.isVisible()


def test_a_sequence_chosen_from_the_menu_is_shown_while_the_run_trains_on(
    workbook: Workbook, panel: HiddenStatePanel, qtbot: QtBot
) -> None:
    before = step(panel)
    choose(panel, 3, qtbot)
    assert face(panel) == "sequence 3 ▾"
    qtbot.waitUntil(lambda: shown(panel) == 3, timeout=LONG)
    assert panel.picture is not None
    snapshot = panel.picture.sequence.snapshot
    assert snapshot.step > before
    assert "validation sequence 3" in panel._caption.text()
    kept = workbook.film.read(RUN, snapshot.step)
    assert int(kept["sequence"]) == 3
    np.testing.assert_array_equal(snapshot.arrays["inputs"], kept["inputs"])
    assert status(panel) == "running"


def test_a_sequence_chosen_while_paused_replaces_what_is_shown_of_this_step(
    paused: Workbook, panel: HiddenStatePanel, window: QWidget, qtbot: QtBot
) -> None:
    at = step(panel)
    assert panel.picture is not None
    before = panel.picture.sequence.snapshot.arrays["inputs"]
    choose(panel, 4, qtbot)
    qtbot.waitUntil(lambda: shown(panel) == 4, timeout=LONG)
    assert panel.picture is not None
    assert step(panel) == at
    arrays = panel.picture.sequence.snapshot.arrays
    assert not np.array_equal(arrays["inputs"], before)

    read_out = window.findChild(ReadOutPanel)
    predictions = window.findChild(PredictionsPanel)
    assert isinstance(read_out, ReadOutPanel)
    assert isinstance(predictions, PredictionsPanel)
    reading = Words.from_array(arrays["words"]).readings[4]
    qtbot.waitUntil(lambda: rows_of(read_out).get("target at the end") == reading.target)
    assert rows_of(read_out)["output at the end"] == reading.answer
    qtbot.waitUntil(lambda: predictions.model.rowCount() == 8)


def test_page_keys_go_to_the_next_and_the_previous_sequence_and_stop_at_the_ends(
    paused: Workbook, panel: HiddenStatePanel, qtbot: QtBot
) -> None:
    for _ in range(2):
        qtbot.keyClick(panel.map, Qt.Key.Key_PageDown)
    assert face(panel) == "sequence 3 ▾"
    qtbot.waitUntil(lambda: shown(panel) == 3, timeout=LONG)
    for _ in range(4):
        qtbot.keyClick(panel.map, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: shown(panel) == 0, timeout=LONG)
    for _ in range(12):
        qtbot.keyClick(panel.map, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: shown(panel) == 9, timeout=LONG)
    assert face(panel) == "sequence 9 ▾"


def test_the_menu_lists_the_probe_with_what_its_first_sequences_read(paused: Workbook, panel: HiddenStatePanel) -> None:
    texts = [action.text() for action in panel.sequences.menu_choice.menu.actions()]
    assert panel.picture is not None
    words = panel.picture.sequence.words
    assert words is not None
    assert len(texts) == 10
    assert texts[0].startswith(f"sequence 0 · {words.readings[0].inputs[:20]}")
    assert texts[8:] == ["sequence 8", "sequence 9"]
    assert [action.isChecked() for action in panel.sequences.menu_choice.menu.actions()].index(True) == 1


def test_each_snapshot_of_the_film_says_its_own_sequence_and_choosing_goes_to_the_newest(
    paused: Workbook, panel: HiddenStatePanel, qtbot: QtBot
) -> None:
    choose(panel, 5, qtbot)
    qtbot.waitUntil(lambda: shown(panel) == 5, timeout=LONG)
    panel.session.film.go_to(0)
    qtbot.waitUntil(lambda: step(panel) == 0)
    assert (shown(panel), face(panel)) == (1, "sequence 1 ▾")
    assert "validation sequence 1" in panel._caption.text()

    qtbot.keyClick(panel.map, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: shown(panel) == 2, timeout=LONG)
    assert panel.session.film.live
    assert step(panel) == paused.film.steps(RUN)[-1]


def test_once_nobody_trains_the_run_the_word_only_says_the_sequence_and_why(
    workbook: Workbook, panel: HiddenStatePanel, qtbot: QtBot
) -> None:
    send_command(workbook, RUN, "stop")
    qtbot.waitUntil(lambda: status(panel) == "stopped", timeout=LONG)
    button = panel.sequences.button
    assert not button.isEnabled()
    assert face(panel) == "sequence 1"
    assert button.toolTip() == "Chosen while a run trains, or before it in the form under Watching."
    qtbot.keyClick(panel.map, Qt.Key.Key_PageDown)
    assert face(panel) == "sequence 1"
    assert workbook.commands.pending(RUN) == ()


def test_a_choice_that_comes_too_late_is_told_and_taken_back(
    workbook: Workbook, panel: HiddenStatePanel, clock: Clock, qtbot: QtBot
) -> None:
    clock.stop()  # the window has not heard yet that the run ends
    end_all_runs(workbook.path)
    with qtbot.waitSignal(panel.session.complained) as told:
        qtbot.keyClick(panel.map, Qt.Key.Key_PageDown)
    assert "nobody is training it" in told.args[0]
    assert face(panel).startswith("sequence 1")


def test_a_snapshot_of_an_older_workbook_shows_the_sequence_of_the_experiment(
    panel: HiddenStatePanel, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "old.rnnw"
    train(small_experiment(steps=5, probe_sequence=6), path)
    with open_workbook(path) as workbook:
        last = workbook.film.steps(1)[-1]
        arrays = workbook.film.read(1, last)
        workbook.film.append(1, last, {name: array for name, array in arrays.items() if name != "sequence"})
    panel.session.open(path)
    qtbot.waitUntil(lambda: step(panel) == last)
    assert (shown(panel), face(panel)) == (6, "sequence 6")


def test_the_picture_beside_the_predictions_is_told_by_the_sequence_of_its_snapshot(
    window: QWidget, panel: HiddenStatePanel, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "digits.rnnw"
    train(small_experiment(task={"name": "digits"}, steps=2), path)
    with open_workbook(path) as workbook:
        arrays = workbook.film.read(1, 2)
        readings = Words.from_array(arrays["words"]).readings
        other = next(own for own, reading in enumerate(readings) if reading.target != readings[0].target)
        workbook.film.append(1, 3, {**arrays, "sequence": np.array(other)})
    panel.session.open(path)
    predictions = window.findChild(PredictionsPanel)
    assert isinstance(predictions, PredictionsPanel)
    said = f"as the network reads it: {readings[other].target}."
    qtbot.waitUntil(lambda: said in predictions._picture_text.text())


def test_where_room_is_scarce_the_words_are_short_and_the_header_fits(
    panel: HiddenStatePanel, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "deep.rnnw"
    train(small_experiment(steps=5, layers=2), path)
    panel.session.open(path)
    panel.sort("first change")
    qtbot.waitUntil(lambda: step(panel) == 5)
    words = (panel.sequences.button, panel.sorting.button)
    assert all(word.width() == word.sizeHint().width() for word in words)
    wide = panel.minimumSizeHint().width()
    assert all(word.minimumSizeHint().width() < word.sizeHint().width() - 40 for word in words)
    assert wide < 660  # as wide as the panel is in a window of 1280 pixels
