"""The window's log: what went wrong is kept in a file and told, and a start that ended badly leaves its mark.

Nothing is sent anywhere.
"""

import faulthandler
import logging
import os
import platform
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

import platformdirs
from PySide6.QtCore import (
    QLockFile,
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
    qVersion,
)

from workbench import __version__

_FILE = "window.log"
_SIZE, _OLDER = 1_000_000, 3  # bytes in a file, and older files kept
_LAST_LINES = 40  # of the log, told behind a crash
_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_NO_WORDS = "It ended without a word, as when it is killed or the computer loses power."

logger = logging.getLogger(__name__)
qt_logger = logging.getLogger("qt")


def log_folder() -> Path:
    """Return where logs lie; the folder is made."""
    return platformdirs.user_log_path("rnn-workbench", ensure_exists=True)


class Log(QObject):
    """A log that is being kept: `start_log` makes one, `stop_log` ends it."""

    trouble = Signal(str, str)
    """Something went wrong that nobody foresaw: a sentence, and the details. Always on the window's thread, and once
    for one trouble: what fails at every redraw is written down each time, but told the first time only."""
    _noticed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        folder = log_folder()
        self.path = folder / _FILE
        self.last_crash: str | None = last_crash(folder, self.path)
        """What is known of a window that ended badly since the last start; None where none did."""
        self._told: set[str] = set()
        self._noticed.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._mark = _Mark(folder)
        self._handlers = _handlers(self.path)
        self._hooks = sys.excepthook, threading.excepthook
        root = logging.getLogger()
        self._level = root.level
        root.setLevel(logging.INFO)
        for handler in self._handlers:
            root.addHandler(handler)
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        self._qt_handler = qInstallMessageHandler(self._qt_said)
        logger.info("RNN Workbench %s starts: %s, Qt %s", __version__, platform.platform(), qVersion())

    def stop(self) -> None:
        """End well: leave everything as it was before, and no mark."""
        logger.info("RNN Workbench ends")
        qInstallMessageHandler(self._qt_handler)
        sys.excepthook, threading.excepthook = self._hooks
        root = logging.getLogger()
        root.setLevel(self._level)
        for handler in self._handlers:
            root.removeHandler(handler)
            handler.close()
        self._mark.remove()

    def _uncaught(
        self, kind: type[BaseException], error: BaseException, where: TracebackType | None, thread: str = ""
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hooks[0](kind, error, where)
            return
        details = "".join(traceback.format_exception(kind, error, where))
        logger.critical("uncaught%s", f" in thread {thread}" if thread else "", exc_info=(kind, error, where))
        self._noticed.emit(f"Something went wrong: {_brief(error)}. The window goes on, and so do all runs.", details)

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            name = args.thread.name if args.thread is not None else "that has ended"
            self._uncaught(args.exc_type, args.exc_value, args.exc_traceback, name)

    def _qt_said(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        qt_logger.log(_LEVELS.get(kind, logging.WARNING), "%s", message)
        if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
            place = f"{context.category}, {context.file}:{context.line}" if context.file else f"{context.category}"
            self._noticed.emit(f"Qt reports an error: {message}", f"{message}\n({place})")

    def _tell(self, sentence: str, details: str) -> None:
        if details not in self._told:
            self._told.add(details)
            self.trouble.emit(sentence, details)


_kept: Log | None = None  # hooks are one for a process, and so is the log


def start_log() -> Log:
    """Keep a log from now on; call it on the thread that has, or will have, the QApplication."""
    global _kept
    assert _kept is None, "a log is being kept already"
    _kept = Log()
    return _kept


def stop_log() -> None:
    """End the log that is being kept, and undo all that it did; nothing happens where there is none."""
    global _kept
    if _kept is not None:
        _kept.stop()
        _kept = None


def last_crash(folder: Path, log: Path) -> str | None:
    """Return what windows that ended badly left behind, and take their marks away; None where there is none."""
    found = []
    for path in sorted(folder.glob(f"*{_Mark.SUFFIX}")):
        lock = _lock(path)
        if not lock.tryLock(0):
            continue  # its window is open
        found.append(path.read_text(encoding="utf-8", errors="replace").strip() or _NO_WORDS)
        path.unlink()
        lock.unlock()
    if not found:
        return None
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return "\n\n".join([*found, f"The end of {log}:", "\n".join(lines[-_LAST_LINES:])])


def _lock(mark: Path) -> QLockFile:
    """Return the lock beside a mark, which its process holds as long as it lives."""
    lock = QLockFile(str(mark.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # no age makes it void, only its process's end
    return lock


class _Mark:
    """A file that is there while this process keeps a log; the interpreter writes into it how it dies."""

    SUFFIX = ".running"

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"window-{os.getpid()}{self.SUFFIX}"
        self._lock = _lock(self._path)
        self._lock.tryLock(0)
        self._file = self._path.open("w", encoding="utf-8")
        self._was_enabled = faulthandler.is_enabled()
        faulthandler.enable(self._file)

    def remove(self) -> None:
        """Take the mark away: all went well."""
        faulthandler.disable()
        if self._was_enabled and sys.__stderr__ is not None:
            faulthandler.enable(sys.__stderr__)
        self._file.close()
        self._path.unlink(missing_ok=True)
        self._lock.unlock()


def _handlers(path: Path) -> tuple[logging.Handler, ...]:
    """Return what writes to the file, and warnings to the terminal where there is one."""
    file = RotatingFileHandler(path, maxBytes=_SIZE, backupCount=_OLDER, encoding="utf-8", delay=True)
    handlers: list[logging.Handler] = [file]
    if sys.stderr is not None:
        terminal = logging.StreamHandler()
        terminal.setLevel(logging.WARNING)
        handlers.append(terminal)
    for handler in handlers:
        handler.setFormatter(logging.Formatter(_FORMAT))
    return tuple(handlers)


def _brief(error: BaseException) -> str:
    text = str(error).strip().split("\n")[0].rstrip(".")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
