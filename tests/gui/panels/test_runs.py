"""The run table, used by mouse and keys on real runs."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QUndoStack
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.support import small_experiment
from workbench.gui.deeds import RunDeeds
from workbench.gui.panels.run_table.delegate import ROW
from workbench.gui.panels.run_table.model import NAME, SCORE, TICK
from workbench.gui.panels.runs import RunsPanel
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.theme import theme
from workbench.lab.running import launch_worker, send_command, start_run
from workbench.lab.workbook import Status

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def stack() -> Iterator[QUndoStack]:
    stack = QUndoStack()
    yield stack
    stack.clear()


def shown_panel(session: Session, clock: Clock, stack: QUndoStack, qtbot: QtBot) -> RunsPanel:
    panel = RunsPanel(session, clock)
    panel.deeds = RunDeeds(session, stack)  # type: ignore[attr-defined]  # lives as long as the panel
    panel.attach(panel.deeds)  # type: ignore[attr-defined]
    panel.resize(290, 260)
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.fixture
def panel(opened: Session, clock: Clock, stack: QUndoStack, qtbot: QtBot) -> RunsPanel:
    panel = shown_panel(opened, clock, stack, qtbot)
    qtbot.waitUntil(lambda: all(panel.model.score(run) for run in (1, 2)))
    return panel


def click(qtbot: QtBot, panel: RunsPanel, run: int, column: int) -> None:
    qtbot.mouseClick(panel.view.viewport(), LEFT, pos=place(panel, run, column))


def place(panel: RunsPanel, run: int, column: int) -> QPoint:
    return panel.view.visualRect(panel.view.index_of(run).siblingAtColumn(column)).center()


def names(panel: RunsPanel) -> list[str]:
    model = panel.view.model()
    return [model.index(row, NAME).data() for row in range(model.rowCount())]


def editor(panel: RunsPanel) -> QLineEdit:
    line = panel.view.findChild(QLineEdit)
    assert line is not None
    return line


def add_runs(session: Session, count: int, status: Status = "finished") -> list[int]:
    """Add runs that look like the first one, and have the session find them."""
    assert session.workbook is not None
    first = session.workbook.runs.get(1)
    with session.workbook.together():
        runs = []
        for number in range(count):
            run = session.workbook.runs.create(
                f"GRU {number}", experiment=first.experiment, cell=first.cell, origin=first.origin, steps=100
            )
            session.workbook.runs.set_status(run, status)
            runs.append(run)
    return runs


def test_without_a_workbook_and_without_runs_it_says_so(
    session: Session, clock: Clock, stack: QUndoStack, tmp_path: object, qtbot: QtBot
) -> None:
    panel = shown_panel(session, clock, stack, qtbot)
    assert panel.accessibleDescription() == "No workbook is open."
    session.open(tmp_path / "new.rnnw", create=True)  # type: ignore[operator]
    qtbot.waitUntil(lambda: panel.accessibleDescription() == "No runs yet. Press Train.")
    assert not panel.view.isVisible()


def test_runs_are_listed_newest_first_with_their_validation_loss(panel: RunsPanel, opened: Session) -> None:
    assert names(panel) == ["elman 6, adding", "lstm 8, adding"]
    assert opened.workbook is not None
    expected = opened.workbook.validations.read(1)["loss"][-1]
    shown = panel.view.index_of(1).siblingAtColumn(SCORE).data()
    assert float(shown) == pytest.approx(expected, rel=1e-3)


def test_a_click_on_a_name_selects_the_run(panel: RunsPanel, opened: Session, qtbot: QtBot) -> None:
    click(qtbot, panel, 1, NAME)
    assert opened.runs.current == 1
    assert "lstm 8, adding is looked at" in panel.summary()


def test_a_click_on_the_square_ticks_a_run_and_does_not_select_it(
    panel: RunsPanel, opened: Session, qtbot: QtBot
) -> None:
    click(qtbot, panel, 1, TICK)
    assert (opened.runs.shown, opened.runs.current) == ((2, 1), 2)
    click(qtbot, panel, 1, TICK)
    assert opened.runs.shown == (2,)


def test_arrows_move_without_selecting_space_ticks_and_enter_selects(
    panel: RunsPanel, opened: Session, qtbot: QtBot
) -> None:
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    assert opened.runs.current == 2
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    assert opened.runs.shown == (2, 1)
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert opened.runs.current == 1


def test_space_in_the_table_does_not_reach_the_shortcut_of_the_window(
    panel: RunsPanel, opened: Session, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    other = QToolButton()
    layout = QVBoxLayout(window)
    layout.addWidget(panel)
    layout.addWidget(other)
    trained = []
    QShortcut(QKeySequence(Qt.Key.Key_Period), window).activated.connect(lambda: trained.append("."))
    QShortcut(QKeySequence(Qt.Key.Key_Space), window).activated.connect(lambda: trained.append("space"))
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    panel.view.setFocus()
    panel.view.setCurrentIndex(panel.view.index_of(1))
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    assert opened.runs.shown == (2, 1)
    assert trained == []
    qtbot.keyClick(panel.view, Qt.Key.Key_Period)
    assert trained == ["."]
    panel.setParent(None)  # it is closed by itself


def test_a_name_typed_after_f2_reaches_the_workbook(panel: RunsPanel, opened: Session, qtbot: QtBot) -> None:
    panel.view.setCurrentIndex(panel.view.index_of(1))
    qtbot.keyClick(panel.view, Qt.Key.Key_F2)
    qtbot.keyClicks(editor(panel), "better")
    qtbot.keyClick(editor(panel), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(panel) == ["elman 6, adding", "better"])
    assert opened.workbook is not None
    assert opened.workbook.runs.get(1).name == "better"


def test_a_double_click_edits_the_name_and_escape_leaves_it(panel: RunsPanel, opened: Session, qtbot: QtBot) -> None:
    qtbot.mouseDClick(panel.view.viewport(), LEFT, pos=place(panel, 1, NAME))
    qtbot.mouseRelease(panel.view.viewport(), LEFT, pos=place(panel, 1, NAME))
    assert opened.runs.current == 1
    qtbot.keyClicks(editor(panel), "other")
    qtbot.keyClick(editor(panel), Qt.Key.Key_Escape)
    assert names(panel) == ["elman 6, adding", "lstm 8, adding"]


def test_a_name_being_typed_survives_what_the_run_does_meanwhile(
    panel: RunsPanel, opened: Session, qtbot: QtBot
) -> None:
    panel.view.start_renaming(1)
    qtbot.keyClicks(editor(panel), "hal")
    assert opened.workbook is not None
    opened.workbook.runs.set_progress(1, step=61, loss=0.5, seconds=9.0)
    qtbot.waitUntil(lambda: any(record.step == 61 for record in opened.runs.records))
    qtbot.keyClicks(editor(panel), "f")
    assert editor(panel).text() == "half"


def test_delete_moves_a_run_to_the_trash_and_the_note_takes_it_back(panel: RunsPanel, qtbot: QtBot) -> None:
    panel.view.setCurrentIndex(panel.view.index_of(1))
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(panel) == ["elman 6, adding"])
    assert panel.note.isVisible()
    assert panel.note.sentence == "lstm 8, adding is in the trash."
    qtbot.mouseClick(panel.note.button, LEFT)
    qtbot.waitUntil(lambda: names(panel) == ["elman 6, adding", "lstm 8, adding"])
    assert not panel.note.isVisible()


def test_the_note_goes_when_the_move_to_the_trash_is_undone(panel: RunsPanel, stack: QUndoStack, qtbot: QtBot) -> None:
    panel.view.setCurrentIndex(panel.view.index_of(1))
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: panel.note.isVisible())
    stack.undo()
    qtbot.waitUntil(lambda: not panel.note.isVisible(), timeout=2000)  # it goes by itself after eight seconds
    qtbot.waitUntil(lambda: "lstm 8, adding" in names(panel))


def test_the_note_stays_when_another_run_leaves_the_trash(panel: RunsPanel, qtbot: QtBot) -> None:
    deeds = panel.deeds  # type: ignore[attr-defined]
    with qtbot.waitSignal(deeds.trashed):
        deeds.trash(1)
    with qtbot.waitSignal(deeds.trashed):
        deeds.trash(2)
    with qtbot.waitSignal(deeds.restored):
        deeds.restore(1)
    assert panel.note.isVisible()
    assert panel.note.sentence == "elman 6, adding is in the trash."


def test_the_note_is_there_when_the_last_run_went_to_the_trash(panel: RunsPanel, qtbot: QtBot) -> None:
    for run in (1, 2):
        panel.view.setCurrentIndex(panel.view.index_of(run))
        qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: panel.accessibleDescription() == "No runs yet. Press Train.")
    assert panel.note.isVisible()


def test_a_run_in_training_is_followed_and_offers_to_be_stopped_before_it_goes_to_the_trash(
    panel: RunsPanel, opened: Session, qtbot: QtBot
) -> None:
    workbook = opened.workbook
    assert workbook is not None
    run = start_run(workbook, small_experiment(steps=100_000))
    process = launch_worker(workbook, run)
    try:
        qtbot.waitUntil(lambda: "1 in training" in panel.summary(), timeout=30_000)
        qtbot.waitUntil(lambda: panel.model.score(run) is not None, timeout=30_000)
        panel.view.setCurrentIndex(panel.view.index_of(run))
        qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
        qtbot.waitUntil(panel.note.isVisible)
        assert panel.note.sentence == f"Run {run} is being trained. Stop it first."
        panel.stop_wanted.connect(lambda asked: send_command(workbook, asked, "stop"))
        qtbot.mouseClick(panel.note.button, LEFT)
        qtbot.waitUntil(lambda: (own := opened.runs.get(run)) is not None and own.status == "stopped", timeout=30_000)
    finally:
        process.kill()
        process.wait()


def test_a_failed_run_says_so_in_words(panel: RunsPanel, opened: Session, qtbot: QtBot) -> None:
    (run,) = add_runs(opened, 1, "failed")
    qtbot.waitUntil(lambda: len(names(panel)) == 3)
    spoken = panel.view.index_of(run).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "GRU 0, failed"


def open_menu(panel: RunsPanel, run: int, qtbot: QtBot) -> QMenu:
    panel.view.menu_wanted.emit(run, panel.mapToGlobal(QPoint(20, 60)))
    menu = QGuiApplication.focusObject() and next(m for m in panel.view.findChildren(QMenu) if m.isVisible())
    assert isinstance(menu, QMenu)
    return menu


@pytest.mark.parametrize(
    ("title", "signal"),
    [
        ("Duplicate as new experiment", "duplicate_wanted"),
        ("Show log and details…", "details_wanted"),
        ("Save experiment as file…", "save_experiment_wanted"),
    ],
)
def test_the_menu_asks_for_what_it_says(panel: RunsPanel, title: str, signal: str, qtbot: QtBot) -> None:
    menu = open_menu(panel, 1, qtbot)
    action = next(action for action in menu.actions() if action.text() == title)
    with qtbot.waitSignal(getattr(panel, signal)) as asked:
        qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
    assert asked.args == [1]


def test_the_menu_copies_the_name(panel: RunsPanel, qtbot: QtBot) -> None:
    menu = open_menu(panel, 1, qtbot)
    action = next(action for action in menu.actions() if action.text() == "Copy name")
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
    assert QGuiApplication.clipboard().text() == "lstm 8, adding"


@pytest.mark.parametrize(
    ("status", "resume", "stop"),
    [
        ("finished", False, False),
        ("idle", True, False),
        ("failed", True, False),
        ("interrupted", True, False),
        ("stopped", True, False),
    ],
)
def test_the_menu_offers_what_the_status_allows(
    panel: RunsPanel, opened: Session, qtbot: QtBot, status: Status, resume: bool, stop: bool
) -> None:
    (run,) = add_runs(opened, 1, status)
    qtbot.waitUntil(lambda: len(names(panel)) == 3)
    menu = open_menu(panel, run, qtbot)
    enabled = {action.text(): action.isEnabled() for action in menu.actions()}
    assert (enabled["Resume"], enabled["Stop"]) == (resume, stop)
    menu.hide()


def test_the_order_is_chosen_saved_and_restored(panel: RunsPanel, opened: Session) -> None:
    panel.restore({"order": "name"})
    assert panel.settings() == {"order": "name"}
    assert names(panel) == ["elman 6, adding", "lstm 8, adding"]
    panel.restore({"order": "oldest"})
    assert names(panel) == ["lstm 8, adding", "elman 6, adding"]
    panel.restore({"order": "sideways", "unknown": 1})
    assert panel.settings() == {"order": "oldest"}


def test_by_loss_the_best_run_stands_first(panel: RunsPanel) -> None:
    panel.restore({"order": "loss"})
    model = panel.view.model()
    losses = [float(model.index(row, SCORE).data()) for row in range(model.rowCount())]
    assert losses == sorted(losses)


def test_two_hundred_runs_scroll(panel: RunsPanel, opened: Session, qtbot: QtBot) -> None:
    runs = add_runs(opened, 200)
    qtbot.waitUntil(lambda: len(names(panel)) == 202)
    bar = panel.view.verticalScrollBar()
    assert bar.maximum() > 190 * ROW
    opened.runs.select(runs[0])
    assert panel.view.viewport().rect().contains(place(panel, runs[0], NAME))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_square_has_the_colour_of_the_run_in_both_themes(panel: RunsPanel, opened: Session, mode: str) -> None:
    theme().apply(mode)  # type: ignore[arg-type]
    at = place(panel, 2, TICK) - QPoint(0, 4)
    seen = panel.view.viewport().grab().toImage().pixelColor(at)
    assert seen == theme().run_colour(opened.runs.style(2).colour)
    theme().apply("light")


def test_another_workbook_shows_its_own_runs_and_losses(
    panel: RunsPanel, opened: Session, tmp_path: object, qtbot: QtBot
) -> None:
    opened.open(tmp_path / "other.rnnw", create=True)  # type: ignore[operator]
    qtbot.waitUntil(lambda: panel.accessibleDescription() == "No runs yet. Press Train.")
    (first,) = (
        [opened.workbook.runs.create("new", experiment="{}", cell="", origin={}, steps=5)] if opened.workbook else []
    )
    qtbot.waitUntil(lambda: names(panel) == ["new"])
    assert panel.model.score(first) is None
