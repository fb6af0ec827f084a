"""The files: exact sizes, real text, opaque white, no dates, and nothing of the user's own settings."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.figures.support import COLUMN, named, one_curve, pdf_streams, pixels, svg_texts
from workbench.figures.figure import make_spec
from workbench.figures.renderer import Drawn, Renderer
from workbench.figures.style import STYLES, style_named
from workbench.lab.workbook import Workbook

POINTS = 72 / 25.4  # in a millimetre


def media_box(pdf: bytes) -> tuple[float, float]:
    found = re.search(rb"/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+) \]", pdf)
    assert found
    return float(found[1]), float(found[2])


@pytest.mark.parametrize(("name", "width"), [("column", 85), ("double", 178), ("slide", 254)])
def test_a_page_is_as_wide_as_its_style_says(renderer: Renderer, name: str, width: float) -> None:
    drawn = renderer.render(named(one_curve([1, 2]), "A title", "A caption."), STYLES[name], "pdf")
    assert media_box(drawn)[0] == pytest.approx(width * POINTS, abs=1e-3)


def test_a_slide_keeps_its_height_whatever_stands_on_it(renderer: Renderer) -> None:
    spec = named(one_curve([1, 2]), "A title", "A caption. " * 20)
    assert media_box(renderer.render(spec, STYLES["slide"], "pdf"))[1] == pytest.approx(143 * POINTS, abs=1e-3)


@pytest.mark.parametrize("dpi", [72, 300])
def test_a_png_has_the_dots_that_width_and_resolution_make(renderer: Renderer, dpi: int) -> None:
    picture = pixels(renderer.render(one_curve([1, 2]), COLUMN, "png", dpi=dpi))
    assert picture.shape[1] == int(85 / 25.4 * dpi)


def test_a_png_is_opaque_and_its_corners_are_white(renderer: Renderer) -> None:
    picture = pixels(renderer.render(one_curve([1, 2]), COLUMN, "png", dpi=100))
    assert (picture[:, :, 3] == 255).all()
    assert (picture[[0, 0, -1, -1], [0, -1, 0, -1], :3] == 255).all()


def test_letters_have_the_size_that_was_asked_for(renderer: Renderer) -> None:
    svg = renderer.render(one_curve([1, 2]), style_named("column", 11), "svg").decode()
    assert re.search(r"font-size: 11px[^>]*>training step<", svg)


def test_text_in_a_pdf_is_text_in_truetype_fonts(renderer: Renderer) -> None:
    drawn = renderer.render(one_curve([1e-3, 1], scale="log"), COLUMN, "pdf")
    streams = pdf_streams(drawn)
    assert b"/Type3" not in drawn
    assert b"/CIDFontType2" in drawn or b"/TrueType" in drawn
    shown = b"".join(re.findall(rb"\((.*?)\)", b"".join(stream for stream in streams if b"BT" in stream)))
    assert "trainingstep" in shown.replace(b"\0", b"").replace(b" ", b"").decode("latin-1")
    assert any(b"beginbfchar" in stream or b"beginbfrange" in stream for stream in streams)  # for search and copy


def test_equal_figures_are_equal_files_from_every_process(renderer: Renderer, book: Workbook) -> None:
    spec = make_spec(book, [1, 2], "loss", title="Twice")
    with Renderer() as other:
        for file_format in ("png", "svg", "pdf"):
            kind: Drawn = file_format
            assert renderer.render(spec, COLUMN, kind) == other.render(spec, COLUMN, kind)


def test_files_hold_no_date_but_the_words_about_the_figure(renderer: Renderer) -> None:
    spec = replace(one_curve([1, 2]), title="A title", description="What it shows.")
    svg, pdf = (renderer.render(spec, COLUMN, file_format).decode("latin-1") for file_format in ("svg", "pdf"))
    assert "dc:date" not in svg
    assert "What it shows." in svg
    assert "CreationDate" not in pdf
    assert "What it shows." in pdf


def test_a_dark_theme_of_the_user_changes_no_byte(
    renderer: Renderer, book: Workbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = "figure.facecolor: black\naxes.facecolor: black\ntext.color: white\nfont.size: 30\nlines.linewidth: 9\n"
    settings += "savefig.bbox: tight\nsavefig.transparent: True\nimage.cmap: jet\naxes.grid: True\ntext.usetex: True\n"
    (tmp_path / "matplotlibrc").write_text(settings)
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path))
    spec = make_spec(book, [1], "states", title="White")
    with Renderer() as dark:
        for file_format in ("png", "svg", "pdf"):
            kind: Drawn = file_format
            assert dark.render(spec, COLUMN, kind) == renderer.render(spec, COLUMN, kind)


def test_mathematics_is_set_from_the_names_of_the_equations(renderer: Renderer, book: Workbook) -> None:
    texts = svg_texts(renderer.render(make_spec(book, [1], "parameter-norms"), COLUMN, "svg"))
    assert sorted("Wf,h") in [sorted("".join(text.split())) for text in texts]  # pieces stand in order of size
