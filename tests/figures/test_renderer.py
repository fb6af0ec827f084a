"""The helper process: started when needed, restarted when it died, gone afterwards."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.figures.support import COLUMN, one_curve
from tests.lab.support import wait_until
from workbench.figures.errors import DrawingError, FigureError
from workbench.figures.renderer import Renderer

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
SPEC = one_curve([1, 2, 3])


def is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z"  # ended; init has yet to see it


def test_one_process_draws_everything() -> None:
    with Renderer() as renderer:
        renderer.render(SPEC, COLUMN, "png", dpi=72)
        first = renderer.process
        renderer.render(SPEC, COLUMN, "svg")
        assert first is not None
        assert renderer.process == first


@needs_signals
def test_a_helper_that_died_is_started_again() -> None:
    with Renderer() as renderer:
        drawn = renderer.render(SPEC, COLUMN, "png", dpi=72)
        first = renderer.process
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert renderer.render(SPEC, COLUMN, "png", dpi=72) == drawn
        assert renderer.process not in (None, first)


@needs_signals
def test_closing_leaves_no_process() -> None:
    renderer = Renderer()
    renderer.start()
    process = renderer.process
    assert process is not None
    renderer.close()
    assert renderer.process is None
    assert is_gone(process)
    renderer.close()


@needs_signals
def test_the_helper_ends_with_a_program_that_was_killed() -> None:
    code = (
        "import time\nfrom workbench.figures.renderer import Renderer\n"
        "renderer = Renderer()\nrenderer.start()\nprint(renderer.process, flush=True)\ntime.sleep(600)"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        helper = int(program.stdout.readline())
        assert not is_gone(helper)
        program.kill()
    wait_until(lambda: is_gone(helper), "the helper to end")


@needs_signals
def test_ctrl_c_in_the_terminal_does_not_end_the_helper() -> None:
    with Renderer() as renderer:
        renderer.render(SPEC, COLUMN, "png", dpi=72)
        process = renderer.process
        assert process is not None
        os.kill(process, signal.SIGINT)
        renderer.render(SPEC, COLUMN, "png", dpi=72)
        assert renderer.process == process


def test_threads_share_one_helper() -> None:
    with Renderer() as renderer, ThreadPoolExecutor(4) as threads:
        specs = [one_curve(range(2, 10 + k)) for k in range(4)]
        alone = [renderer.render(spec, COLUMN, "svg") for spec in specs]
        assert list(threads.map(lambda spec: renderer.render(spec, COLUMN, "svg"), specs)) == alone


def test_a_helper_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))  # an interpreter that finds no library
    with Renderer() as renderer, pytest.raises(DrawingError, match=r"ended unexpectedly\. It said: "):
        renderer.render(SPEC, COLUMN, "png")


def test_after_a_figure_that_cannot_be_drawn_comes_the_next(renderer: Renderer) -> None:
    from dataclasses import replace

    with pytest.raises(DrawingError):
        renderer.render(replace(SPEC, caption=r"\(\wrong\)"), COLUMN, "png")
    process = renderer.process
    assert renderer.render(SPEC, COLUMN, "png", dpi=72)
    assert renderer.process == process


@pytest.mark.parametrize("dpi", [0, 29, 1201, -5])
def test_a_resolution_out_of_reason_is_refused(renderer: Renderer, dpi: int) -> None:
    with pytest.raises(FigureError, match="dots per inch are not between 30 and 1200"):
        renderer.render(SPEC, COLUMN, "png", dpi=dpi)


def test_the_program_itself_never_loads_matplotlib() -> None:
    code = (
        "import sys, workbench.figures.figure, workbench.figures.choices\n"
        "print([name for name in ('matplotlib', 'scipy', 'numba', 'llvmlite', 'PySide6') if name in sys.modules])"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    assert subprocess.check_output([sys.executable, "-c", code], env=environment, text=True) == "[]\n"
