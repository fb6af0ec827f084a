"""What a worker does with a run, step by step, in this process."""

import contextlib
from pathlib import Path

import numpy as np
import pytest

from tests.lab.support import asked, assert_same_numbers, small_experiment, trained
from workbench.lab.errors import CannotResume
from workbench.lab.running import send_command, start_run
from workbench.lab.workbook import Workbook
from workbench.lab.worker.sitting import train_run
from workbench.lab.worker.wishes import Wishes
from workbench.training.cadence import FilmCadence
from workbench.training.trainer import StepResult, Trainer


def test_a_finished_run_has_every_number(workbook: Workbook) -> None:
    run = trained(workbook, steps=120)

    record = workbook.runs.get(run)
    assert (record.status, record.sentence, record.step, record.steps) == ("finished", "", 120, 120)
    assert record.seconds > 0
    scalars = workbook.scalars.read(run)
    assert scalars.steps.tolist() == list(range(1, 121))
    assert set(scalars.values) == {"loss", "gradient_norm", "learning_rate", "seconds"}
    assert scalars["loss"][-1] == record.loss
    assert np.all(np.diff(scalars["seconds"]) >= 0)
    validations = workbook.validations.read(run)
    assert validations.steps.tolist() == [0, 50, 100, 120]
    assert set(validations.values) == {"loss", "mse", "within 0.04"}


def test_a_finished_run_has_its_pictures_states_and_baselines(workbook: Workbook) -> None:
    run = trained(workbook, steps=60)

    assert workbook.film.steps(run)[0] == 0
    assert workbook.film.steps(run)[-1] == 60
    assert workbook.film.read(run, 60)["values/1.h"].shape == (5, 4)
    assert 0 < workbook.film.read(run, 60)["watching"] < 10
    assert workbook.checkpoints.steps(run)[-1] == 60
    baseline = workbook.runs.baselines(run)[0]
    assert baseline.value == pytest.approx(1 / 6)


def test_the_same_experiment_gives_the_same_numbers(workbook: Workbook) -> None:
    assert_same_numbers(workbook, trained(workbook), trained(workbook))


def test_another_seed_gives_other_numbers(workbook: Workbook) -> None:
    first, second = trained(workbook, seed=1), trained(workbook, seed=2)

    assert np.any(workbook.scalars.read(first)["loss"] != workbook.scalars.read(second)["loss"])


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "adam", "adamw"])
def test_a_stopped_run_goes_on_to_the_same_numbers(workbook: Workbook, optimizer: str) -> None:
    values = {"steps": 60, "optimizer": optimizer, "schedule": "cosine", "warmup": 5}
    run = start_run(workbook, small_experiment(**values))
    asked(workbook, run, "step", "step", "step", "stop")
    assert train_run(workbook.path, run) == 0
    assert (workbook.runs.get(run).status, workbook.runs.get(run).step) == ("stopped", 3)

    assert train_run(workbook.path, run) == 0

    assert workbook.runs.get(run).status == "finished"
    assert_same_numbers(workbook, run, trained(workbook, **values))


@pytest.mark.parametrize(
    ("task", "values"),
    [
        ({"name": "language-model", "length": 8}, {"window": 3, "truncate": 4}),
        ({"name": "language-model", "length": 9}, {"window": 3, "truncate": 7, "checkpoint_every": 3}),
        ({"name": "sentiment", "sentences": 100}, {"embedding": 4, "layers": 2}),
        ({"name": "copy", "delay": 5, "count": 3}, {"cell": "lstm", "dtype": "float64"}),
        ({"name": "digits"}, {"cell": "elman"}),
    ],
)
def test_every_kind_of_task_resumes_to_the_same_numbers(
    workbook: Workbook, task: dict[str, object], values: dict[str, object]
) -> None:
    experiment = {"task": task, "steps": 6, "validate_every": 3, "probe_size": 2, **values}
    run = start_run(workbook, small_experiment(**experiment))
    asked(workbook, run, "step", "step", "stop")
    train_run(workbook.path, run)
    train_run(workbook.path, run)

    assert_same_numbers(workbook, run, trained(workbook, **experiment))


