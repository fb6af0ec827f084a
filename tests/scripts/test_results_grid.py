"""The grid of known results: rows that are read, refused and become experiments."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from known_results.grid import GridError, Section, Size, chosen, load_grid
from known_results.plan import experiments_of, plan, sizes

from tests.scripts.results_support import ADDING, entry_of, written
from workbench.tasks import Task, TaskSettings


@cache
def built(settings: TaskSettings) -> Task:
    """Return a task, drawn once for all rows that have it."""
    return settings.build(1)


def metrics_of(task: Task) -> set[str]:
    """Return what a task scores a network by that has no opinion."""
    batch = task.validation()
    outputs = np.zeros((*batch.targets.shape[: 1 if task.reads == "last" else 2], task.outputs))
    scores = task.metrics(outputs, batch)
    if task.reads == "decoder":
        scores |= task.judge_written(np.zeros_like(batch.targets), batch)
    return set(scores)


def test_the_grid_that_comes_with_the_program_can_be_planned() -> None:
    for size in ("short", "long"):
        entries = plan(load_grid(), size)
        assert all(entry.what and entry.published.says for entry in entries)
        assert len(experiments_of(entries)) >= len(entries)


def test_each_run_of_the_grid_computes_on_one_thread() -> None:
    assert {experiment.threads for experiment in experiments_of(plan(load_grid(), "short"))} == {1}


@pytest.mark.parametrize("size", ["short", "long"])
@pytest.mark.parametrize("section", load_grid(), ids=lambda section: str(section.name))
def test_a_section_names_metrics_baselines_and_lengths_that_its_task_has(section: Section, size: Size) -> None:
    for entry in plan([section], size):
        claim = entry.published.claim
        task = built(entry.experiment.task)
        known, tested = metrics_of(task) | {"loss"}, task.by_length()
        assert section.metric in known
        if named := {*(section.baselines or []), *([claim.baseline] if claim and claim.baseline else [])}:
            assert named <= {baseline.name for baseline in task.baselines()}
        if section.lengths or section.longest:
            assert task.metric in {section.lengths, section.metric}
            assert len(tested) > 1
        if claim is not None:
            assert (claim.metric or section.metric) in known
            assert claim.at_length in {None, "longest", *tested}
            assert claim.at_length is None or (claim.metric or section.metric) == task.metric


def test_sections_follow_the_groups_of_the_tasks(rows: Path) -> None:
    (rows / "a-picture.toml").write_text(ADDING.replace("Memory", "Images"), encoding="utf-8")
    assert [section.name for section in load_grid(rows)] == ["adding", "a-picture"]


def test_a_section_that_is_not_there_is_refused(rows: Path) -> None:
    with pytest.raises(GridError, match="there are adding"):
        chosen(load_grid(rows), ["copy"])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("adding-lstm", "adding-nobody", "names a preset that is not there: adding-nobody"),
        ('metric = "mse"', "", "metric"),
        ("seeds = 2", 'seeds = "two"', "seeds"),
        ("what =", "what", "cannot be read"),
    ],
)
def test_a_wrong_grid_is_refused_with_its_file(rows: Path, old: str, new: str, says: str) -> None:
    written(rows, ADDING.replace(old, new))
    with pytest.raises(GridError, match=says) as refused:
        load_grid(rows)
    assert "adding.toml" in str(refused.value)


def test_windows_become_rows_of_the_feed_forward_cell(rows: Path) -> None:
    written(rows, ADDING.replace("seeds = 2", "windows = [1, 4]"))
    entries = plan(load_grid(rows), "short")
    assert [(entry.experiment.cell, entry.experiment.window) for entry in entries] == [
        ("feedforward", 1),
        ("feedforward", 4),
    ]


def test_an_experiment_of_two_rows_is_planned_once(rows: Path) -> None:
    (rows / "adding-again.toml").write_text(ADDING, encoding="utf-8")
    entries = plan(load_grid(rows), "short")
    assert len(entries) == 2
    assert len({one.changed({"name": ""}) for one in experiments_of(entries)}) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "lstm, 4 units"),
        ({"truncate": 5, "layers": 2}, "lstm, 4 units, 2 layers, truncation 5"),
        ({"cell": "feedforward"}, "feedforward, 4 units, window 1"),
    ],
)
def test_a_size_is_told_where_it_is_not_as_usual(rows: Path, changes: dict[str, object], words: str) -> None:
    assert sizes(entry_of(rows).experiment.changed(changes)) == words
