"""The predictions panel on real runs: answers of each kind of task, the film, and why there is nothing."""

from dataclasses import replace
from pathlib import Path
from shutil import copyfile
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from tests.gui.support import small_experiment
from workbench.api import train
from workbench.gui.panels.prediction_list import picture_of
from workbench.gui.panels.predictions import PredictionsPanel, _tally
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.theme import theme
from workbench.lab.running import launch_worker, start_run
from workbench.lab.workbook import open_workbook
from workbench.training.words import Reading, Words

TASKS: dict[str, dict[str, Any]] = {
    "digits": {"name": "digits"},
    "language-model": {"name": "language-model", "length": 12},
    "copy": {"name": "copy", "delay": 3, "count": 3},
}


@pytest.fixture(scope="session")
def _other_tasks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tasks") / "tasks.rnnw"
    for name, task in TASKS.items():
        train(small_experiment(name=name, task=task, steps=2, validate_every=2), path)
    return path


def shown_panel(session: Session, clock: Clock, qtbot: QtBot) -> PredictionsPanel:
    panel = PredictionsPanel(session, clock)
    panel.resize(290, 250)
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.fixture
def panel(opened: Session, clock: Clock, qtbot: QtBot) -> PredictionsPanel:
    panel = shown_panel(opened, clock, qtbot)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 8)
    return panel


@pytest.fixture
def tasks(session: Session, clock: Clock, _other_tasks: Path, tmp_path: Path, qtbot: QtBot) -> PredictionsPanel:
    """The panel on a workbook with one run of each of TASKS."""
    panel = shown_panel(session, clock, qtbot)
    session.open(Path(copyfile(_other_tasks, tmp_path / "tasks.rnnw")))
    qtbot.waitUntil(lambda: len(session.runs.records) == len(TASKS))
    return panel


def choose(panel: PredictionsPanel, name: str, qtbot: QtBot) -> Words:
    """Look at the run of a task and return its words."""
    runs = panel.session.runs
    runs.select(next(record.id for record in runs.records if record.name == name))
    qtbot.waitUntil(lambda: panel.session.film.snapshot is not None and not panel.session.reader.busy)
    snapshot = panel.session.film.snapshot
    assert snapshot is not None
    return Words.from_array(snapshot.arrays["words"])


def copy_button(panel: PredictionsPanel) -> QToolButton:
    return next(b for b in panel.findChildren(QToolButton) if b.accessibleName().startswith("Copy"))


def test_without_a_workbook_and_without_runs_it_says_so(
    session: Session, clock: Clock, tmp_path: Path, qtbot: QtBot
) -> None:
    panel = shown_panel(session, clock, qtbot)
    assert panel.accessibleDescription() == "No workbook is open."
    session.open(tmp_path / "new.rnnw", create=True)
    qtbot.waitUntil(lambda: "Press Train" in panel.accessibleDescription())
    assert not copy_button(panel).isVisible()


def test_a_run_paused_before_its_first_step_says_so(
    session: Session, clock: Clock, qtbot: QtBot, tmp_path: Path
) -> None:
    with open_workbook(tmp_path / "early.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment())
        lease = workbook.leases.take(run)
        workbook.runs.set_status(run, "starting")
        panel = shown_panel(session, clock, qtbot)
        session.open(tmp_path / "early.rnnw")
        qtbot.waitUntil(lambda: panel.accessibleDescription().startswith("The run is starting."))
        workbook.runs.set_status(run, "paused")
        qtbot.waitUntil(lambda: panel.accessibleDescription() == "Paused before its first step.")
        workbook.leases.release(lease)


def test_each_example_stands_in_a_row_with_target_and_answer(panel: PredictionsPanel) -> None:
    assert panel.model.rowCount() == 8
    reading: Reading = panel.model.index(0).data(Qt.ItemDataRole.UserRole)
    assert f"target {reading.target}, answer {reading.answer}" in panel.model.index(0).data()
    assert reading.inputs in panel.model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    right = sum(bool(own.correct) for own in panel.model.readings)
    verb = "is" if right == 1 else "are"
    assert panel.summary().startswith(f"At step 60, {right} of 8 answers {verb} right.")


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ((True, False, False), "1 of 3 answers is right"),
        ((True, True, False), "2 of 3 answers are right"),
        ((False, False), "0 of 2 answers are right"),
        ((None, None), "2 examples"),
    ],
)
def test_right_answers_are_counted_in_good_grammar(verdicts: tuple[bool | None, ...], words: str) -> None:
    assert _tally(tuple(Reading("", "", "", verdict) for verdict in verdicts)) == words


