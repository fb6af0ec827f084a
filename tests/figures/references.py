"""The stored pictures: which there are, and how they are made anew.

After a change that is meant, run ``python -m tests.figures.references`` in the project's folder, and look at each.
"""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

import workbench
from tests.figures.support import COLUMN, add_run, experiment
from workbench.figures.figure import make_spec
from workbench.figures.renderer import Renderer
from workbench.lab.workbook import Workbook, open_workbook

FOLDER = Path(__file__).parent / "images"
RESOLUTION = 72

MADE_UP: Mapping[str, tuple[tuple[int, ...], str, dict[str, Any]]] = MappingProxyType(
    {
        "loss": ((1,), "loss", {"title": "Loss", "caption": "The dashed line is what a constant scores."}),
        "loss-of-two": ((1, 2), "loss", {"scale": "linear"}),
        "metric": ((1, 2), "metric", {"metric": "mse"}),
        "states": ((1,), "states", {}),
        "states-sorted": ((1,), "states", {"value": "f", "order": "final value", "inputs": False}),
        "gradient-flow": ((1,), "gradient-flow", {}),
        "parameter-norms": ((1,), "parameter-norms", {"shows": "both"}),
        "spectrum": ((1,), "spectrum", {}),
    }
)
REAL = ("loss", "metric", "states", "gradient-flow", "spectrum")  # when snapshots are taken depends on the machine


def draw_made_up(renderer: Renderer, book: Workbook, name: str) -> bytes:
    """Return a picture of made-up numbers."""
    runs, kind, options = MADE_UP[name]
    return renderer.render(make_spec(book, runs, kind, **options), COLUMN, "png", dpi=RESOLUTION)


def draw_real(renderer: Renderer, trained: Workbook, kind: str) -> bytes:
    """Return a picture of the run that was really trained."""
    return renderer.render(make_spec(trained, [1], kind), COLUMN, "png", dpi=RESOLUTION)


def main() -> None:
    """Draw all of them into the folder of pictures."""
    with TemporaryDirectory() as folder, Renderer() as renderer:
        with open_workbook(Path(folder) / "book.rnnw", create=True) as book:
            add_run(book, name="first")
            add_run(book, name="second", fall=60.0)
            for name in MADE_UP:
                (FOLDER / f"{name}.png").write_bytes(draw_made_up(renderer, book, name))
        path = Path(folder) / "trained.rnnw"
        workbench.train(experiment(name="trained", validate_every=20), workbook=path)
        with open_workbook(path) as trained:
            for kind in REAL:
                (FOLDER / f"real-{kind}.png").write_bytes(draw_real(renderer, trained, kind))


if __name__ == "__main__":
    main()
