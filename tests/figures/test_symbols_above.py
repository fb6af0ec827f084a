"""The symbols that a network reads stand above the heat map of its states, and so does the name of the answer."""

import re
from collections.abc import Iterator

import numpy as np
import pytest

import workbench
from tests.figures.support import COLUMN, experiment
from workbench.figures.figure import make_spec
from workbench.figures.renderer import Renderer
from workbench.figures.spec import Axis, FigureSpec, HeatMap, Level, Panel
from workbench.lab.workbook import Workbook, open_workbook
from workbench.training.words import Words


@pytest.fixture(scope="module")
def symbols(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    """A workbook with a short and a long run on symbols, one with a decoder, and one on numbers."""
    path = tmp_path_factory.mktemp("symbols") / "symbols.rnnw"
    tasks = {"name": "copy", "delay": 5}, {"name": "copy", "delay": 100}, {"name": "reverse"}, {"name": "adding"}
    for task in tasks:
        workbench.train(experiment(task=task, steps=2), workbook=path)
    with open_workbook(path) as opened:
        yield opened


@pytest.mark.parametrize("run", [1, 3])
def test_symbols_that_are_read_stand_above_the_columns(symbols: Workbook, run: int) -> None:
    spec = make_spec(symbols, [run], "states")
    assert len(spec.panels) == 1
    assert spec.panels[0].heat_map is not None
    assert spec.panels[0].columns == Words.from_array(symbols.film.read(run, 2)["words"]).inputs
    assert len(spec.panels[0].columns) == spec.panels[0].heat_map.values.shape[1]
    assert "above each step stands what is read there" in spec.description


def test_symbols_that_do_not_fit_are_left_out_and_the_description_says_so(symbols: Workbook) -> None:
    spec = make_spec(symbols, [2], "states")
    assert spec.panels[0].columns == ()
    assert re.search(r"the 1\d\d symbols that it reads are too many to stand above it", spec.description)


def test_symbols_can_be_left_away_and_numbers_have_none(symbols: Workbook) -> None:
    without = make_spec(symbols, [1], "states", inputs=False)
    assert without.panels[0].columns == ()
    assert "above" not in without.description
    assert [panel.columns for panel in make_spec(symbols, [4], "states").panels] == [(), ()]


def height_of(svg: str, text: str) -> float:
    """Return how far below the top of the page a text stands, in points."""
    (attributes,) = re.findall(rf"<text([^>]*)>{text}</text>", svg)
    found = re.search(r'translate\([-\d.]+ ([-\d.]+)\)|\by="([-\d.]+)"', attributes)
    assert found is not None
    return float(found[1] or found[2])


@pytest.mark.parametrize("columns", [("u", "v", "w"), ("under", "very", "warm"), ()])
def test_the_name_of_the_answer_stands_above_the_picture_and_its_symbols(
    renderer: Renderer, columns: tuple[str, ...]
) -> None:
    heat_map = HeatMap("h", np.ones((2, 3)), (-1.0, 1.0), np.arange(2), "value")
    ticks = Axis("unit", ticks=((0.0, "upper"), (1.0, "lower")))
    panel = Panel(Axis("time"), ticks, heat_map=heat_map, uprights=(Level("answer", 1.5),), columns=columns)
    svg = renderer.render(FigureSpec("states", (panel,), "A map."), COLUMN, "svg").decode()
    tops = [height_of(svg, text) for text in ("answer", *columns[:1], "upper", "lower")]
    assert tops == sorted(tops)
    assert tops[-2] - tops[0] > 0.4 * (tops[-1] - tops[-2])  # the middle of the upper row lies half a row below the top
