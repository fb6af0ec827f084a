"""Runs of a user's file: known again by its hash, not disturbed by what becomes of it, resumed with it alone."""

from pathlib import Path
from typing import Any

import pytest

from tests.lab.support import assert_same_numbers, ended, small_experiment, wait_until, worker
from workbench.lab.experiment import Experiment
from workbench.lab.own_data import file_of, same_task, with_hash
from workbench.lab.running import experiment_of, launch_worker, send_command, start_run
from workbench.lab.workbook import Workbook
from workbench.tasks import TaskError

STEPS = 1500
TABLE = "text,label\n" + "".join(f"{' '.join(str(n))} it is,{'good' if n % 3 else 'bad'}\n" for n in range(90))
TEXT = "It was the best of times, it was the worst of times;\n" * 40


@pytest.fixture(params=["sentiment", "language-model"])
def experiment(request: pytest.FixtureRequest, tmp_path: Path) -> Experiment:
    """An experiment on a user's table or text, long enough to be disturbed."""
    path = tmp_path / "own.csv"
    path.write_text(TABLE if request.param == "sentiment" else TEXT, encoding="utf-8")
    task: dict[str, Any] = {"name": request.param, "path": str(path)}
    if request.param == "language-model":
        task["length"] = 10
    return small_experiment(task=task, steps=STEPS, validate_every=500)


def change(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") * 2, encoding="utf-8")


def become_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def test_a_run_carries_the_hash_of_the_file_it_was_started_with(experiment: Experiment, workbook: Workbook) -> None:
    run = start_run(workbook, experiment)
    kept = experiment_of(workbook.runs.get(run))
    (digest,) = experiment.task.build(0).data_hashes().values()
    assert kept == experiment.changed({"task.sha256": digest})


def test_what_reads_no_file_carries_no_hash() -> None:
    for name in ("adding", "sentiment", "language-model"):
        drawn = small_experiment(task={"name": name})
        assert file_of(drawn.task) == ""
        assert with_hash(drawn, drawn.task.build(0)) == drawn


def test_a_file_that_changed_before_the_start_is_refused_with_what_to_do(
    experiment: Experiment, workbook: Workbook
) -> None:
    kept = experiment_of(workbook.runs.get(start_run(workbook, experiment)))
    path = Path(file_of(experiment.task))
    change(path)
    with pytest.raises(TaskError, match=rf"{path.name} is no longer the one it was.*or clear task\.sha256"):
        start_run(workbook, kept)
    assert start_run(workbook, kept.changed({"task.sha256": ""})) == 2


def test_what_becomes_of_a_file_changes_nothing_for_the_run_that_has_read_it(
    experiment: Experiment, workbook: Workbook
) -> None:
    path = Path(file_of(experiment.task))
    content = path.read_bytes()
    undisturbed, disturbed = (start_run(workbook, experiment) for _ in range(2))
    with worker(workbook, undisturbed) as process:
        assert ended(process) == 0

    with worker(workbook, disturbed) as process:
        wait_until(lambda: workbook.scalars.last_step(disturbed) > 100, "some steps")
        path.unlink()
        send_command(workbook, disturbed, "stop")
        assert ended(process) == 0
    stopped = workbook.runs.get(disturbed)
    assert stopped.status == "stopped"
    assert 100 < stopped.step < STEPS

    for happens in (change, become_a_folder):
        path.write_bytes(content)
        happens(path)
        with worker(workbook, disturbed) as process:
            assert ended(process) == 2
        refused = workbook.runs.get(disturbed)
        assert (refused.status, refused.step) == ("interrupted", stopped.step)
        assert path.name in refused.sentence
        assert "goes on only with the data it began with" in refused.sentence
        assert workbook.messages.read(disturbed)[-1].text == refused.sentence

    path.rmdir()
    path.write_bytes(content)
    with worker(workbook, disturbed) as process:
        assert ended(process) == 0
    assert workbook.runs.get(disturbed).status == "finished"
    assert_same_numbers(workbook, disturbed, undisturbed)


def test_a_run_whose_file_vanished_before_its_first_step_failed_and_may_be_tried_again(
    experiment: Experiment, workbook: Workbook
) -> None:
    path = Path(file_of(experiment.task))
    run = start_run(workbook, experiment.changed({"steps": 20}))
    content = path.read_bytes()
    path.unlink()
    with worker(workbook, run) as process:
        assert ended(process) == 1
    assert workbook.runs.get(run).status == "failed"
    assert workbook.runs.get(run).sentence == f"There is no file {path}. Check the path."
    path.write_bytes(content)
    process = launch_worker(workbook, run)
    assert ended(process) == 0
    assert workbook.runs.get(run).status == "finished"


def test_tasks_are_alike_whatever_the_hash_where_one_takes_any(experiment: Experiment) -> None:
    one, other = (experiment.changed({"task.sha256": digit * 64}).task for digit in "ab")
    assert same_task(one, experiment.task)
    assert same_task(one, one)
    assert not same_task(one, other)
    assert not same_task(one, small_experiment().task)
