"""Window and training are processes of their own: each may die, and other programs may steer the same run."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from tests.gui.support import PATIENCE, click, end_all_runs, small_experiment, status, train_small, worker_of
from workbench.gui.window import MainWindow
from workbench.lab.running import launch_worker, send_command, start_run
from workbench.lab.workbook import RunRecord, open_workbook

_ROOT = Path(__file__).resolve().parents[2]
_TRAINS = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from tests.gui.support import small_experiment
from workbench.gui.memory import Memory
from workbench.gui.window import MainWindow

application = QApplication([])
window = MainWindow(Memory(), Path(sys.argv[1]))
window.show()
window.build()
window.context.draft.load(small_experiment(steps=1_000_000))
window.context.session.opened.connect(window.tool_bar.main_button.click)
application.exec()
"""

_SAYS_WHAT_IT_LOADED = """
from PySide6.QtCore import QTimer

def look():
    if window.context.control.status == "running":
        heavy = {"cupy", "llvmlite", "matplotlib", "numba", "scipy", "torch"} & set(sys.modules)
        print("loaded", sorted(heavy), window.tool_bar.device_chip.text(), file=sys.stderr, flush=True)
        timer.stop()

timer = QTimer()
timer.timeout.connect(look)
timer.start(50)
application.exec()
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts Python in a process of its own; killed behind the test if it still lives, and runs are stopped."""
    processes: list[subprocess.Popen[str]] = []

    def start_one(*words: object, **variables: str) -> "subprocess.Popen[str]":
        environment = os.environ | {"PYTHONPATH": str(_ROOT), "QT_QPA_PLATFORM": "offscreen"} | variables
        process = subprocess.Popen(
            [sys.executable, *map(str, words)], env=environment, stderr=subprocess.PIPE, text=True, cwd=tmp_path
        )
        processes.append(process)
        return process

    yield start_one
    for process in processes:
        process.kill()
        process.communicate()
    if (tmp_path / "book.rnnw").exists():
        end_all_runs(tmp_path / "book.rnnw")


def _records(book: Path) -> tuple[RunRecord, ...]:
    if not book.exists():
        return ()
    with open_workbook(book, create=True) as workbook:
        return workbook.runs.all()


def _step(window: MainWindow) -> int:
    record = window.context.session.runs.current_record
    assert record is not None
    return record.step


def test_a_killed_window_leaves_the_training_alive_and_a_new_one_finds_and_steers_it(
    start: Start, open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    book = tmp_path / "book.rnnw"
    first = start("-c", _TRAINS, book)
    qtbot.waitUntil(lambda: [r.status for r in _records(book)] == ["running"], timeout=PATIENCE)
    first.kill()
    first.wait()

    window = open_window(book)
    qtbot.waitUntil(lambda: status(window) == "running", timeout=PATIENCE)
    before = _step(window)
    qtbot.waitUntil(lambda: _step(window) > before, timeout=PATIENCE)
    click(window.tool_bar.main_button, qtbot)
    qtbot.waitUntil(lambda: status(window) == "paused", timeout=PATIENCE)
    click(window.tool_bar.stop_button, qtbot)
    qtbot.waitUntil(lambda: status(window) == "stopped", timeout=PATIENCE)


def test_a_killed_worker_shows_as_interrupted_and_resume_trains_the_run_to_its_end(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    train_small(window, qtbot, steps=10_000)
    click(window.tool_bar.main_button, qtbot)  # paused, it is surely not at its end when it is killed
    qtbot.waitUntil(lambda: status(window) == "paused", timeout=PATIENCE)
    os.kill(worker_of(tmp_path / "book.rnnw"), signal.SIGKILL)
    qtbot.waitUntil(lambda: status(window) == "interrupted", timeout=10_000)
    notices = window.context.notices
    assert window.tool_bar.main_button.text() == "Train"
    assert len(notices.sentences) == 1

    click(next(button for button in notices.findChildren(QToolButton) if button.text() == "Resume"), qtbot)
    qtbot.waitUntil(lambda: status(window) == "finished", timeout=PATIENCE)
    assert _step(window) == 10_000
    assert not notices.sentences


def test_a_run_that_another_program_starts_appears_and_either_can_steer_it(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    main = window.tool_bar.main_button
    with open_workbook(tmp_path / "book.rnnw") as workbook:
        run = start_run(workbook, small_experiment(steps=1_000_000))
        worker = launch_worker(workbook, run)
        qtbot.waitUntil(lambda: main.text() == "Pause", timeout=PATIENCE)
        qtbot.waitUntil(lambda: window.context.session.film.snapshot is not None, timeout=PATIENCE)
        send_command(workbook, run, "pause")
        qtbot.waitUntil(lambda: main.text() == "Go on", timeout=PATIENCE)
        click(main, qtbot)
        qtbot.waitUntil(lambda: workbook.runs.get(run).status == "running", timeout=PATIENCE)
        qtbot.waitUntil(lambda: main.text() == "Pause", timeout=PATIENCE)
        click(window.tool_bar.stop_button, qtbot)
        qtbot.waitUntil(lambda: status(window) == "stopped", timeout=PATIENCE)
        assert worker.wait(timeout=30) == 0


def test_a_window_that_trains_with_compiled_code_loads_no_compiler_itself(start: Start, tmp_path: Path) -> None:
    program = _TRAINS.replace("steps=1_000_000", 'backend="auto", steps=1_000_000').replace(
        "application.exec()\n", _SAYS_WHAT_IT_LOADED
    )
    process = start("-c", program, tmp_path / "book.rnnw")
    assert process.stderr is not None
    said = next(line for line in process.stderr if line.startswith("loaded"))
    assert said.startswith("loaded [] CPU, compiled")


def test_the_program_that_is_asked_to_end_ends_well_and_leaves_the_training_alive(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    book = tmp_path / "book.rnnw"
    program = start("-m", "workbench", book)
    qtbot.waitUntil(book.exists, timeout=PATIENCE)
    with open_workbook(book, create=True) as workbook:
        run = start_run(workbook, small_experiment(steps=1_000_000))
        worker = launch_worker(workbook, run)
        qtbot.waitUntil(lambda: workbook.runs.get(run).status == "running", timeout=PATIENCE)
        program.send_signal(signal.SIGTERM)
        _, complaints = program.communicate(timeout=30)
        assert program.returncode == 0, complaints
        assert [line for line in complaints.splitlines() if "This plugin does not support" not in line] == []
        before = workbook.runs.get(run).step
        qtbot.waitUntil(lambda: workbook.runs.get(run).step > before, timeout=PATIENCE)
        send_command(workbook, run, "stop")
        assert worker.wait(timeout=30) == 0


def test_without_a_display_the_program_says_so_and_ends(start: Start) -> None:
    program = start("-m", "workbench", DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    _, complaints = program.communicate(timeout=30)
    assert program.returncode == 2
    assert "No display was found" in complaints
    assert "rnn-workbench run adding-lstm" in complaints
