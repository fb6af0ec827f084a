"""The details of a run: state in words, experiment, origin, and a log whose details unfold."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from workbench.gui.dialogs.run_details import RunDetails
from workbench.gui.dialogs.run_words import how_it_stands
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.theme import theme
from workbench.lab.experiment import dump_experiment
from workbench.lab.running import experiment_of
from workbench.lab.workbook import Status, Workbook

LEFT = Qt.MouseButton.LeftButton
OVERVIEW, EXPERIMENT, LOG = range(3)


@pytest.fixture
def workbook(opened: Session) -> Workbook:
    assert opened.workbook is not None
    return opened.workbook


@pytest.fixture
def window(dressed: object, qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def details(opened: Session, clock: Clock, window: QWidget, qtbot: QtBot) -> RunDetails:
    return open_details(opened, 1, window, qtbot)


def open_details(session: Session, run: int, window: QWidget, qtbot: QtBot) -> RunDetails:
    dialog = RunDetails(session, run, window)
    dialog.open()
    qtbot.waitUntil(lambda: bool(dialog.status.text()))
    return dialog


def go_to(details: RunDetails, tab: int, qtbot: QtBot) -> None:
    bar = details.tabs.tabBar()
    qtbot.mouseClick(bar, LEFT, pos=bar.tabRect(tab).center())


def test_the_overview_says_how_the_run_ended_and_where_it_ran(details: RunDetails, workbook: Workbook) -> None:
    assert details.heading.text() == "lstm 8, adding"
    assert details.status.text().startswith("Finished: 60 steps in ")
    facts, origin = details.overview.facts, workbook.runs.get(1).origin
    assert facts["Steps"] == "60 of 60"
    assert facts["Threads"] == str(origin["threads"])
    assert facts["NumPy"] == origin["numpy"]
    assert facts["Task protocol"] == "adding, version 1"
    assert facts["Checkpoints"].startswith("at steps 0")
    assert "at step 60" in facts["Validation loss"]


def test_the_experiment_is_toml_that_can_be_copied(details: RunDetails, workbook: Workbook, qtbot: QtBot) -> None:
    go_to(details, EXPERIMENT, qtbot)
    assert details.experiment.isVisible()
    qtbot.mouseClick(details.copy_experiment, LEFT)
    assert QGuiApplication.clipboard().text() == dump_experiment(experiment_of(workbook.runs.get(1)))


def test_saving_the_experiment_is_asked_for(details: RunDetails, qtbot: QtBot) -> None:
    go_to(details, EXPERIMENT, qtbot)
    with qtbot.waitSignal(details.save_experiment_wanted) as asked:
        qtbot.mouseClick(details.save_experiment, LEFT)
    assert asked.args == [1]


def test_an_experiment_that_cannot_be_read_says_so_and_all_else_is_there(
    opened: Session, workbook: Workbook, clock: Clock, window: QWidget, qtbot: QtBot
) -> None:
    run = workbook.runs.create("new", experiment='{"cell": "none"}', cell="", origin={"backend": "numpy"}, steps=5)
    details = open_details(opened, run, window, qtbot)
    assert details.experiment.toPlainText().startswith("# This version of the program cannot read")
    assert details.overview.facts["Backend"] == "numpy"
    assert details.status.text() == "Waiting: nobody has trained it yet."


def test_what_the_run_says_while_the_dialog_is_open_comes_into_its_log(
    details: RunDetails, workbook: Workbook, qtbot: QtBot
) -> None:
    go_to(details, LOG, qtbot)
    assert "nothing was noted" in details.log.toPlainText()
    workbook.messages.append(1, "warning", "Training <waits>.", step=40)
    qtbot.waitUntil(lambda: "Training <waits>." in details.log.toPlainText())
    assert "step 40 · warning" in details.log.toPlainText()
    assert details.tabs.tabText(LOG) == "Log (1)"


def test_details_of_a_message_unfold_by_a_click_and_fold_again(
    details: RunDetails, workbook: Workbook, qtbot: QtBot
) -> None:
    workbook.messages.append(1, "error", "It failed.", step=40, details="Traceback: line 3")
    go_to(details, LOG, qtbot)
    qtbot.waitUntil(lambda: "It failed." in details.log.toPlainText())
    assert "Traceback" not in details.log.toPlainText()
    click_link(details, qtbot)
    assert "Traceback: line 3" in details.log.toPlainText()
    click_link(details, qtbot)
    assert "Traceback" not in details.log.toPlainText()


def click_link(details: RunDetails, qtbot: QtBot) -> None:
    """Click the one link in the log, wherever it stands."""
    page = details.log.viewport()
    places = (QPoint(x, y) for y in range(0, page.height(), 3) for x in range(0, 60, 5))
    place = next(place for place in places if QUrl(details.log.anchorAt(place)).scheme() == "unfold")
    qtbot.mouseClick(page, LEFT, pos=place)


def test_the_log_is_copied_with_all_details(details: RunDetails, workbook: Workbook, qtbot: QtBot) -> None:
    workbook.messages.append(1, "error", "It failed.", step=40, details="Traceback: line 3")
    go_to(details, LOG, qtbot)
    qtbot.waitUntil(lambda: "It failed." in details.log.toPlainText())
    qtbot.mouseClick(details.copy_log, LEFT)
    assert "step 40  error: It failed.\nTraceback: line 3" in QGuiApplication.clipboard().text()


def test_a_failed_run_tells_why_and_where_its_last_good_checkpoint_is(
    details: RunDetails, workbook: Workbook, qtbot: QtBot
) -> None:
    workbook.runs.set_status(1, "failed", "The loss is not a number.")
    qtbot.waitUntil(lambda: details.status.text().startswith("Failed at step 60 of 60. The loss is not a number."))
    assert "The last good checkpoint is at step 60" in details.status.text()
    assert details.status.property("role") == "bad"


@pytest.mark.parametrize(
    ("status", "role", "start"),
    [
        ("interrupted", "warning", "Interrupted at step 60 of 60. The process that trained it is gone."),
        ("stopped", "muted", "Stopped at step 60 of 60. There is no checkpoint"),
        ("paused", "muted", "Paused: step 60 of 60."),
        ("running", "muted", "Training: step 60 of 60."),
    ],
)
def test_each_state_is_a_sentence(workbook: Workbook, status: Status, role: str, start: str) -> None:
    record = replace(workbook.runs.get(1), status=status)
    told, sentence = how_it_stands(record, ())
    assert told == role
    assert sentence.startswith(start)


def test_a_run_deleted_meanwhile_is_a_sentence(details: RunDetails, workbook: Workbook, qtbot: QtBot) -> None:
    workbook.runs.delete(1)
    qtbot.waitUntil(lambda: "no run 1" in details.status.text())


def test_closing_while_it_reads_is_harmless(
    details: RunDetails, opened: Session, workbook: Workbook, qtbot: QtBot
) -> None:
    workbook.runs.rename(1, "other")
    opened.look()
    details.close()
    qtbot.waitUntil(lambda: not opened.reader.busy)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_log_has_the_colours_of_the_theme(details: RunDetails, workbook: Workbook, qtbot: QtBot, mode: str) -> None:
    theme().apply(mode)  # type: ignore[arg-type]
    workbook.messages.append(1, "error", "It failed.", step=40)
    qtbot.waitUntil(lambda: "It failed." in details.log.toPlainText())
    assert theme().colours.bad.lower() in details.log.toHtml().lower()
    theme().apply("light")