def test_a_changed_learning_rate_takes_effect_at_its_step_and_is_kept(workbook: Workbook) -> None:
    run = start_run(workbook, small_experiment(steps=20))
    asked(workbook, run, "step", "step", "step", 0.5, "go")
    train_run(workbook.path, run)

    rates = workbook.scalars.read(run)["learning_rate"]
    assert rates.tolist() == [0.01] * 3 + [0.5] * 17
    assert [(command.step, command.value) for command in workbook.commands.course(run)] == [(3, 0.5)]


def test_a_changed_learning_rate_is_repeated_on_resuming(workbook: Workbook) -> None:
    """What came after the last checkpoint is computed again, with the change at its place."""
    run = start_run(workbook, small_experiment(steps=20))
    asked(workbook, run, "step", "step", "step", 0.5, "go")
    train_run(workbook.path, run)
    reference = trained(workbook, steps=20)
    assert workbook.checkpoints.steps(run) == (1, 2, 20)

    with workbook._database.writing() as connection:  # as if killed before the later checkpoints
        connection.execute("UPDATE runs SET status = 'running' WHERE id = ?", (run,))
        connection.execute("DELETE FROM checkpoints WHERE run = ? AND step > 1", (run,))
    before = workbook.scalars.read(run)
    assert train_run(workbook.path, run) == 0

    after = workbook.scalars.read(run)
    assert after["loss"].tobytes() == before["loss"].tobytes()
    assert workbook.messages.read(run) == ()
    assert np.any(after["loss"] != workbook.scalars.read(reference)["loss"])


def test_a_changed_learning_rate_holds_over_one_that_was_changed_before_at_the_same_step(workbook: Workbook) -> None:
    run = start_run(workbook, small_experiment(steps=6))
    asked(workbook, run, "step", "step", 0.5, "stop")
    train_run(workbook.path, run)
    asked(workbook, run, 0.25)

    train_run(workbook.path, run)

    assert workbook.scalars.read(run)["learning_rate"].tolist() == [0.01] * 2 + [0.25] * 4


def killed_after_four_steps(workbook: Workbook) -> int:
    """Return a run of 20 steps, of which 4 are kept and 2 have to be repeated; the rate changed after the third."""
    run = start_run(workbook, small_experiment(steps=20))
    asked(workbook, run, "step", "step", "step", 0.5, "step", "stop")
    train_run(workbook.path, run)
    with workbook._database.writing() as connection:  # as if killed before the later checkpoints
        connection.execute("UPDATE runs SET status = 'running' WHERE id = ?", (run,))
        connection.execute("DELETE FROM checkpoints WHERE run = ? AND step > 2", (run,))
    assert workbook.checkpoints.steps(run) == (2,)
    return run


def test_a_learning_rate_sent_while_kept_steps_are_repeated_waits_until_they_are(workbook: Workbook) -> None:
    run = killed_after_four_steps(workbook)
    before = workbook.scalars.read(run)
    asked(workbook, run, 0.25)

    train_run(workbook.path, run)

    after = workbook.scalars.read(run)
    assert after["learning_rate"].tolist() == [0.01] * 3 + [0.5] + [0.25] * 16
    assert after["loss"][:4].tobytes() == before["loss"].tobytes()
    assert workbook.messages.read(run) == ()
    assert [(command.step, command.value) for command in workbook.commands.course(run)] == [(3, 0.5), (4, 0.25)]


