"""Training the grid's runs side by side: interrupted, taken over, refused."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from known_results.jobs import Job, take_up
from known_results.kept import Outcome
from known_results.progress import Progress
from known_results.training import train_all

from tests.lab.support import LONG, small_experiment
from workbench.lab.experiment import Experiment
from workbench.lab.running import launch_worker
from workbench.lab.workbook import Workbook, open_workbook


@pytest.fixture
def workbook(tmp_path: Path) -> Iterator[Workbook]:
    with open_workbook(tmp_path / "book.rnnw", create=True) as opened:
        yield opened


def job_of(workbook: Workbook, experiment: Experiment) -> Job:
    """Return the job that an experiment is, trained in part or not at all."""
    found = take_up(workbook, experiment)
    assert isinstance(found, Job)
    return found


def trained(workbook: Workbook, jobs: Sequence[Job], together: int = 2) -> list[tuple[int, str]]:
    """Train jobs and return which ended, in that order, and why one could not begin."""
    ended: list[tuple[int, str]] = []
    train_all(workbook, jobs, together, lambda _: None, lambda job, why: ended.append((job.run, why)))
    return ended


def test_an_interruption_stops_runs_with_a_checkpoint_from_which_they_go_on(workbook: Workbook) -> None:
    experiment = small_experiment(steps=LONG)
    job = job_of(workbook, experiment)

    def interrupt(_: Sequence[Job]) -> None:
        if workbook.runs.get(job.run).step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_all(workbook, [job], 1, interrupt, lambda *_: None)
    stopped = workbook.runs.get(job.run)
    assert (stopped.status, stopped.active) == ("stopped", False)
    assert 0 < stopped.step < LONG

    assert job_of(workbook, experiment) == job
    assert trained(workbook, [job]) == [(job.run, "")]
    assert workbook.runs.get(job.run).status == "finished"
    assert isinstance(take_up(workbook, experiment), Outcome)


def test_a_run_that_another_process_trains_is_waited_for(workbook: Workbook) -> None:
    job = job_of(workbook, small_experiment(steps=LONG))
    elsewhere = launch_worker(workbook, job.run)
    assert trained(workbook, [job]) == [(job.run, "")]
    assert workbook.runs.get(job.run).status == "finished"
    assert elsewhere.wait() == 0


def test_a_run_that_cannot_begin_ends_with_the_reason(workbook: Workbook) -> None:
    job = job_of(workbook, small_experiment())
    workbook.runs.trash(job.run)
    ((run, why),) = trained(workbook, [job])
    assert run == job.run
    assert "in the trash" in why


def test_the_longest_run_begins_first(workbook: Workbook) -> None:
    short, long = (job_of(workbook, small_experiment(steps=steps)) for steps in (20, 200))
    assert [run for run, _ in trained(workbook, [short, long], together=1)] == [long.run, short.run]


def test_an_experiment_with_another_name_is_the_same_run(workbook: Workbook) -> None:
    assert job_of(workbook, small_experiment(name="one")).run == job_of(workbook, small_experiment(name="two")).run


def test_another_seed_is_another_run(workbook: Workbook) -> None:
    assert job_of(workbook, small_experiment(seed=1)).run != job_of(workbook, small_experiment(seed=2)).run


def test_progress_counts_down_the_time_and_the_runs(workbook: Workbook) -> None:
    said: list[str] = []
    first, second = (job_of(workbook, small_experiment(seed=seed, name=f"run {seed}")) for seed in (1, 2))
    jobs = [Job(first.experiment, first.run, 600.0), Job(second.experiment, second.run, 1200.0)]
    progress = Progress(workbook, jobs, 2, said.append)
    assert progress.time_left() == "about 15 min left"
    progress.end(jobs[0], "loss 0.1")
    progress.end(jobs[1], "loss 0.2")
    assert said == ["[1 of 2] run 1: loss 0.1; about 10 min left", "[2 of 2] run 2: loss 0.2"]
