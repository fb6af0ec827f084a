"""Workers and readers as real processes: stopped, killed, doubled, starved of room."""

import contextlib
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lab.support import LONG, ended, small_experiment, wait_until, worker
from workbench.lab.errors import RunBusy
from workbench.lab.running import WORKER, launch_worker, send_command, start_run, worker_environment
from workbench.lab.workbook import Status, Workbook, open_workbook

Check = Callable[[Workbook, int], None]

KILLS = 20
READER = """
import sys
from workbench.lab.workbook import Workbook
while True:
    with Workbook(sys.argv[1]) as workbook:
        for record in workbook.runs.all():
            workbook.scalars.read(record.id)
            for step in workbook.film.steps(record.id):
                workbook.film.history(record.id, "values/1.h")
    print("read", flush=True)
"""


@contextlib.contextmanager
def reader(path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Read a workbook again and again in a process that is gone when the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", READER, str(path)], env=worker_environment(1), stdout=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(workbook: Workbook, run: int, status: Status) -> None:
    wait_until(lambda: workbook.runs.get(run).status == status, f"run {run} to be {status}")


def wait_for_step(workbook: Workbook, run: int, step: int) -> None:
    wait_until(lambda: workbook.runs.get(run).step >= step, f"step {step}")


def test_killing_worker_and_reader_twenty_times_loses_nothing(path: Path, undisturbed: Check) -> None:
    chance = random.Random(1)
    with open_workbook(path, create=True) as workbook:
        run = start_run(workbook, small_experiment(steps=LONG))
    seen = 0
    for kill in range(KILLS):
        with open_workbook(path) as workbook, worker(workbook, run) as process:
            goal = min(seen + chance.randrange(0, LONG // KILLS), LONG // 2)
            with reader(path) if kill % 4 == 0 else contextlib.nullcontext() as other:
                wait_for_step(workbook, run, goal)
                if other is not None:
                    assert other.stdout is not None
                    other.stdout.readline()
                    other.kill()
            for _ in range(chance.randrange(20)):  # any moment between two commits
                seen = max(seen, workbook.scalars.last_step(run))
            process.send_signal(signal.SIGKILL)
            process.wait()
        with open_workbook(path) as workbook:
            kept = workbook.scalars.read(run)
            assert len(kept) >= seen
            seen = len(kept)
            assert kept.steps.tolist() == list(range(1, seen + 1))
            assert workbook.runs.get(run).status == "interrupted"

    with open_workbook(path) as workbook:
        with worker(workbook, run) as process:
            assert ended(process) == 0
        assert workbook.runs.get(run).status == "finished"
        assert workbook.messages.read(run) == ()
        undisturbed(workbook, run)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_a_worker_with_a_checkpoint(
    workbook: Workbook, undisturbed: Check, number: signal.Signals
) -> None:
    run = start_run(workbook, small_experiment(steps=LONG))
    with worker(workbook, run, checkpoint_every=1000) as process:
        wait_for_step(workbook, run, 100)
        process.send_signal(number)
        assert ended(process) == 0

    record = workbook.runs.get(run)
    assert record.status == "stopped"
    assert workbook.checkpoints.steps(run)[-1] == record.step == workbook.scalars.last_step(run)
    with worker(workbook, run) as process:
        assert ended(process) == 0
    undisturbed(workbook, run)


def test_a_run_is_paused_stepped_and_let_go(workbook: Workbook, undisturbed: Check) -> None:
    run = start_run(workbook, small_experiment(steps=LONG))
    with worker(workbook, run) as process:
        wait_for(workbook, run, "running")
        send_command(workbook, run, "pause")
        wait_for(workbook, run, "paused")
        step = workbook.runs.get(run).step
        assert workbook.checkpoints.steps(run)[-1] == step

        send_command(workbook, run, "step")
        wait_until(lambda: workbook.checkpoints.steps(run)[-1] == step + 1, "one step")
        wait_for(workbook, run, "paused")
        assert workbook.film.steps(run)[-1] == step + 1

        send_command(workbook, run, "go")
        assert ended(process) == 0
    assert workbook.runs.get(run).status == "finished"
    undisturbed(workbook, run)


def test_a_changed_learning_rate_survives_a_kill(workbook: Workbook, tmp_path: Path) -> None:
    run = start_run(workbook, small_experiment(steps=LONG))
    with worker(workbook, run, checkpoint_every=1000) as process:
        wait_for_step(workbook, run, 100)
        send_command(workbook, run, "learning_rate", 0.001)
        wait_until(lambda: bool(workbook.commands.course(run)), "the change")
        changed = workbook.commands.course(run)[0].step
        assert changed is not None
        wait_until(lambda: workbook.scalars.last_step(run) > changed + 50, "the steps after it")
        process.kill()
        process.wait()
    kept = workbook.scalars.read(run)

    with worker(workbook, run) as process:
        assert ended(process) == 0

    whole = workbook.scalars.read(run)
    assert whole["loss"][: len(kept)].tobytes() == kept["loss"].tobytes()
    assert workbook.messages.read(run) == ()
    rates = whole["learning_rate"].tolist()
    assert rates == [0.01] * changed + [0.001] * (LONG - changed)


def test_a_paused_worker_keeps_its_lease(workbook: Workbook) -> None:
    def heartbeat() -> float:
        with workbook._database.reading() as connection:
            return float(connection.execute("SELECT heartbeat FROM leases").fetchone()[0])

    run = start_run(workbook, small_experiment(steps=10**6))
    with worker(workbook, run):
        wait_for(workbook, run, "running")
        send_command(workbook, run, "pause")
        wait_for(workbook, run, "paused")
        before = heartbeat()
        wait_until(lambda: heartbeat() > before, "a heartbeat")
        assert workbook.runs.get(run).status == "paused"


def test_a_second_worker_is_refused(workbook: Workbook) -> None:
    run = start_run(workbook, small_experiment(steps=10**6))
    with worker(workbook, run) as process:
        wait_for(workbook, run, "running")

        with pytest.raises(RunBusy, match="being trained by another process"):
            launch_worker(workbook, run)
        second = subprocess.run(
            [sys.executable, "-m", WORKER, str(workbook.path), str(run)],
            env=worker_environment(1),
            capture_output=True,
            text=True,
        )
        assert second.returncode == 2
        assert f"Run {run} is being trained by another process" in second.stderr
        assert process.poll() is None


def test_two_workers_train_two_runs_of_one_workbook(workbook: Workbook, undisturbed: Check) -> None:
    runs = [start_run(workbook, small_experiment(steps=LONG)) for _ in range(2)]
    with worker(workbook, runs[0]) as first, worker(workbook, runs[1]) as second:
        assert (ended(first), ended(second)) == (0, 0)

    for run in runs:
        undisturbed(workbook, run)


def test_a_worker_whose_run_was_taken_over_ends_without_a_word_in_it(workbook: Workbook) -> None:
    run = start_run(workbook, small_experiment(steps=10**6))
    with worker(workbook, run) as process:
        wait_for(workbook, run, "running")
        with workbook._database.writing() as connection:
            connection.execute("DELETE FROM leases")
            lease = workbook.leases.take(run)
            step = workbook.scalars.last_step(run)
        assert ended(process) == 1
        workbook.leases.renew(lease)
    assert workbook.scalars.last_step(run) == step


def test_a_worker_started_by_hand_finds_its_thread_count(workbook: Workbook) -> None:
    run = start_run(workbook, small_experiment(steps=5, threads=3))
    environment = {name: value for name, value in worker_environment(1).items() if not name.endswith("_THREADS")}

    done = subprocess.run([sys.executable, "-m", WORKER, str(workbook.path), str(run)], env=environment)

    assert done.returncode == 0
    assert workbook.runs.get(run).status == "finished"


@pytest.mark.parametrize(("path", "run"), [("nowhere.rnnw", "1"), ("book.rnnw", "99")])
def test_a_worker_without_a_run_says_so(workbook: Workbook, path: str, run: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", WORKER, str(workbook.path.with_name(path)), run],
        env=worker_environment(1),
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert done.stderr.startswith("There is no")