def test_a_learning_rate_that_waits_is_not_lost_when_the_run_is_stopped_first(workbook: Workbook) -> None:
    run = killed_after_four_steps(workbook)
    asked(workbook, run, 0.25, "step", "stop")
    train_run(workbook.path, run)
    assert (workbook.runs.get(run).status, workbook.runs.get(run).step) == ("stopped", 3)
    assert [command.value for command in workbook.commands.pending(run)] == [0.25]

    workbook.commands.drop_pending(run)  # as every worker does that is started
    train_run(workbook.path, run)

    assert workbook.scalars.read(run)["learning_rate"].tolist() == [0.01] * 3 + [0.5] + [0.25] * 16


def test_a_paused_run_has_a_picture_of_the_step_at_which_it_rests(
    workbook: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FilmCadence, "due", False)  # no picture is taken for the film's own sake
    run = start_run(workbook, small_experiment(steps=10**6))
    train = Trainer.train
    rested: list[tuple[int, int]] = []

    def pause_after_five(trainer: Trainer, count: int) -> list[StepResult]:
        if trainer.step == 5:
            asked(workbook, run, "pause")
        return train(trainer, count)

    def look(*_: object) -> None:
        """See what a window sees while the run rests; ask for one more step, then to stop."""
        assert workbook.runs.get(run).status == "paused"
        rested.append((workbook.runs.get(run).step, workbook.film.steps(run)[-1]))
        asked(workbook, run, "stop" if len(rested) > 1 else "step")

    monkeypatch.setattr(Trainer, "train", pause_after_five)
    monkeypatch.setattr(Wishes, "wait", look)
    train_run(workbook.path, run)

    (paused, picture), (stepped, next_picture) = rested
    assert picture == paused > 5
    assert next_picture == stepped == paused + 1


def test_a_stopped_run_has_a_picture_of_its_last_step(workbook: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FilmCadence, "due", False)
    run = start_run(workbook, small_experiment(steps=10**6))
    train = Trainer.train

    def stop_after_five(trainer: Trainer, count: int) -> list[StepResult]:
        if trainer.step == 5:
            asked(workbook, run, "stop")
        return train(trainer, count)

    monkeypatch.setattr(Trainer, "train", stop_after_five)
    train_run(workbook.path, run)

    assert workbook.runs.get(run).status == "stopped"
    assert workbook.film.steps(run) == (0, workbook.runs.get(run).step)


