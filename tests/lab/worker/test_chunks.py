"""A worker whose programs work ahead: steps are taken in chunks, and the run is the very same."""

import numpy as np
import pytest

from tests.lab.support import asked, assert_same_numbers, small_experiment, trained
from workbench.backends.numpy import NumpyBackend
from workbench.lab.running import start_run
from workbench.lab.workbook import Workbook
from workbench.lab.worker.sitting import train_run
from workbench.training.cadence import FilmCadence
from workbench.training.trainer import StepResult, Trainer


@pytest.fixture
def chunks(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Let NumPy's programs count as ones that work ahead; of each chunk, the step before it and how many it took."""
    taken: list[tuple[int, int]] = []
    train = Trainer.train

    def note(trainer: Trainer, count: int) -> list[StepResult]:
        before = trainer.step
        results = train(trainer, count)
        taken.append((before, len(results)))
        return results

    monkeypatch.setattr(NumpyBackend, "works_ahead", True)
    monkeypatch.setattr(Trainer, "train", note)
    return taken


@pytest.mark.parametrize(
    "values",
    [
        {"clip_norm": 0.1, "optimizer": "rmsprop"},
        {"task": {"name": "language-model", "length": 8}, "window": 3, "truncate": 4},
        {"task": {"name": "sentiment", "sentences": 100}, "embedding": 4, "layers": 2},
    ],
)
def test_a_run_in_chunks_has_the_numbers_of_one_step_by_step(
    workbook: Workbook, monkeypatch: pytest.MonkeyPatch, chunks: list[tuple[int, int]], values: dict[str, object]
) -> None:
    run = trained(workbook, steps=40, **values)
    assert len(chunks) < 40
    assert sum(count for _, count in chunks) == 40

    monkeypatch.undo()
    assert_same_numbers(workbook, run, trained(workbook, steps=40, **values))


def test_a_chunk_ends_where_validation_is_due(workbook: Workbook, chunks: list[tuple[int, int]]) -> None:
    run = trained(workbook, steps=60, validate_every=7)

    ends = {before + count for before, count in chunks}
    assert {7, 14, 21, 28, 35, 42, 49, 56, 60} <= ends
    assert workbook.validations.read(run).steps.tolist() == [0, 7, 14, 21, 28, 35, 42, 49, 56, 60]


def test_single_steps_are_taken_singly(workbook: Workbook, chunks: list[tuple[int, int]]) -> None:
    run = start_run(workbook, small_experiment(steps=60))
    asked(workbook, run, "step", "step", "step", "stop")
    train_run(workbook.path, run)

    assert chunks == [(0, 1), (1, 1), (2, 1)]
    assert workbook.runs.get(run).step == 3


def test_a_changed_learning_rate_is_repeated_at_its_step(
    workbook: Workbook, monkeypatch: pytest.MonkeyPatch, chunks: list[tuple[int, int]]
) -> None:
    run = start_run(workbook, small_experiment(steps=40))
    asked(workbook, run, "step", "step", "step", 0.5, "go")
    train_run(workbook.path, run)
    with workbook._database.writing() as connection:  # as if killed before the later checkpoints
        connection.execute("UPDATE runs SET status = 'running' WHERE id = ?", (run,))
        connection.execute("DELETE FROM checkpoints WHERE run = ? AND step > 1", (run,))
    before = workbook.scalars.read(run)
    monkeypatch.setattr(FilmCadence, "due", False)
    chunks.clear()
    train_run(workbook.path, run)

    after = workbook.scalars.read(run)
    assert 3 in {step for step, _ in chunks}
    assert after["learning_rate"].tolist() == [0.01] * 3 + [0.5] * 37
    assert after["loss"].tobytes() == before["loss"].tobytes()
    assert workbook.messages.read(run) == ()


def test_a_stopped_run_goes_on_to_the_same_numbers(workbook: Workbook, chunks: list[tuple[int, int]]) -> None:
    run = start_run(workbook, small_experiment(steps=60))
    asked(workbook, run, "step", "step", "stop")
    train_run(workbook.path, run)
    train_run(workbook.path, run)

    assert_same_numbers(workbook, run, trained(workbook, steps=60))
    assert max(count for _, count in chunks) > 1


def test_a_run_that_diverges_within_a_chunk_ends_as_one_step_by_step(
    workbook: Workbook, monkeypatch: pytest.MonkeyPatch, chunks: list[tuple[int, int]]
) -> None:
    values = {"optimizer": "sgd", "learning_rate": 20.0, "clip_norm": 0.0, "steps": 1000, "cell": "elman"}
    run, reference = (start_run(workbook, small_experiment(**values)) for _ in range(2))
    assert train_run(workbook.path, run) == 1
    assert max(count for _, count in chunks) > 1
    monkeypatch.undo()
    assert train_run(workbook.path, reference) == 1

    found, expected = workbook.runs.get(run), workbook.runs.get(reference)
    assert (found.status, found.step, found.sentence) == ("failed", expected.step, expected.sentence)
    assert "diverged at step" in found.sentence
    assert_same_numbers(workbook, run, reference)
    assert np.all(np.diff(workbook.scalars.read(run)["seconds"]) >= 0)
