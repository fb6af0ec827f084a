"""Asking about a user's file in a process of its own."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.support import ended, small_experiment, worker
from workbench.lab import answering, apart
from workbench.lab.answering import Answers
from workbench.lab.apart import (
    check_apart,
    describe_apart,
    look_apart,
    needs_apart,
    shape_apart,
    shared_helper,
    start_apart,
    stop_answers,
)
from workbench.lab.asking import ask_description, ask_needs, ask_shape, ask_start
from workbench.lab.describing import describe, shape_of
from workbench.lab.errors import WorkbookError
from workbench.lab.estimate import describe_needs
from workbench.lab.experiment import Experiment
from workbench.lab.helper import HelperLost
from workbench.lab.running import experiment_of
from workbench.lab.workbook import Workbook
from workbench.tasks import TaskError
from workbench.tasks.support.files.look import look_at_file

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
SENTENCES = "text,label\n" + "".join(f"{' '.join(str(n))} it is,{'good' if n % 3 else 'bad'}\n" for n in range(90))


@pytest.fixture(autouse=True, scope="module")
def _no_process_afterwards() -> Iterator[None]:
    yield
    stop_answers()
    assert shared_helper().process is None


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "sentences.csv"
    path.write_text(SENTENCES, encoding="utf-8")
    return path


@pytest.fixture
def experiment(table: Path) -> Experiment:
    return small_experiment(task={"name": "sentiment", "path": str(table)}, steps=20)


def test_a_look_apart_is_the_look_here(table: Path) -> None:
    assert look_apart(str(table)) == look_at_file(str(table))
    assert look_apart(str(table), "latin-1", "semicolon").delimiter == "semicolon"


def test_a_description_apart_is_the_one_made_here(experiment: Experiment) -> None:
    assert describe_apart(experiment, 5) == describe(experiment.task.build(experiment.seed), 5)
    assert ask_description(experiment, 5) == describe_apart(experiment, 5)


def test_sizes_apart_are_those_found_here(experiment: Experiment) -> None:
    assert shape_apart(experiment) == shape_of(experiment.task.build(experiment.seed)) == ask_shape(experiment)


def test_needs_apart_are_those_found_here(experiment: Experiment, workbook: Workbook) -> None:
    with worker(workbook, start_apart(workbook.path, experiment)) as process:
        assert ended(process) == 0
    records = workbook.runs.all()
    here = describe_needs(experiment, records)
    assert needs_apart(experiment, records) == ask_needs(experiment, records) == here
    assert "From the pace of run 1" in here.basis


def test_what_reads_no_file_is_answered_here(workbook: Workbook) -> None:
    stop_answers()
    drawn = small_experiment()
    assert ask_needs(drawn) == describe_needs(drawn)
    assert ask_description(drawn, 2).examples
    assert ask_start(workbook, drawn) == 1
    assert shared_helper().process is None


def test_a_run_started_apart_carries_the_hash_of_its_file(experiment: Experiment, workbook: Workbook) -> None:
    run = ask_start(workbook, experiment)
    kept = experiment_of(workbook.runs.get(run))
    digest = experiment.task.build(0).data_hashes()["table"]
    assert kept == experiment.changed({"task.sha256": digest})
    assert workbook.runs.get(run).origin["data"] == {"table": digest}


def test_errors_come_back_as_themselves(experiment: Experiment, table: Path, tmp_path: Path) -> None:
    with pytest.raises(TaskError, match=r"no column .other."):
        check_apart(experiment.changed({"task.text_column": "other"}))
    with pytest.raises(TaskError, match=r"There is no file .*absent\.csv"):
        look_apart(str(tmp_path / "absent.csv"))
    with pytest.raises(WorkbookError):
        start_apart(tmp_path / "absent.rnnw", experiment)
    assert not (tmp_path / "absent.rnnw").exists()
    check_apart(experiment)


def test_a_batch_that_the_data_cannot_give_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("abc " * 300, encoding="utf-8")
    wanted = small_experiment(task={"name": "language-model", "path": str(text), "length": 50}, batch=4)
    check_apart(wanted)
    with pytest.raises(TaskError, match="batch 64 with length 50 needs"):
        check_apart(wanted.changed({"batch": 64}))


def test_a_changed_file_is_read_again(experiment: Experiment, table: Path) -> None:
    before = describe_apart(experiment, 1)
    table.write_text(SENTENCES.replace("good", "fine"), encoding="utf-8")
    after = describe_apart(experiment, 50)
    assert before != after
    assert {example.target for example in after.examples} == {"fine", "bad"}


def test_a_refused_file_is_read_again_once_it_has_changed(experiment: Experiment, table: Path) -> None:
    table.write_text(SENTENCES.replace("label", "mood"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(TaskError, match=r'no column "label"'):
            check_apart(experiment)
    table.write_text(SENTENCES, encoding="utf-8")
    check_apart(experiment)


def test_a_task_is_kept_for_the_next_question_and_forgotten_after_a_while(
    experiment: Experiment, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Answers()
    monkeypatch.setattr(answering, "_KEPT_FOR", 0.05)
    question = {"question": "shape", "experiment": experiment.to_json()}
    assert "answer" in answers.answer(question, b"")[0]
    assert answers._forgetting is not None
    answers._forgetting.join()
    assert answers._kept is None
    monkeypatch.setattr(answering, "_KEPT_FOR", 600.0)
    answers.answer(question, b"")
    kept = answers._kept
    answers.answer(question, b"")
    assert answers._kept is kept is not None
    answers._forgetting.cancel()


def test_one_process_answers_everything(experiment: Experiment, table: Path) -> None:
    look_apart(str(table))
    first = shared_helper().process
    check_apart(experiment)
    assert shared_helper().process == first is not None


@needs_signals
def test_a_process_that_died_is_told_and_started_again(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look_apart(str(table))
    process = shared_helper().process
    assert process is not None
    os.kill(process, signal.SIGSTOP)
    killer = threading.Timer(0.2, lambda: os.kill(process, signal.SIGKILL))
    killer.start()
    with pytest.raises(HelperLost, match=r"reads files ended unexpectedly\. It was killed; perhaps the memory ran out"):
        look_apart(str(table))
    killer.join()
    assert look_apart(str(table)).columns
    assert shared_helper().process != process


@needs_signals
def test_a_process_that_gives_no_answer_is_given_up(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look_apart(str(table))
    process = shared_helper().process
    assert process is not None
    os.kill(process, signal.SIGSTOP)
    monkeypatch.setattr(apart, "PATIENCE", 0.2)
    with pytest.raises(HelperLost, match=r"gave no answer within 0 seconds\. Try it again, or give a smaller file"):
        look_apart(str(table))
    monkeypatch.undo()
    assert look_apart(str(table)).columns


@needs_signals
def test_stopping_ends_a_question_under_way(table: Path) -> None:
    look_apart(str(table))
    process = shared_helper().process
    assert process is not None
    os.kill(process, signal.SIGSTOP)
    stopper = threading.Timer(0.2, stop_answers)
    stopper.start()
    with pytest.raises(HelperLost):
        look_apart(str(table))
    stopper.join()
    assert shared_helper().process is None


def test_asking_loads_nothing_that_reads_tables_or_trains(table: Path, path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from workbench.lab.apart import check_apart, look_apart
from workbench.lab.asking import ask_description, ask_needs, ask_shape, ask_start
from workbench.lab.experiment import Experiment
from workbench.lab.workbook import open_workbook
experiment = Experiment(cell="gru", task={{"name": "sentiment", "path": {str(table)!r}}}, backend="numpy")
look_apart({str(table)!r})
check_apart(experiment)
ask_description(experiment, 3), ask_needs(experiment), ask_shape(experiment)
with open_workbook(Path({str(path)!r}), create=True) as book:
    ask_start(book, experiment)
print([name for name in ("pyarrow", "workbench.training.network", "numba") if name in sys.modules])
"""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60, env=environment
    )
    assert done.stdout.strip() == "[]"