def test_a_run_does_not_rest_once_its_last_step_is_taken(workbook: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_run(workbook, small_experiment(steps=2))
    asked(workbook, run, "step", "step")
    monkeypatch.setattr(Wishes, "wait", lambda *_: pytest.fail("it rests"))

    assert train_run(workbook.path, run) == 0

    assert workbook.runs.get(run).status == "finished"
    assert workbook.film.steps(run)[-1] == 2


def test_commands_are_carried_out_in_order_between_steps(workbook: Workbook) -> None:
    run = start_run(workbook, small_experiment(steps=20))
    asked(workbook, run, "step", "snapshot", "step", "stop")

    train_run(workbook.path, run)

    assert workbook.runs.get(run).step == 2
    assert workbook.film.steps(run) == (0, 1, 2)
    assert workbook.commands.pending(run) == ()


def test_a_run_that_diverges_fails_with_a_sentence_and_keeps_its_last_good_state(workbook: Workbook) -> None:
    run = start_run(workbook, small_experiment(optimizer="sgd", learning_rate=1000.0, clip_norm=0.0, steps=1000))

    assert train_run(workbook.path, run) == 1

    record = workbook.runs.get(run)
    assert record.status == "failed"
    assert "diverged at step" in record.sentence
    assert workbook.messages.read(run)[-1].level == "error"
    assert "Diverged" in workbook.messages.read(run)[-1].details
    latest = workbook.checkpoints.latest(run)
    assert latest is not None
    assert latest[0] == record.step == workbook.scalars.last_step(run)
    assert all(np.isfinite(array).all() for array in latest[1].values())


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(MemoryError(), "The memory ran out. Lower batch"), (ZeroDivisionError("by 0"), "(ZeroDivisionError: by 0)")],
)
def test_whatever_fails_the_run_keeps_a_sentence_and_its_numbers(
    workbook: Workbook, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    run = start_run(workbook, small_experiment(steps=20))
    train, calls = Trainer.train, iter(range(20))

    def fail_at_the_eighth(trainer: Trainer, count: int) -> list[StepResult]:
        if next(calls) == 7:
            raise error
        return train(trainer, count)

    monkeypatch.setattr(Trainer, "train", fail_at_the_eighth)
    with contextlib.suppress(ZeroDivisionError):
        assert train_run(workbook.path, run) == 1

    record = workbook.runs.get(run)
    assert (record.status, record.step) == ("failed", 7)
    assert sentence in record.sentence
    assert "Traceback" in workbook.messages.read(run)[-1].details
    assert workbook.scalars.last_step(run) == 7
    monkeypatch.undo()
    assert train_run(workbook.path, run) == 0
    assert_same_numbers(workbook, run, trained(workbook, steps=20))


def test_a_finished_run_is_not_trained_again(workbook: Workbook) -> None:
    run = trained(workbook, steps=2)

    with pytest.raises(CannotResume, match="is finished"):
        train_run(workbook.path, run)


def test_a_run_whose_data_changed_is_not_resumed(workbook: Workbook, tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("to be or not to be, that is the question. " * 100)
    task = {"name": "language-model", "path": str(text), "length": 8}
    run = start_run(workbook, small_experiment(task=task, steps=20))
    asked(workbook, run, "step", "stop")
    train_run(workbook.path, run)
    text.write_text("whether 'tis nobler in the mind to suffer. " * 100)

    with pytest.raises(CannotResume, match=f"Run {run} goes on only with the data it began with"):
        train_run(workbook.path, run)
    assert workbook.runs.get(run).status == "interrupted"
    assert "text.txt is no longer the one it was" in workbook.runs.get(run).sentence
    assert workbook.scalars.last_step(run) == 1


def test_a_run_of_a_text_that_another_python_brings_is_not_resumed(workbook: Workbook) -> None:
    run = start_run(workbook, small_experiment(task={"name": "language-model", "length": 8}, steps=20))
    asked(workbook, run, "step", "stop")
    train_run(workbook.path, run)
    origin = dict(workbook.runs.get(run).origin)
    workbook.runs.set_origin(run, origin | {"data": {"text": "0" * 64}})

    with pytest.raises(CannotResume, match="no longer those the run began with"):
        train_run(workbook.path, run)
    assert workbook.runs.get(run).status == "interrupted"
    assert "The task's data (text)" in workbook.runs.get(run).sentence


def test_numbers_that_cannot_be_repeated_are_dropped_with_a_warning(workbook: Workbook) -> None:
    """As when a run is resumed on a processor that computes other last digits."""
    reference = trained(workbook, steps=100)
    run = trained(workbook, steps=100)
    with workbook._database.writing() as connection:
        connection.execute("UPDATE runs SET status = 'running' WHERE id = ?", (run,))
        connection.execute("DELETE FROM checkpoints WHERE run = ? AND step > 0", (run,))
    kept = workbook.scalars.read(run)
    changed = {name: column.copy() for name, column in kept.values.items()}
    changed["loss"][69] += 1e-9
    workbook.scalars.drop_from(run, 1)
    workbook.scalars.append(run, type(kept)(kept.steps, changed))

    assert train_run(workbook.path, run) == 0

    assert_same_numbers(workbook, run, reference)
    assert "From step 70 on the numbers differ" in workbook.messages.read(run)[0].text


def test_a_command_for_a_run_nobody_trains_is_refused(workbook: Workbook) -> None:
    run = trained(workbook, steps=2)

    for kind in ("pause", "go", "stop", "step", "snapshot", "sequence"):
        with pytest.raises(Exception, match="finished: nobody is training it"):
            send_command(workbook, run, kind, 0.0)
