"""What the figures' tests share: a workbook of made-up numbers, and ways to look at what was drawn."""

import io
import re
import zlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from workbench.figures.spec import Axis, Curve, FigureSpec, Panel
from workbench.figures.style import STYLES
from workbench.lab.experiment import Experiment
from workbench.lab.running import start_run
from workbench.lab.workbook import Columns, Workbook
from workbench.tasks import Baseline

COLUMN = STYLES["column"]
UNITS, LENGTH = 6, 12
LENGTHS = (12, 24, 100)  # on which the made-up runs were tested
FILM = (0, 50, 100)


def experiment(**values: object) -> Experiment:
    """Return a small experiment of the adding problem."""
    own = {"cell": "lstm", "hidden": UNITS, "task": {"name": "adding", "length": LENGTH}, "batch": 4, "steps": 100}
    return Experiment(**{**own, "backend": "numpy", **values})  # type: ignore[arg-type]


def add_idle_run(workbook: Workbook, **values: object) -> int:
    """Add a run that has not begun."""
    return start_run(workbook, experiment(**values))


def add_run(workbook: Workbook, fall: float = 30.0, **values: object) -> int:
    """Add a run whose numbers are formulas: a loss that falls by e every ``fall`` steps, waves as states."""
    run = add_idle_run(workbook, **values)
    steps = np.arange(1, 101)
    loss = np.exp(-steps / fall) * (1 + 0.2 * np.sin(steps))
    workbook.scalars.append(run, Columns(steps, {"loss": loss, "seconds": steps / 10.0}))
    held_out = np.array([0, 50, 100])
    mse = 1.1 * np.exp(-held_out / fall)
    by_length = {f"mse at length {length}": mse * length / LENGTH for length in LENGTHS}
    scores = {"loss": mse, "mse": mse, "within 0.04": 1 - mse / 2}
    workbook.validations.append(run, Columns(held_out, scores | by_length))
    workbook.runs.set_baselines(run, [Baseline("always 1", 1 / 6, 1 / 6, "1/6", "a formula")])
    layers = int(values.get("layers", 1))  # type: ignore[call-overload]
    for step in FILM:
        workbook.film.append(run, step, made_up_snapshot(step, layers))
    return run


def made_up_snapshot(step: int, layers: int = 1) -> dict[str, NDArray[Any]]:
    """Return a snapshot of the LSTM: unit u of h at time t is sin(u + t / 4), larger with each step."""
    time, unit = np.meshgrid(np.arange(LENGTH), np.arange(UNITS), indexing="ij")
    inputs = np.stack([np.linspace(0, 1, LENGTH), (np.arange(LENGTH) % 6 == 2).astype(float)], axis=1)
    arrays: dict[str, NDArray[Any]] = {"inputs": inputs, "targets": np.array([1.0]), "outputs": np.array([0.9])}
    angle = 2 * np.pi * np.arange(UNITS) / UNITS
    for layer in range(1, layers + 1):
        wave = np.sin(unit + time / 4).astype(np.float32) * (1 + step / 100)
        arrays[f"values/{layer}.h"], arrays[f"values/{layer}.c"] = wave, 2 * wave
        for gate in "fio":
            arrays[f"values/{layer}.{gate}"] = 1 / (1 + np.exp(-wave))
        arrays[f"gradient-norm/{layer}.h"] = 10.0 ** -np.arange(LENGTH)[::-1]
        arrays[f"gradient-norm/{layer}.c"] = np.full(LENGTH, 0.1)
        for name in ("W_fh", "W_ih", "W_oh", "W_ch"):
            arrays[f"eigenvalues/{layer}.{name}"] = 0.9 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
            arrays[f"norm/{layer}.{name}"] = np.array(2.0 + step / 50)
            if step:
                arrays[f"update-ratio/{layer}.{name}"] = np.array(0.1 / step)
        arrays[f"norm/{layer}.b_f"] = np.array(step / 100)
    return arrays | {"norm/readout.W": np.array(0.5)}


def one_curve(y: Iterable[float], x: Iterable[float] | None = None, **words: Any) -> FigureSpec:
    """Return a figure of one blue curve; ``words`` are the y axis's."""
    up = np.array(list(y), float)
    across = np.arange(len(up)) if x is None else np.array(list(x), float)
    panel = Panel(Axis("training step", whole=True), Axis("loss", **words), (Curve("a", across, up),))
    return FigureSpec("loss", (panel,), "A curve.")


def named(spec: FigureSpec, title: str = "", caption: str = "") -> FigureSpec:
    """Return the figure with other words about it."""
    return replace(spec, title=title, caption=caption)


def pixels(png: bytes) -> NDArray[np.uint8]:
    """Return a picture as (height, width, 4) of red, green, blue and opacity."""
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGBA"))


def places_of(colour: str, picture: NDArray[np.uint8], tolerance: int = 6) -> NDArray[np.intp]:
    """Return (N, 2), row and column of each pixel of a colour such as "#0072B2"."""
    wanted = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
    return np.argwhere((np.abs(picture[:, :, :3].astype(int) - wanted) <= tolerance).all(axis=2))


def svg_texts(svg: bytes) -> list[str]:
    """Return the texts of an SVG in order; pieces of mathematics stand together."""
    found = re.findall(r"<text[^>]*>(.*?)</text>", svg.decode(), re.DOTALL)
    return ["".join(re.sub(r"<[^>]*>", "", text).split("\n")).strip() for text in found]


def svg_lines(svg: bytes, colour: str = "") -> list[tuple[str, str]]:
    """Return the path and the style of each open line of a colour, such as "#0072b2"; curves before the legend."""
    found = re.findall(r'<path d="([^"]*)"[^>]*? style="(fill: none;[^"]*)"', svg.decode())
    return [(path, style) for path, style in found if f"stroke: {colour}" in style]


def pdf_streams(pdf: bytes) -> list[bytes]:
    """Return the streams of a PDF, unpacked."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return [zlib.decompressobj().decompress(stream) for stream in packed if stream[:1] == b"x"]