def test_going_through_the_film_shows_the_answers_of_that_step(
    panel: PredictionsPanel, opened: Session, qtbot: QtBot
) -> None:
    last = panel.model.readings
    opened.film.go_to(0)
    qtbot.waitUntil(lambda: panel.summary().startswith("At step 0,"))
    first = panel.model.readings
    assert [own.target for own in first] == [own.target for own in last]
    assert [own.answer for own in first] != [own.answer for own in last]


def test_another_run_shows_its_own_answers_without_a_sentence_in_between(
    panel: PredictionsPanel, opened: Session, qtbot: QtBot
) -> None:
    before = panel.model.readings
    opened.runs.select(1)
    assert panel.list.isVisible()
    qtbot.waitUntil(lambda: panel.model.readings != before)


def test_a_language_model_shows_what_it_writes(tasks: PredictionsPanel, qtbot: QtBot) -> None:
    words = choose(tasks, "language-model", qtbot)
    assert tasks.text.isVisible()
    assert not tasks.list.isVisible()
    assert tasks.text.toPlainText() == words.sample
    assert tasks.summary() == f"At step 2 the network writes: {words.sample}"


def test_the_same_text_again_leaves_what_is_marked_in_it(tasks: PredictionsPanel, qtbot: QtBot) -> None:
    choose(tasks, "language-model", qtbot)
    tasks.text.selectAll()
    tasks.refresh()
    qtbot.waitUntil(lambda: not tasks.session.reader.busy)
    assert tasks.text.textCursor().hasSelection()


