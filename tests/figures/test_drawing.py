"""What is drawn: colours in their places, gaps, scales, legends, words, and grey-scale."""

import re
from dataclasses import replace

import numpy as np
import pytest

from tests.figures.support import COLUMN, named, one_curve, pixels, places_of, svg_lines, svg_texts
from workbench.figures.errors import DrawingError
from workbench.figures.figure import make_spec
from workbench.figures.renderer import Renderer
from workbench.figures.spec import Axis, Curve, FigureSpec, HeatMap, Level, Panel
from workbench.lab.workbook import Workbook

BLUE, RED, DARK_BLUE, GREY = "#0072b2", "#8C1021", "#0B3C8C", "#C9CDD4"


def map_of(values: list[list[float]]) -> FigureSpec:
    array = np.array(values)
    heat_map = HeatMap("h", array, (-1.0, 1.0), np.arange(len(array)))
    return FigureSpec("states", (Panel(Axis("time step"), Axis("unit"), heat_map=heat_map),), "A map.")


def test_unit_0_is_at_the_top_time_runs_right_and_positive_is_red(renderer: Renderer) -> None:
    picture = pixels(renderer.render(map_of([[1, -1], [0, np.nan]]), COLUMN, "png", dpi=100))
    picture = picture[:, : int(0.7 * picture.shape[1])]  # without the colour bar
    red, blue, grey = (np.median(places_of(colour, picture), axis=0) for colour in (RED, DARK_BLUE, GREY))
    assert red[0] == pytest.approx(blue[0], abs=2)
    assert red[1] < blue[1]
    assert grey[0] > blue[0]
    assert grey[1] == pytest.approx(blue[1], abs=2)


def test_zero_is_white_in_a_map_of_states(renderer: Renderer) -> None:
    picture = pixels(renderer.render(map_of([[0, 0], [0, 1]]), COLUMN, "png", dpi=100))
    top, left = places_of(RED, picture)[:, 0].min(), places_of(RED, picture)[0][1]
    assert (picture[top - 10, left - 20, :3] == 255).all()


def test_a_map_of_magnitudes_runs_through_cividis(renderer: Renderer) -> None:
    spec = map_of([[0, 1]])
    panel = spec.panels[0]
    assert panel.heat_map is not None
    magnitude = replace(panel.heat_map, colours="magnitude", limits=(0.0, 1.0))
    spec = replace(spec, panels=(replace(panel, heat_map=magnitude),))
    picture = pixels(renderer.render(spec, COLUMN, "png", dpi=100))
    dark, bright = (places_of(colour, picture) for colour in ("#00224E", "#FEE838"))  # the ends of cividis
    assert len(dark) > 1000
    assert len(bright) > 1000
    assert np.median(dark[:, 1]) < np.median(bright[:, 1])


def test_a_curve_breaks_where_a_value_is_not_a_number(renderer: Renderer) -> None:
    drawn = renderer.render(one_curve([1, 2, np.nan, 2, 1]), COLUMN, "svg")
    ((path, _),) = svg_lines(drawn, BLUE)
    assert path.count("M") == 2
    assert path.count("L") == 2


@pytest.mark.parametrize("hole", [0.0, -1.0, np.inf])
def test_a_logarithmic_curve_breaks_where_a_value_has_no_place(renderer: Renderer, hole: float) -> None:
    drawn = renderer.render(one_curve([1, 10, hole, 10, 1], scale="log"), COLUMN, "svg")
    ((path, _),) = svg_lines(drawn, BLUE)
    assert path.count("M") == 2
    heights = [float(y) for _, y in re.findall(r"[ML] (\S+) (\S+)", path)]
    assert len(heights) == 4
    assert sorted(set(np.round(heights, 3))) == sorted({round(heights[0], 3), round(heights[1], 3)})


def test_a_point_between_two_gaps_is_a_dot(renderer: Renderer) -> None:
    blank, dot = (
        places_of(BLUE, pixels(renderer.render(one_curve(values), COLUMN, "png", dpi=200)), tolerance=40)
        for values in ([1, 1, np.nan, np.nan, np.nan, 2, 2], [1, 1, np.nan, 1.5, np.nan, 2, 2])
    )
    assert len(dot) > len(blank) + 10


def test_a_curve_of_a_million_steps_keeps_its_peak_its_gap_and_a_small_file(renderer: Renderer) -> None:
    values = np.ones(1_000_000)
    values[600_000] = 5.0
    values[200_000:300_000] = np.nan
    drawn = renderer.render(one_curve(values), COLUMN, "svg")
    ((path, _),) = svg_lines(drawn, BLUE)
    heights = [float(y) for _, y in re.findall(r"[ML] (\S+) (\S+)", path)]
    assert len(drawn) < 300_000
    assert path.count("M") == 2
    assert len(set(np.round(heights, 1))) == 2


def test_a_logarithmic_axis_is_numbered_by_powers_of_ten(renderer: Renderer) -> None:
    texts = svg_texts(renderer.render(one_curve([1e-4, 1e-2, 1], scale="log"), COLUMN, "svg"))
    assert {"10−4", "10−2", "100"} <= {text.replace(" ", "") for text in texts}


