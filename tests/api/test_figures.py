"""Figures from Python."""

from pathlib import Path

import pytest

import workbench
from tests.figures.support import add_run
from workbench.figures.errors import FigureError
from workbench.lab.workbook import open_workbook


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with open_workbook(tmp_path / "book.rnnw", create=True) as workbook:
        add_run(workbook, name="first")
        add_run(workbook, name="second")
    return tmp_path / "book.rnnw"


def test_a_figure_of_a_run_is_saved_in_one_line(path: Path, tmp_path: Path) -> None:
    with workbench.open_workbook(path) as runs:
        written = runs[1].figure("loss", title="Loss", style="double").save(tmp_path / "loss.pdf")
    assert written.read_bytes().startswith(b"%PDF")


def test_more_runs_stand_beside_the_first(path: Path) -> None:
    with workbench.open_workbook(path) as runs:
        (panel,) = runs[2].figure("metric", beside=[runs[1]]).spec.panels
    assert [curve.label for curve in panel.curves] == ["second", "first"]


def test_a_run_of_another_workbook_is_not_taken_for_one_of_this(path: Path, tmp_path: Path) -> None:
    with open_workbook(tmp_path / "other.rnnw", create=True) as workbook:
        add_run(workbook, name="elsewhere")
    with (
        workbench.open_workbook(path) as runs,
        workbench.open_workbook(tmp_path / "other.rnnw") as others,
        pytest.raises(FigureError, match="lies in another workbook"),
    ):
        runs[1].figure("loss", beside=[others[1]])


def test_a_wrong_name_gets_a_sentence(path: Path) -> None:
    with workbench.open_workbook(path) as runs, pytest.raises(FigureError, match="It has h, c, f, i, o"):
        runs[1].figure("states", value="q")


def test_a_figure_is_a_picture_in_a_notebook(path: Path) -> None:
    with workbench.open_workbook(path) as runs:
        figure = runs[1].figure("states", value="f", step=50)
    assert figure._repr_png_().startswith(b"\x89PNG")
