"""Messages between the processes."""

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from workbench.figures.spec import Axis, Curve, FigureSpec, HeatMap, Level, Panel, Points
from workbench.figures.style import STYLES, Style
from workbench.lab.wire import from_plain, read_message, to_plain, write_message

NUMBERS = arrays.arrays(st.sampled_from(["<f4", "<f8", "<i8"]), arrays.array_shapes(min_dims=2, max_dims=2, min_side=0))


@given(NUMBERS, st.text(), st.none() | st.tuples(st.floats(allow_nan=False), st.floats(allow_nan=False)))
def test_a_figure_arrives_as_it_was_sent(
    values: "np.ndarray[tuple[int, int], np.dtype[np.float64]]", text: str, limits: tuple[float, float] | None
) -> None:
    rows = np.arange(len(values))
    flat = values.ravel()
    curve = Curve(text, flat, flat, line=None, marker=2)
    panel = Panel(
        Axis(text, unit="s", limits=limits, whole=True), Axis("y", scale="log"), (curve,), (Points("p", flat, flat),),
        HeatMap("m", values, (0.0, 1.0), rows, colours="grey"), (Level(text, 1.5),), True,
    )  # fmt: skip
    payload = bytearray()
    plain = json.loads(json.dumps(to_plain(FigureSpec("loss", (panel, panel), text), payload)))
    arrived: FigureSpec = from_plain(FigureSpec, plain, bytes(payload))
    again = bytearray()
    assert to_plain(arrived, again) == to_plain(FigureSpec("loss", (panel, panel), text), bytearray())
    assert again == payload
    assert arrived.panels[1].x == panel.x
    assert arrived.panels[0].heat_map is not None
    assert arrived.panels[0].heat_map.values.dtype == values.dtype


@pytest.mark.parametrize("style", STYLES.values())
def test_a_style_arrives_as_it_was_sent(style: Style) -> None:
    assert from_plain(Style, to_plain(style, bytearray()), b"") == style


def test_messages_follow_each_other_and_end() -> None:
    stream = io.BytesIO()
    write_message(stream, {"a": 1}, b"12345")
    write_message(stream, {"b": "ü"})
    stream.seek(0)
    assert read_message(stream) == ({"a": 1}, b"12345")
    assert read_message(stream) == ({"b": "ü"}, b"")
    assert read_message(stream) is None


@pytest.mark.parametrize("kept", [1, 11, 15, 22])
def test_a_message_that_is_cut_off_is_an_error(kept: int) -> None:
    stream = io.BytesIO()
    write_message(stream, {"a": 1}, b"12345")
    with pytest.raises(EOFError):
        read_message(io.BytesIO(stream.getvalue()[:kept]))
