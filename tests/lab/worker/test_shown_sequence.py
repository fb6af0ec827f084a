"""Which held-out sequence a run shows: chosen while it trains, repeated on resuming, and no matter to its numbers."""

import numpy as np
import pytest

from tests.lab.support import asked, assert_same_numbers, small_experiment, trained
from workbench.lab.running import start_run
from workbench.lab.workbook import Workbook
from workbench.lab.worker.sitting import train_run
from workbench.lab.worker.wishes import Wishes
from workbench.training.cadence import FilmCadence


def shown(workbook: Workbook, run: int) -> dict[int, int]:
    """Return which sequence each snapshot shows."""
    return {step: int(number) for step, number in workbook.film.history(run, "sequence").items()}


def test_a_sequence_asked_for_is_shown_from_then_on_and_changes_no_number(
    workbook: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FilmCadence, "due", False)
    run = start_run(workbook, small_experiment(steps=20, probe_sequence=1))
    asked(workbook, run, "step", "snapshot", "step")
    workbook.commands.send(run, "sequence", 3)
    asked(workbook, run, "go")
    train_run(workbook.path, run)

    assert shown(workbook, run) == {0: 1, 1: 1, 2: 3, 20: 3}
    assert workbook.commands.course(run) == ()
    own, reference = trained(workbook, steps=20, probe_sequence=3), workbook.film.read(run, 20)
    assert_same_numbers(workbook, run, own)
    for name, array in workbook.film.read(own, 20).items():
        if name != "watching":
            np.testing.assert_array_equal(reference[name], array, err_msg=name)


def test_a_sequence_asked_for_while_paused_replaces_the_picture_of_that_step(
    workbook: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FilmCadence, "due", False)
    run = start_run(workbook, small_experiment(steps=10**6))
    asked(workbook, run, "step", "step")
    seen: list[dict[int, int]] = []

    def look(*_: object) -> None:
        """See what a window sees while the run rests; ask for another sequence, then to stop."""
        seen.append(shown(workbook, run))
        if len(seen) == 1:
            workbook.commands.send(run, "sequence", 2)
        else:
            asked(workbook, run, "stop")

    monkeypatch.setattr(Wishes, "wait", look)
    train_run(workbook.path, run)

    assert seen == [{0: 0, 1: 0, 2: 0}, {0: 0, 1: 0, 2: 2}]
    assert workbook.film.steps(run)[-1] == workbook.runs.get(run).step == 2


def test_a_resumed_run_goes_on_with_the_sequence_chosen_last(
    workbook: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FilmCadence, "due", False)
    run = start_run(workbook, small_experiment(steps=20))
    asked(workbook, run, "step")
    workbook.commands.send(run, "sequence", 3)
    asked(workbook, run, "stop")
    train_run(workbook.path, run)

    train_run(workbook.path, run)

    assert shown(workbook, run) == {0: 0, 1: 3, 20: 3}


def test_a_film_of_an_older_version_goes_on_with_the_sequence_of_the_experiment(workbook: Workbook) -> None:
    run = start_run(workbook, small_experiment(steps=20, probe_sequence=2))
    asked(workbook, run, "step", "stop")
    train_run(workbook.path, run)
    with workbook._database.writing() as connection:
        connection.execute("DELETE FROM arrays WHERE name = 'sequence'")

    assert train_run(workbook.path, run) == 0

    assert shown(workbook, run)[20] == 2


def test_a_sequence_that_the_held_out_data_lack_is_told_and_the_run_goes_on(workbook: Workbook) -> None:
    run = start_run(workbook, small_experiment(steps=20))
    asked(workbook, run, "step")
    workbook.commands.send(run, "sequence", 10**6)
    asked(workbook, run, "go")

    assert train_run(workbook.path, run) == 0

    [message] = workbook.messages.read(run)
    assert (message.level, message.step) == ("warning", 1)
    assert "sequence 1000000 is not among them" in message.text
    assert shown(workbook, run)[20] == 0
