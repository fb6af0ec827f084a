"""Work off the window's thread: in order, newest first of a kind, answers on the window's thread, nothing swallowed."""

import threading
import weakref
from functools import partial

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from workbench.errors import WorkbenchError
from workbench.gui.background import Background


def never(error: WorkbenchError) -> None:
    raise AssertionError(error)


def test_a_job_runs_elsewhere_and_its_answer_comes_on_the_windows_thread(background: Background, qtbot: QtBot) -> None:
    threads: list[str] = []
    background.ask(
        "who",
        lambda: threading.current_thread().name,
        lambda worker: threads.extend([worker, threading.current_thread().name]),
        never,
    )
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads == ["test", threading.current_thread().name]


def test_of_several_waiting_jobs_with_one_key_only_the_newest_is_done(background: Background, qtbot: QtBot) -> None:
    gate = threading.Event()
    done: list[int] = []
    answers: list[int] = []

    def job(number: int) -> int:
        done.append(number)
        return number

    background.ask("gate", lambda: gate.wait(5), lambda _: None, never)
    for number in range(3):
        background.ask("same", partial(job, number), answers.append, never)
    gate.set()
    qtbot.waitUntil(lambda: bool(answers))
    assert (done, answers) == ([2], [2])


def test_an_answer_to_a_forgotten_key_is_dropped(background: Background, qtbot: QtBot) -> None:
    begun, gate = threading.Event(), threading.Event()
    answers: list[str] = []

    def job() -> str:
        begun.set()
        gate.wait(5)
        return "late"

    background.ask("key", job, answers.append, never)
    begun.wait(5)
    background.forget("key")
    background.ask("after", lambda: "after", answers.append, never)
    gate.set()
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == ["after"]


def test_a_refusal_goes_to_whoever_asked(background: Background, qtbot: QtBot) -> None:
    errors: list[str] = []

    def job() -> None:
        raise WorkbenchError("The file is gone.")

    background.ask("key", job, lambda _: None, lambda error: errors.append(str(error)))
    qtbot.waitUntil(lambda: bool(errors))
    assert errors == ["The file is gone."]


def test_what_nobody_foresaw_is_told_with_its_traceback(background: Background, qtbot: QtBot) -> None:
    with qtbot.waitSignal(background.broke) as told:
        background.ask("division", lambda: 1 / 0, lambda _: None, never)
    sentence, details = told.args
    assert "division" in sentence
    assert "ZeroDivisionError" in details


def test_the_thread_goes_on_after_a_failed_job(background: Background, qtbot: QtBot) -> None:
    answers: list[int] = []
    with qtbot.waitSignal(background.broke):
        background.ask("division", lambda: 1 // 0, lambda _: None, never)
    background.ask("sum", lambda: 2 + 2, answers.append, never)
    qtbot.waitUntil(lambda: answers == [4])


def test_a_key_is_pending_until_its_answer_came_or_was_forgotten(background: Background, qtbot: QtBot) -> None:
    gate = threading.Event()
    answers: list[bool] = []
    background.ask("key", lambda: gate.wait(5), lambda _: answers.append(background.is_pending("key")), never)
    assert background.is_pending("key")
    background.forget("key")
    assert not background.is_pending("key")
    background.ask("key", lambda: True, lambda _: answers.append(background.is_pending("key")), never)
    gate.set()
    qtbot.waitUntil(lambda: not background.busy)
    assert answers == [False]


def test_a_key_is_not_pending_after_a_failure_that_nobody_foresaw(background: Background, qtbot: QtBot) -> None:
    with qtbot.waitSignal(background.broke):
        background.ask("division", lambda: 1 // 0, lambda _: None, never)
    assert not background.is_pending("division")


class Last:
    """Notes on which thread it ends."""

    def __init__(self, ends: list[str]) -> None:
        self._ends = ends

    def __del__(self) -> None:
        self._ends.append(threading.current_thread().name)

    def answer(self) -> None:
        return None

    def fail(self) -> None:
        raise WorkbenchError("It went wrong.")


def test_what_a_job_holds_ends_on_the_windows_thread(background: Background, qtbot: QtBot) -> None:
    ends: list[str] = []
    for _ in range(200):
        background.ask("answer", Last(ends).answer, lambda _: None, never)
        background.ask("fail", Last(ends).fail, lambda _: None, lambda _: None)
        qtbot.waitUntil(lambda: not background.busy)
    assert ends == 400 * [threading.current_thread().name]


class Dialog(QObject):
    """Takes answers until it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[int] = []

    def take(self, answer: int) -> None:
        self.answers.append(answer)

    def fail(self, error: WorkbenchError) -> None:
        raise AssertionError(error)


def test_an_answer_for_a_dialog_that_is_gone_is_dropped(background: Background, qtbot: QtBot) -> None:
    dialog = Dialog()
    background.ask("key", lambda: 1, dialog.take, dialog.fail)
    delete(dialog)
    qtbot.waitUntil(lambda: not background.busy)
    assert dialog.answers == []


def test_an_error_for_a_dialog_that_is_gone_is_told_to_everybody(background: Background, qtbot: QtBot) -> None:
    def job() -> int:
        raise WorkbenchError("The disk is full.")

    dialog = Dialog()
    with qtbot.waitSignal(background.broke) as told:
        background.ask("save", job, dialog.take, dialog.fail)
        delete(dialog)
    assert told.args == ["The disk is full.", ""]


class Asker:
    """Asks as a panel does: by methods of its own."""

    def __init__(self) -> None:
        self.answers: list[int] = []

    def take(self, answer: int) -> None:
        self.answers.append(answer)


def test_a_thread_that_waits_holds_nobody_who_asked(background: Background, qtbot: QtBot) -> None:
    asker = Asker()
    held = weakref.ref(asker)
    background.ask("key", lambda: 1, asker.take, never)
    qtbot.waitUntil(lambda: not background.busy)
    assert asker.answers == [1]
    del asker
    qtbot.waitUntil(lambda: held() is None)