@pytest.mark.parametrize("name", ["language-model", "digits"])
def test_what_is_shown_can_be_copied(tasks: PredictionsPanel, name: str, qtbot: QtBot) -> None:
    words = choose(tasks, name, qtbot)
    qtbot.mouseClick(copy_button(tasks), Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    if words.sample is not None:
        assert text == words.sample
    else:
        lines = text.split("\n")
        assert lines[0] == "reads\ttarget\tanswer\tright"
        assert lines[1].split("\t")[1:3] == [words.readings[0].target, words.readings[0].answer]


def test_digits_show_the_picture_that_is_read(tasks: PredictionsPanel, qtbot: QtBot) -> None:
    choose(tasks, "digits", qtbot)
    assert tasks.picture.isVisible()
    snapshot = tasks.session.film.snapshot
    assert snapshot is not None
    pixels = snapshot.arrays["inputs"]
    image = tasks.picture.pixmap().toImage()
    row, column = np.unravel_index(pixels.argmax(), pixels.shape)
    darkest = image.pixelColor(int(column) * 8 + 4, int(row) * 8 + 4)
    assert darkest.lightness() < image.pixelColor(2, 2).lightness()
    choose(tasks, "copy", qtbot)
    assert not tasks.picture.isVisible()


def test_pixels_read_one_by_one_are_the_same_picture() -> None:
    pixels = np.linspace(0, 1, 64)
    words = Words((), channels=("pixel 1",))
    picture = picture_of(words, pixels[:, None])
    assert picture is not None
    np.testing.assert_array_equal(picture, pixels.reshape(8, 8))


@pytest.mark.parametrize(
    ("channels", "shape"), [(None, (64,)), (("number", "marker"), (8, 8)), (("pixel",), (50, 1)), (("pixel",), (1, 1))]
)
def test_other_inputs_are_no_picture(channels: tuple[str, ...] | None, shape: tuple[int, ...]) -> None:
    assert picture_of(Words((), channels=channels), np.zeros(shape)) is None


def test_symbols_read_are_shown_as_they_are_and_numbers_by_their_note(tasks: PredictionsPanel, qtbot: QtBot) -> None:
    words = choose(tasks, "copy", qtbot)
    assert tasks.model.what_was_read(words.readings[0]) == words.readings[0].inputs
    tasks.model.set_readings(words.readings)
    assert tasks.model.what_was_read(words.readings[0]) == words.readings[0].note


def test_long_examples_take_two_lines_and_one_where_there_is_room(panel: PredictionsPanel) -> None:
    panel.resize(290, 250)
    assert panel.list.columns.below
    panel.resize(900, 250)
    assert not panel.list.columns.below


def test_a_run_that_failed_before_its_first_picture_says_why(
    panel: PredictionsPanel, opened: Session, qtbot: QtBot
) -> None:
    assert opened.workbook is not None
    first = opened.workbook.runs.get(1)
    run = opened.workbook.runs.create("new", experiment=first.experiment, cell="", origin=first.origin, steps=9)
    opened.workbook.runs.set_status(run, "failed", "The memory ran out.")
    qtbot.waitUntil(lambda: opened.runs.get(run) is not None)
    opened.runs.select(run)
    qtbot.waitUntil(lambda: "The memory ran out." in panel.accessibleDescription())
    assert not copy_button(panel).isVisible()


def test_a_snapshot_of_an_earlier_version_says_that_it_has_no_answers(
    panel: PredictionsPanel, opened: Session, qtbot: QtBot
) -> None:
    assert opened.workbook is not None
    opened.workbook.film.append(2, 61, {"length": np.array(12)})
    qtbot.waitUntil(lambda: "earlier version" in panel.accessibleDescription())


def test_damaged_words_are_a_sentence(panel: PredictionsPanel, opened: Session, qtbot: QtBot) -> None:
    assert opened.workbook is not None
    broken = {"length": np.array(12), "inputs": np.zeros((12, 2)), "words": np.zeros(3, np.uint8)}
    opened.workbook.film.append(2, 61, broken)
    qtbot.waitUntil(lambda: "cannot be read" in panel.accessibleDescription())


def test_a_run_in_training_shows_its_newest_answers(
    session: Session, clock: Clock, tmp_path: Path, qtbot: QtBot
) -> None:
    panel = shown_panel(session, clock, qtbot)
    with open_workbook(tmp_path / "live.rnnw", create=True) as workbook:
        process = launch_worker(workbook, start_run(workbook, small_experiment(steps=150)))
        session.open(tmp_path / "live.rnnw")
        qtbot.waitUntil(lambda: panel.summary().startswith("At step 150"), timeout=30_000)
        process.wait()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_mark_has_the_colour_of_right_or_wrong_in_both_themes(
    panel: PredictionsPanel, opened: Session, mode: str
) -> None:
    theme().apply(mode)  # type: ignore[arg-type]
    view = panel.list.view
    rectangle = view.visualRect(panel.model.index(0))
    image = view.viewport().grab(rectangle).toImage()
    seen = {image.pixelColor(x, y).name() for x in range(18) for y in range(20)}
    right = panel.model.readings[0].correct
    assert theme().colour("good" if right else "bad").name() in seen
    theme().apply("light")


REBER = Reading("BTBTXXTVVET", "TBTXXTVVETE", "TBTXXVTPETE", correct=True, note="11 of 11 symbols legal")


def test_letters_of_a_right_answer_that_do_not_count_are_muted_and_a_note_says_what_does(
    panel: PredictionsPanel,
) -> None:
    panel.model.set_readings([REBER] * 2, notes_on_inputs=False)
    assert panel.model.answer_in_parts(REBER) == (
        ("TBTXX", "good"), ("VTP", "muted"), ("ETE", "good")
    )  # fmt: skip
    assert panel.model.note_on_answer(REBER) == "11 of 11 symbols legal"


def test_a_note_on_an_answer_has_room_beside_what_was_read(panel: PredictionsPanel, qtbot: QtBot) -> None:
    panel.resize(900, 250)
    panel.model.set_readings([REBER], notes_on_inputs=False)
    qtbot.waitUntil(lambda: not panel.list.columns.below)
    with_note = panel.list.view.viewport().grab().toImage()
    panel.model.set_readings([replace(REBER, note="")], notes_on_inputs=False)
    assert panel.list.view.viewport().grab().toImage() != with_note


def test_a_number_that_is_near_enough_is_right_as_a_whole(panel: PredictionsPanel) -> None:
    near = Reading("", "0.85", "0.84", correct=True, note="0.31 + 0.54")
    panel.model.set_readings([near])
    assert panel.model.answer_in_parts(near) == (("0.84", "good"),)
    assert panel.model.note_on_answer(near) == ""
