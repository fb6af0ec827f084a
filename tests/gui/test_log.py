"""The log: what nobody foresaw is written down and told, and a start that ended badly is known at the next one."""

import faulthandler
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTimer, qCritical, qDebug, qWarning
from pytestqt.logging import _QtMessageCapture
from pytestqt.qtbot import QtBot

from workbench.gui.log import Log, log_folder, start_log, stop_log

_DIES = """
import faulthandler, logging, os, signal
from workbench.gui.log import start_log, stop_log
log = start_log()
logging.getLogger("lesson").warning("about to die")
{}
"""


@pytest.fixture
def log(qapp: QCoreApplication) -> Iterator[Log]:
    yield start_log()
    stop_log()


def _die(how: str) -> None:
    subprocess.run([sys.executable, "-c", _DIES.format(how)], check=False, timeout=60, capture_output=True)


def _fail() -> None:
    raise ValueError("the sum is wrong.")


@pytest.mark.qt_no_exception_capture
def test_an_exception_in_the_window_is_written_down_and_told(log: Log, qtbot: QtBot) -> None:
    with qtbot.waitSignal(log.trouble) as told:
        QTimer.singleShot(0, _fail)
    assert told.args is not None
    assert told.args[0] == (
        "Something went wrong: ValueError: the sum is wrong. The window goes on, and so do all runs."
    )
    assert "in _fail" in told.args[1]
    assert "ValueError: the sum is wrong." in log.path.read_text()


@pytest.mark.qt_no_exception_capture
def test_what_fails_again_and_again_is_told_once(log: Log, qtbot: QtBot) -> None:
    told: list[str] = []
    log.trouble.connect(lambda sentence, _: told.append(sentence))
    timer = QTimer(interval=0)
    timer.timeout.connect(_fail)
    timer.start()
    qtbot.waitUntil(lambda: log.path.read_text().count("Traceback") >= 3)
    timer.stop()
    assert len(told) == 1


def test_an_exception_in_a_thread_is_told_on_the_window_s_thread(log: Log, qtbot: QtBot) -> None:
    heard: list[threading.Thread] = []
    log.trouble.connect(lambda *_: heard.append(threading.current_thread()))
    thread = threading.Thread(target=_fail, name="reader")
    with qtbot.waitSignal(log.trouble):
        thread.start()
        thread.join()
    assert heard == [threading.current_thread()]
    assert "uncaught in thread reader" in log.path.read_text()


def test_an_error_of_qt_is_told_and_a_warning_only_written_down(log: Log, qtbot: QtBot) -> None:
    told: list[str] = []
    log.trouble.connect(lambda sentence, _: told.append(sentence))
    qWarning("a font is missing")
    with qtbot.waitSignal(log.trouble):
        qCritical("no display")
    assert told == ["Qt reports an error: no display"]
    assert "WARNING qt: a font is missing" in log.path.read_text()


def test_stopping_leaves_everything_as_it_was(qapp: QCoreApplication, qtlog: _QtMessageCapture) -> None:
    root = logging.getLogger()
    before = sys.excepthook, threading.excepthook, root.level, tuple(root.handlers), faulthandler.is_enabled()
    start_log()
    stop_log()
    after = sys.excepthook, threading.excepthook, root.level, tuple(root.handlers), faulthandler.is_enabled()
    assert after == before
    qDebug("heard again by who listened before")
    assert [record.message for record in qtlog.records] == ["heard again by who listened before"]
    assert [path.name for path in log_folder().iterdir()] == ["window.log"]
    assert _start_and_stop() is None


def _start_and_stop() -> str | None:
    log = start_log()
    stop_log()
    return log.last_crash


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("faulthandler._sigsegv()", "Segmentation fault"),
        ("os.abort()", "Aborted"),
        ("os._exit(1)", "ended without a word"),
    ],
)
def test_the_next_start_knows_that_the_last_one_ended_badly(how: str, words: str) -> None:
    _die(how)
    known = _start_and_stop()
    assert known is not None
    assert words in known
    assert "about to die" in known
    assert _start_and_stop() is None


def test_a_window_that_ends_well_leaves_no_mark() -> None:
    _die("stop_log()")
    assert _start_and_stop() is None


def test_a_window_that_is_still_open_has_not_crashed(log: Log) -> None:
    known = subprocess.run(
        [
            sys.executable,
            "-c",
            "from workbench.gui.log import start_log, stop_log; log = start_log(); print(log.last_crash); stop_log()",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert known.stdout.strip() == "None"


def test_the_log_lies_in_the_user_s_own_folder(log: Log, tmp_path: Path) -> None:
    assert log.path.is_relative_to(tmp_path)
    assert log.path.parent == log_folder()
