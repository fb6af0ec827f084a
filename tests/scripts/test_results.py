"""The results table: a small grid is trained for real, kept, taken up again and written down."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from known_results.__main__ import DONE, FAILED, WRONG, main
from known_results.claims import Claim, lengths_of
from known_results.grid import ROWS, GridError, Section, Size, chosen, load_grid
from known_results.kept import Outcome
from known_results.plan import Entry, experiments_of, plan, sizes
from known_results.table import number, ours, table
from known_results.verdict import verdict
from pydantic import ValidationError

from workbench.lab.workbook import open_workbook
from workbench.tasks import Baseline, Task
from workbench.tasks.base import at_length

ADDING = """
what = "Adding, T = {length}"
use = "Memory"
metric = "mse"

[[rows]]
preset = "adding-lstm"
seeds = 2
published = { says = "1/6 | more", source = "Formula 1999", claim = { below = 9.0 } }
[rows.changes]
hidden = 4
steps = 20
batch = 4
probe_size = 2
backend = "numpy"
"task.length" = 6
[rows.long]
seeds = 3
changes = { steps = 40 }
"""
DIVERGING = ADDING.replace("hidden = 4", 'hidden = 4\noptimizer = "sgd"\nclip_norm = 0.0\nlearning_rate = 1000.0')
LINES_ABOVE_ROWS = 2


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    folder = tmp_path / "rows"
    folder.mkdir()
    (folder / "adding.toml").write_text(ADDING, encoding="utf-8")
    return folder


def measured(rows: Path, *options: str) -> tuple[int, list[str]]:
    """Return the exit status and the lines of the table that was written."""
    out = rows.parent / "table.md"
    book = rows.parent / "book.rnnw"
    status = main(["--rows", str(rows), "--workbook", str(book), "--out", str(out), "--together", "2", *options])
    return status, [line for line in out.read_text(encoding="utf-8").splitlines() if line.startswith("|")]


def runs_in(rows: Path) -> list[tuple[int, str, int]]:
    with open_workbook(rows.parent / "book.rnnw") as workbook:
        return [(record.id, record.status, record.step) for record in workbook.runs.all()]


def entry_of(rows: Path, claim: Claim | None = None) -> Entry:
    """Return the one entry of the small grid, with another claim if one is given."""
    (entry,) = plan(load_grid(rows), "short")
    published = entry.published.model_copy(update={"claim": claim})
    return Entry(entry.section, published, entry.remark, entry.experiments)


def metrics_of(task: Task) -> set[str]:
    """Return what a task scores a network by that has no opinion."""
    batch = task.validation()
    outputs = np.zeros((*batch.targets.shape[: 1 if task.reads == "last" else 2], task.outputs))
    scores = task.metrics(outputs, batch)
    if task.reads == "decoder":
        scores |= task.judge_written(np.zeros_like(batch.targets), batch)
    return set(scores)


# From end to end.


def test_a_grid_becomes_a_table_of_ours_beside_published_beside_baseline(
    rows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = measured(rows)
    assert status == DONE
    assert len(lines) == LINES_ABOVE_ROWS + 1
    assert len({line.replace("\\|", "").count("|") for line in lines}) == 1
    cells = [cell.strip() for cell in lines[-1].replace("\\|", "/").strip("|").split("|")]
    assert cells[:4] == [
        "Adding, T = 6",
        "lstm, 4 units, 20 steps of 4",
        "always 1: 0.1667",
        "1/6 / more (Formula 1999)",
    ]
    assert cells[4].startswith("mse ")
    assert cells[4].count(",") == 1
    assert cells[5] == "agrees"
    printed = capsys.readouterr().out
    assert "[2 of 2] adding: lstm, 4 units, seed" in printed
    assert "min left" in printed


def test_what_was_trained_is_taken_and_not_repeated(rows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, first = measured(rows)
    runs = runs_in(rows)
    capsys.readouterr()
    _, again = measured(rows)
    assert again == first
    assert runs_in(rows) == runs
    assert "2 are done, 0 are to be trained" in capsys.readouterr().out


def test_only_what_is_missing_is_trained(rows: Path) -> None:
    measured(rows, "--seeds", "1")
    assert len(runs_in(rows)) == 1
    measured(rows, "--seeds", "3")
    assert [status for _, status, _ in runs_in(rows)] == ["finished"] * 3


def test_a_run_that_was_stopped_goes_on(rows: Path) -> None:
    measured(rows, "--seeds", "1")
    with open_workbook(rows.parent / "book.rnnw") as workbook:
        workbook.runs.set_status(1, "stopped")
    measured(rows, "--seeds", "1")
    assert runs_in(rows) == [(1, "finished", 20)]


def test_a_failed_run_becomes_a_row_that_says_so_and_is_tried_anew(rows: Path) -> None:
    (rows / "adding.toml").write_text(DIVERGING, encoding="utf-8")
    status, lines = measured(rows, "--seeds", "1")
    assert status == FAILED
    assert "failed: " in lines[-1]
    assert lines[-1].endswith("| no result |")
    measured(rows, "--seeds", "1")
    assert [run for run, _, _ in runs_in(rows)] == [1, 2]


def test_what_cannot_be_trained_becomes_a_row_too(rows: Path) -> None:
    text = ADDING.replace("hidden = 4", "hidden = 16384\nlayers = 8").replace("batch = 4", "batch = 65536")
    (rows / "adding.toml").write_text(text, encoding="utf-8")
    status, lines = measured(rows, "--seeds", "1")
    assert status == FAILED
    assert "cannot be trained: " in lines[-1]


def test_the_long_version_has_its_own_sizes_and_seeds(rows: Path) -> None:
    (entry,) = plan(load_grid(rows), "long")
    assert [(one.steps, one.seed) for one in entry.experiments] == [(40, 1), (40, 2), (40, 3)]


def test_the_script_starts_as_a_program(rows: Path) -> None:
    command = [sys.executable, "-m", "known_results", "--rows", str(rows), "--only", "nonsense"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROWS.parents[1])
    assert done.returncode == WRONG
    assert "There is no section 'nonsense'; there are adding." in done.stderr


# The grid.


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
        task = entry.experiment.task.build(1)
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
    (rows / "adding.toml").write_text(ADDING.replace(old, new), encoding="utf-8")
    with pytest.raises(GridError, match=says) as refused:
        load_grid(rows)
    assert "adding.toml" in str(refused.value)


def test_windows_become_rows_of_the_feed_forward_cell(rows: Path) -> None:
    (rows / "adding.toml").write_text(ADDING.replace("seeds = 2", "windows = [1, 4]"), encoding="utf-8")
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


# Claims and verdicts.


@pytest.mark.parametrize(
    ("bound", "score", "holds"),
    [
        ({"below": 0.1}, 0.09, True),
        ({"below": 0.1}, 0.1, False),
        ({"above": 0.9}, 0.95, True),
        ({"above": 0.9}, 0.9, False),
        ({"near": 0.5, "within": 0.01}, 0.505, True),
        ({"near": 0.5, "within": 0.01}, 0.52, False),
        ({"below_baseline": "guess"}, 0.29, True),
        ({"below_baseline": "guess", "by": 0.1}, 0.25, False),
        ({"above_baseline": "guess", "by": 0.1}, 0.45, True),
        ({"above_baseline": "guess"}, 0.3, False),
    ],
)
def test_a_claim_holds_on_its_side_alone(bound: dict[str, float], score: float, holds: bool) -> None:
    assert Claim.model_validate(bound).holds(score, baseline=0.3) is holds


@pytest.mark.parametrize("bounds", [{}, {"below": 1.0, "above": 0.0}])
def test_a_claim_has_exactly_one_bound(bounds: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="exactly one"):
        Claim.model_validate(bounds)


def test_a_claim_may_speak_of_the_longest_length_or_of_another_metric() -> None:
    numbers = {at_length("accuracy", 9): 1.0, at_length("accuracy", 100): 0.5}
    assert lengths_of("accuracy", numbers) == [9, 100]
    assert Claim(at_length="longest", below=0.6).names("accuracy", numbers) == at_length("accuracy", 100)
    assert Claim(at_length=9, below=0.6).names("accuracy", numbers) == at_length("accuracy", 9)
    assert Claim(metric="loss", below=0.6).names("accuracy", numbers) == "loss"


@pytest.mark.parametrize(
    ("scores", "says"),
    [
        ([0.1, 0.2], "agrees"),
        ([0.6, 0.7], "contradicts"),
        ([0.1, 0.7], "1 of 2 seeds agree"),
        ([], "no result"),
    ],
)
def test_the_verdict_counts_the_seeds(rows: Path, scores: list[float], says: str) -> None:
    assert verdict(entry_of(rows, Claim(below=0.5)), [Outcome({"mse": score}) for score in scores]) == says


def test_a_claim_about_a_baseline_takes_its_metric_or_its_loss(rows: Path) -> None:
    guess = Baseline("guess", 0.7, 0.2, "", "")
    outcome = Outcome({"mse": 0.5, "loss": 0.5}, (guess,))
    assert verdict(entry_of(rows, Claim(below_baseline="guess")), [outcome]) == "contradicts"
    assert verdict(entry_of(rows, Claim(metric="loss", below_baseline="guess")), [outcome]) == "agrees"


def test_seeds_are_shown_each_behind_their_mean(rows: Path) -> None:
    outcomes = [Outcome({"mse": 0.2}), Outcome({"mse": 0.4}), Outcome({}, trouble="failed: the loss is no number")]
    assert ours(entry_of(rows), outcomes) == "mse 0.3 (0.2, 0.4); failed: the loss is no number"


def test_a_metric_by_length_is_shown_at_each_length(rows: Path) -> None:
    entry = entry_of(rows)
    by_length = Entry(entry.section.model_copy(update={"lengths": "mse"}), entry.published, "", entry.experiments)
    numbers = {at_length("mse", 100): 0.5, at_length("mse", 20): 0.25}
    assert ours(by_length, [Outcome(numbers)]) == "mse 0.25 at 20, 0.5 at 100"


def test_lengths_that_score_alike_stand_together(rows: Path) -> None:
    entry = entry_of(rows)
    by_length = Entry(entry.section.model_copy(update={"lengths": "mse"}), entry.published, "", entry.experiments)
    scores = {5: 1.0, 9: 1.0, 30: 1.0, 100: 0.5}
    outcome = Outcome({at_length("mse", length): score for length, score in scores.items()})
    assert ours(by_length, [outcome]) == "mse 1 at 5 to 30, 0.5 at 100"


def test_a_metric_may_be_shown_at_the_longest_length_alone(rows: Path) -> None:
    entry = entry_of(rows)
    longest = Entry(entry.section.model_copy(update={"longest": True}), entry.published, "", entry.experiments)
    numbers = {"mse": 0.1, at_length("mse", 100): 0.5, at_length("mse", 20): 0.25}
    assert ours(longest, [Outcome(numbers)]) == "mse 0.5, tested up to 100"


def test_another_metric_by_length_stands_behind_the_one_shown(rows: Path) -> None:
    entry = entry_of(rows)
    by_length = Entry(entry.section.model_copy(update={"lengths": "accuracy"}), entry.published, "", entry.experiments)
    outcomes = [Outcome({"mse": 0.5, at_length("accuracy", 9): score}) for score in (0.5, 1.0)]
    assert ours(by_length, outcomes) == "mse 0.5 (0.5, 0.5); accuracy 0.75 at 9 (mean of 2 seeds)"


def test_what_nobody_published_is_expected(rows: Path) -> None:
    entry = entry_of(rows, Claim(below=0.5))
    own = Entry(entry.section, entry.published.model_copy(update={"source": ""}), "", entry.experiments)
    assert verdict(own, [Outcome({"mse": 0.1})]) == "as expected"
    assert verdict(own, [Outcome({"mse": 0.6})]) == "not as expected"
    assert "| expected: 1/6" in table([own], {})


def test_what_was_not_trained_yet_is_said(rows: Path) -> None:
    assert table([entry_of(rows)], {}).splitlines()[-1].endswith("| not trained yet | no result |")


@pytest.mark.parametrize(
    ("value", "text"), [(0.98765, "0.9877"), (0.000123456, "0.000123"), (12.345, "12.3"), (1.0, "1"), (0.0, "0")]
)
def test_numbers_keep_the_digits_that_count(value: float, text: str) -> None:
    assert number(value) == text
