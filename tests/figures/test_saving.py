"""Writing: all or nothing, and never over a workbook."""

from pathlib import Path

import pytest

from tests.figures.support import one_curve
from workbench.figures.errors import FigureError
from workbench.figures.figure import FORMATS, Figure
from workbench.figures.renderer import Renderer
from workbench.figures.style import STYLES, style_named
from workbench.lab.workbook import Workbook

BEGINNINGS = {"pdf": b"%PDF", "svg": b"<?xml", "png": b"\x89PNG", "csv": b"series,"}


@pytest.fixture
def figure(renderer: Renderer) -> Figure:
    return Figure(one_curve([1, 2]), STYLES["column"], renderer)


@pytest.mark.parametrize("name", FORMATS)
def test_the_suffix_says_the_format(figure: Figure, tmp_path: Path, name: str) -> None:
    target = figure.save(tmp_path / f"Figure 1.{name.upper()}")
    assert target.read_bytes().startswith(BEGINNINGS[name])
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_a_format_that_is_named_wins_over_the_suffix(figure: Figure, tmp_path: Path) -> None:
    assert figure.save(tmp_path / "figure.dat", "csv").read_bytes().startswith(b"series,")


def test_a_format_that_there_is_not_gets_a_sentence(figure: Figure, tmp_path: Path) -> None:
    with pytest.raises(FigureError, match=r"There is no format 'gif'\. The formats are pdf, svg, png, csv"):
        figure.save(tmp_path / "figure.gif", "gif")  # type: ignore[arg-type]


def test_an_older_file_is_replaced(figure: Figure, tmp_path: Path) -> None:
    target = tmp_path / "figure.csv"
    target.write_bytes(b"old" * 10_000)
    assert figure.save(target).read_bytes() == figure.to_bytes("csv")


def test_a_link_stays_a_link(figure: Figure, tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    link = tmp_path / "link.csv"
    try:
        link.symlink_to(tmp_path / "real.csv")
    except OSError:
        pytest.skip("links cannot be made here")
    figure.save(link)
    assert link.is_symlink()
    assert (tmp_path / "real.csv").read_bytes().startswith(b"series,")


def test_a_workbook_is_never_overwritten_whatever_its_name(figure: Figure, workbook: Workbook, tmp_path: Path) -> None:
    workbook.save_copy(tmp_path / "copy.png")
    before = (tmp_path / "copy.png").read_bytes()
    with pytest.raises(FigureError, match="is a workbook or another database"):
        figure.save(tmp_path / "copy.png")
    with pytest.raises(FigureError, match="has a workbook's name"):
        figure.save(tmp_path / "new.rnnw", "png")
    assert (tmp_path / "copy.png").read_bytes() == before


def test_places_that_cannot_be_written_get_a_sentence(figure: Figure, tmp_path: Path) -> None:
    (tmp_path / "folder.pdf").mkdir()
    with pytest.raises(FigureError, match="There is no folder"):
        figure.save(tmp_path / "none" / "a.csv")
    with pytest.raises(FigureError, match="is a folder"):
        figure.save(tmp_path / "folder.pdf")
    with pytest.raises(FigureError, match=r"does not end in \.pdf, \.svg, \.png, \.csv"):
        figure.save(tmp_path / "figure.jpg")


def test_a_notebook_shows_the_figure(figure: Figure) -> None:
    assert figure._repr_png_() == figure.png(150)


def test_styles_and_font_sizes_out_of_reason_get_a_sentence() -> None:
    with pytest.raises(FigureError, match=r"There is no style 'poster'\. The styles are column, double, slide"):
        style_named("poster")
    with pytest.raises(FigureError, match="font size 200 is not between 4 and 48 points"):
        style_named("slide", 200)
