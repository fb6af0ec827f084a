"""Every kind of figure looks as it did when somebody last looked: see ``references.py`` for how to store them anew."""

from pathlib import Path

import numpy as np
import pytest

from tests.figures.references import FOLDER, MADE_UP, REAL, draw_made_up, draw_real
from tests.figures.support import pixels
from workbench.figures.renderer import Renderer
from workbench.lab.workbook import Workbook

TOLERANCE = 4.0  # root mean square over all colours, of 255; letters of another FreeType come to 2


def difference(first: bytes, second: bytes) -> float:
    """Return the root mean square of what differs between two pictures; infinite where their sizes differ."""
    ours, theirs = (pixels(png).astype(float) for png in (first, second))
    return float(np.sqrt(((ours - theirs) ** 2).mean())) if ours.shape == theirs.shape else np.inf


def compare(drawn: bytes, name: str, folder: Path) -> None:
    kept = folder / f"{name}.png"
    kept.write_bytes(drawn)
    stored = (FOLDER / f"{name}.png").read_bytes()
    assert difference(drawn, stored) < TOLERANCE, f"{name} looks different: compare {kept} with the stored picture"


@pytest.mark.parametrize("name", MADE_UP)
def test_a_figure_of_made_up_numbers_looks_as_stored(
    renderer: Renderer, book: Workbook, tmp_path: Path, name: str
) -> None:
    compare(draw_made_up(renderer, book, name), name, tmp_path)


@pytest.mark.parametrize("kind", REAL)
def test_a_figure_of_a_real_run_looks_as_stored(
    renderer: Renderer, trained: Workbook, tmp_path: Path, kind: str
) -> None:
    compare(draw_real(renderer, trained, kind), f"real-{kind}", tmp_path)


def test_the_comparison_tells_every_two_stored_pictures_apart() -> None:
    stored = [path.read_bytes() for path in sorted(FOLDER.glob("*.png"))]
    apart = [difference(one, other) for at, one in enumerate(stored) for other in stored[:at]]
    assert min(apart) > 1.4 * TOLERANCE
