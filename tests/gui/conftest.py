"""Fixtures of the window's tests: a session on a workbook of real runs, dressed, and closed behind each test."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.support import PATIENCE, end_all_runs, train_two_runs
from workbench.backends.numba.modules import cache_folder
from workbench.gui.background import Background
from workbench.gui.keys import guard_keys
from workbench.gui.memory import Memory
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.theme import theme
from workbench.gui.window import MainWindow


@dataclass
class Heard:
    """What a signal said, once it was emitted."""

    args: list[Any] | None = None


class PatientBot(QtBot):
    """A bot that waits as long as a busy machine may need; a test that passes never waits for its end."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE) -> None:
        """Wait until a condition holds."""
        super().waitUntil(callback, timeout=timeout)

    @contextmanager
    def waitSignal(  # type: ignore[override]
        self, signal: Any, *, check_params_cb: Callable[..., bool] | None = None
    ) -> Iterator[Heard]:
        """Wait at the end of the block for a signal.

        Lets go of it only after it was emitted: PySide can lock itself out where a slot disconnects its own signal.
        """
        heard = Heard()

        def hear(*values: Any) -> None:
            if heard.args is None and (check_params_cb is None or check_params_cb(*values)):
                heard.args = list(values)

        signal.connect(hear)
        try:
            yield heard
            self.waitUntil(lambda: heard.args is not None)
        finally:
            with suppress(RuntimeError):  # what sent it may be gone by now
                signal.disconnect(hear)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """The bot that clicks, types and waits."""
    return PatientBot(request)


_COMPILED = cache_folder()


def _share_compiled_cells() -> None:
    """Let a test with a cache folder of its own use what was compiled before: that depends on its source alone."""
    own = cache_folder()
    _COMPILED.mkdir(parents=True, exist_ok=True, mode=0o700)
    own.parent.mkdir(parents=True, exist_ok=True)
    if not own.exists():
        own.symlink_to(_COMPILED, target_is_directory=True)


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep settings and files of a test in a folder of its own; fail a test that leaves a thread behind."""
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable.lower()))
    _share_compiled_cells()
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in threading.enumerate() if thread not in before and thread.is_alive()]
    assert not left, f"threads left behind: {left}"


@pytest.fixture
def dressed(qapp: QApplication) -> QApplication:
    theme().apply("light")
    return qapp


@pytest.fixture
def background(dressed: QApplication) -> Iterator[Background]:
    thread = Background("test")
    yield thread
    thread.close()


@pytest.fixture
def session(dressed: QApplication) -> Iterator[Session]:
    """A session without a workbook."""
    opened = Session()
    yield opened
    opened.close()


@pytest.fixture
def clock(session: Session) -> Iterator[Clock]:
    ticking = Clock(session)
    ticking.start()
    yield ticking
    ticking.stop()


@pytest.fixture(scope="session")
def _two_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runs") / "two.rnnw"
    train_two_runs(path)
    return path


@pytest.fixture
def two_runs(_two_runs: Path, tmp_path: Path) -> Path:
    """A workbook with two finished runs on the adding problem: 1, an LSTM of 8 units; 2, an Elman network of 6."""
    return Path(copyfile(_two_runs, tmp_path / "two.rnnw"))


@pytest.fixture
def opened(session: Session, two_runs: Path, qtbot: QtBot) -> Session:
    """The session with those two runs open; the second, newer one is looked at."""
    # Not by waiting for a signal: the bot lets go of it while it is emitted, where PySide 6.11 may lock itself out.
    session.open(two_runs)
    qtbot.waitUntil(lambda: session.film.snapshot is not None)
    return session


OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def open_window(dressed: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[OpenWindow]:
    """Opens the main window, on a workbook of the test's own if none is named; runs are stopped behind the test."""
    guard = guard_keys(dressed)
    windows: list[MainWindow] = []
    books: set[Path] = set()

    def open_one(path: Path | None = None) -> MainWindow:
        book = path or tmp_path / "book.rnnw"
        window = MainWindow(Memory(), book)
        window.resize(1280, 800)
        windows.append(window)
        books.add(book)
        window.show()
        window.build()
        opened: list[bool] = []
        window.context.session.opened.connect(lambda *_: opened.append(True))
        qtbot.waitUntil(lambda: bool(opened))
        qtbot.waitExposed(window)
        return window

    yield open_one
    for window in windows:
        window.close_quietly()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # what fails now belongs to this test
    dressed.removeEventFilter(guard)
    for book in books:
        end_all_runs(book)
