"""The results table: a small grid is trained for real, kept, taken up again and written down."""

import subprocess
import sys
from pathlib import Path

import pytest
from known_results.__main__ import DONE, FAILED, WRONG, main
from known_results.grid import ROWS, load_grid
from known_results.plan import plan

from tests.scripts.results_support import ADDING, written
from workbench.lab.workbook import open_workbook

DIVERGING = ADDING.replace("hidden = 4", 'hidden = 4\noptimizer = "sgd"\nclip_norm = 0.0\nlearning_rate = 1000.0')
LINES_ABOVE_ROWS = 2


def measured(rows: Path, *options: str) -> tuple[int, list[str]]:
    """Return the exit status and the lines of the table that was written."""
    out = rows.parent / "table.md"
    book = rows.parent / "book.rnnw"
    status = main(["--rows", str(rows), "--workbook", str(book), "--out", str(out), "--together", "2", *options])
    return status, [line for line in out.read_text(encoding="utf-8").splitlines() if line.startswith("|")]


def runs_in(rows: Path) -> list[tuple[int, str, int]]:
    with open_workbook(rows.parent / "book.rnnw") as workbook:
        return [(record.id, record.status, record.step) for record in workbook.runs.all()]


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
    written(rows, DIVERGING)
    status, lines = measured(rows, "--seeds", "1")
    assert status == FAILED
    assert "failed: " in lines[-1]
    assert lines[-1].endswith("| no result |")
    measured(rows, "--seeds", "1")
    assert [run for run, _, _ in runs_in(rows)] == [1, 2]


def test_what_cannot_be_trained_becomes_a_row_too(rows: Path) -> None:
    text = ADDING.replace("hidden = 4", "hidden = 16384\nlayers = 8").replace("batch = 4", "batch = 65536")
    written(rows, text)
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