def test_a_logarithmic_axis_of_less_than_a_decade_has_plain_numbers(renderer: Renderer) -> None:
    texts = svg_texts(renderer.render(one_curve([0.5, 0.7], scale="log"), COLUMN, "svg"))
    assert {"0.5", "0.6", "0.7"} <= set(texts)


def test_steps_are_whole_numbers_with_thousands_apart(renderer: Renderer) -> None:
    texts = svg_texts(renderer.render(one_curve([1, 2], x=[0, 20_000]), COLUMN, "svg"))
    assert "20\u2009000" in texts
    assert "0" in texts


def test_runs_are_told_apart_without_colour(renderer: Renderer, book: Workbook) -> None:
    drawn = renderer.render(make_spec(book, [1, 2], "metric"), COLUMN, "svg")
    styles = [svg_lines(drawn, colour)[0][1] for colour in (BLUE, "#d55e00")]
    assert ["dasharray" in style for style in styles] == [False, True]


def test_no_two_of_many_curves_look_alike(renderer: Renderer) -> None:
    x = np.arange(3)
    curves = tuple(Curve(str(k), x, x + k, label=f"curve {k}", colour=k, line=k) for k in range(20))
    drawn = renderer.render(FigureSpec("loss", (Panel(Axis("x"), Axis("y"), curves),), ""), COLUMN, "svg")
    styles = [style for _, style in svg_lines(drawn) if "stroke-width: 1.1" in style]
    assert len(styles) == 40  # each once as a curve and once in the legend
    assert len(set(styles)) == 20


def test_the_legend_names_the_runs_in_their_order(renderer: Renderer, book: Workbook) -> None:
    texts = svg_texts(renderer.render(make_spec(book, [2, 1], "loss"), COLUMN, "svg"))
    assert [text for text in texts if text in ("first", "second", "validation")] == ["second", "first", "validation"]


def test_title_axes_units_baselines_and_caption_are_texts(renderer: Renderer) -> None:
    spec = one_curve([1, 2], unit="nats")
    spec = replace(spec, panels=(replace(spec.panels[0], levels=(Level("even guess", 1.5),)),))
    texts = svg_texts(renderer.render(named(spec, "How it fell", "Costs 3 $."), COLUMN, "svg"))
    assert {"How it fell", "Costs 3 $.", "training step", "loss (nats)", "even guess"} <= set(texts)


def test_a_long_caption_is_broken_into_lines_that_fit(renderer: Renderer) -> None:
    words = "The quick brown fox jumps over the lazy dog. " * 5
    short = pixels(renderer.render(named(one_curve([1, 2]), caption="Short."), COLUMN, "png", dpi=100))
    long = pixels(renderer.render(named(one_curve([1, 2]), caption=words), COLUMN, "png", dpi=100))
    assert long.shape[1] == short.shape[1]
    assert long.shape[0] > short.shape[0] + 3 * 11
    assert (long[:, -2:] == 255).all()


def test_the_longest_names_stay_on_the_page(renderer: Renderer) -> None:
    spec = one_curve([1, 2])
    curves = tuple(replace(curve, label="run " + "x" * 300) for curve in spec.panels[0].curves)
    other = Curve("b", np.arange(2), np.arange(2), label="a run of many words " * 12, colour=1)
    spec = replace(spec, panels=(replace(spec.panels[0], curves=(*curves, other)),))
    picture = pixels(renderer.render(named(spec, "y" * 300, "z" * 300), COLUMN, "png", dpi=100))
    assert (picture[:, -2:, :3] == 255).all()
    plot = places_of("#8A919C", picture)  # the axes are still there
    assert np.ptp(plot[:, 0]) > 80


def test_names_of_close_baselines_do_not_overlap(renderer: Renderer) -> None:
    spec = one_curve([0, 1])
    levels = tuple(Level(f"level {k}", 0.5 + k / 1000) for k in range(4))
    drawn = renderer.render(replace(spec, panels=(replace(spec.panels[0], levels=levels),)), COLUMN, "svg").decode()
    heights = sorted(float(y) for y in re.findall(r'<text[^>]* y="([0-9.]+)"[^>]*>level \d', drawn))
    assert len(heights) == 4
    assert min(np.diff(heights)) >= 8


def test_mathematics_that_cannot_be_set_gets_a_sentence(renderer: Renderer) -> None:
    with pytest.raises(DrawingError, match=r"The mathematics in .*nonsense.* cannot be set: Unknown symbol"):
        renderer.render(named(one_curve([1, 2]), r"\(\nonsense\)"), COLUMN, "png")


def test_letters_that_the_font_lacks_and_lone_signs_still_draw(renderer: Renderer) -> None:
    spec = named(one_curve([1, 2]), r"学习 😀 \( $x", "<b> & 5 % of $\n\n_ ^ {")
    for file_format in ("png", "svg", "pdf"):
        assert renderer.render(spec, COLUMN, file_format)


def test_a_figure_without_a_single_number_still_draws(renderer: Renderer) -> None:
    assert renderer.render(one_curve([np.nan, np.nan], scale="log"), COLUMN, "png", dpi=72)
    assert renderer.render(one_curve([]), COLUMN, "png", dpi=72)
