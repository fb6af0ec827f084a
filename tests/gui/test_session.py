"""The session: it finds the runs of a workbook, follows those that are trained, and reads their film."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.support import small_experiment
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.lab.errors import WorkbookError
from workbench.lab.running import launch_worker, start_run
from workbench.lab.workbook import open_workbook


def test_opening_a_workbook_looks_at_its_newest_run(opened: Session) -> None:
    assert [record.id for record in opened.runs.records] == [1, 2]
    assert opened.runs.current == 2
    assert opened.runs.shown == (2,)


def test_the_film_starts_live_at_the_last_snapshot(opened: Session) -> None:
    assert opened.film.live
    assert opened.film.snapshot is not None
    assert opened.film.snapshot.step == opened.film.steps[-1]
    assert opened.film.snapshot.named("values/")["1.s"].shape == (12, 6)


def test_going_to_a_step_shows_the_snapshot_nearest_to_it_and_live_shows_the_last(
    opened: Session, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(opened.film.snapshot_changed):
        opened.film.go_to(0)
    assert opened.film.snapshot is not None
    assert opened.film.snapshot.step == opened.film.steps[0]
    with qtbot.waitSignal(opened.film.snapshot_changed):
        opened.film.go_live()
    assert opened.film.snapshot.step == opened.film.steps[-1]


def test_selecting_another_run_draws_that_alone_and_ticking_draws_both(opened: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(opened.film.snapshot_changed):
        opened.runs.select(1)
    assert opened.runs.shown == (1,)
    opened.runs.show(2, True)
    assert set(opened.runs.shown) == {1, 2}
    assert opened.runs.style(1) != opened.runs.style(2)


def test_a_run_that_another_process_trains_is_followed_to_its_end(
    session: Session, clock: Clock, tmp_path: Path, qtbot: QtBot
) -> None:
    with open_workbook(tmp_path / "live.rnnw", create=True) as workbook:
        run = start_run(workbook, small_experiment(steps=150))
        process = launch_worker(workbook, run)
        session.open(tmp_path / "live.rnnw")
        qtbot.waitUntil(lambda: session.film.snapshot is not None, timeout=30_000)
        qtbot.waitUntil(lambda: [r.status for r in session.runs.records] == ["finished"], timeout=30_000)
        process.wait()
    qtbot.waitUntil(lambda: session.film.steps[-1:] == (150,), timeout=5_000)


def test_another_workbook_takes_the_place_of_the_one_before_and_its_runs(
    opened: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    before = opened.workbook
    assert before is not None
    opened.runs.expect(3)
    with open_workbook(tmp_path / "other.rnnw", create=True) as other:
        for _ in range(7):
            start_run(other, small_experiment())
    with qtbot.waitSignal(opened.opened):
        opened.open(tmp_path / "other.rnnw")
    qtbot.waitUntil(lambda: opened.runs.current == 7)
    assert opened.film.snapshot is None
    qtbot.waitUntil(lambda: not opened.reader.busy and not opened.errands.busy)
    with pytest.raises(WorkbookError):
        before.runs.all()  # it is closed


def test_a_run_that_came_from_elsewhere_is_found_although_nothing_trains(
    opened: Session, clock: Clock, two_runs: Path, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: not opened.reader.busy)
    with open_workbook(two_runs) as elsewhere:
        elsewhere.runs.rename(1, "renamed elsewhere")
    qtbot.waitUntil(lambda: opened.runs.records[0].name == "renamed elsewhere")


def test_a_workbook_that_was_deleted_is_told_of_once_and_can_be_saved(
    opened: Session, clock: Clock, two_runs: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    told: list[str] = []
    opened.complained.connect(lambda sentence, _: told.append(sentence))
    two_runs.unlink()
    qtbot.waitUntil(lambda: bool(told))
    for _ in range(2):
        opened.look()
        qtbot.waitUntil(lambda: not opened.reader.busy)
    assert len(told) == 1
    assert "moved or deleted" in told[0]
    assert opened.workbook is not None
    opened.workbook.save_copy(tmp_path / "copy.rnnw")
    with open_workbook(tmp_path / "copy.rnnw") as copy:
        assert len(copy.runs.all()) == 2


def test_a_file_that_is_no_workbook_is_refused_and_the_open_one_stays(
    opened: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "text.rnnw").write_text("no workbook")
    with qtbot.waitSignal(opened.complained) as complaint:
        opened.open(tmp_path / "text.rnnw")
    assert "text.rnnw" in complaint.args[0]
    assert len(opened.runs.records) == 2
