"""Runs of compiled code: chosen, compiled once, resumed to the same numbers, and done without where it is broken."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.lab.support import assert_same_numbers, ended, small_experiment, wait_until, worker
from workbench.backends import BackendError
from workbench.backends.installed import numba_version
from workbench.backends.numba.modules import cache_folder
from workbench.lab.errors import LabError
from workbench.lab.following import train_here
from workbench.lab.origin import Origin
from workbench.lab.running import send_command, start_run
from workbench.lab.workbook import RunRecord, Workbook

COMPILING = "Compiling GRU, once per cell."
IMPORT_FAILS = "raise ImportError('a broken copy')"
LIBRARY_IS_BROKEN = "raise OSError('no shared library')"
NOT_INSTALLED = "import sys; sys.modules['numba'] = None"
PROCESS_DIES = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"

Break = Callable[[str], None]


@pytest.fixture
def nothing_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of compiled cells, of the test's own and empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return cache_folder()


@pytest.fixture
def break_numba(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Break:
    """Put another Numba, which does as it is told, before the one that workers would find."""

    def put(program: str) -> None:
        folder = tmp_path / "broken"
        places = {NOT_INSTALLED: "sitecustomize.py", LIBRARY_IS_BROKEN: "llvmlite/__init__.py"}
        module = folder / places.get(program, "numba/__init__.py")
        module.parent.mkdir(parents=True)
        module.write_text(program)
        monkeypatch.setenv("PYTHONPATH", str(folder))

    return put


def origin_of(workbook: Workbook, run: int) -> Origin:
    return Origin.from_values(workbook.runs.get(run).origin)


def stopped_on_the_way(workbook: Workbook) -> int:
    """Train a run with compiled code and stop it before its end."""
    run = start_run(workbook, small_experiment(backend="numba", steps=3000))
    with worker(workbook, run) as process:
        wait_until(lambda: workbook.runs.get(run).step > 50, "some steps")
        send_command(workbook, run, "stop")
        assert ended(process) == 0
    assert workbook.runs.get(run).step < 3000
    return run


def test_auto_chooses_compiled_code_and_the_run_keeps_with_what_it_was_made(workbook: Workbook) -> None:
    origin = origin_of(workbook, start_run(workbook, small_experiment(backend="auto")))
    assert (origin.backend, origin.numba) == ("numba", numba_version())


@pytest.mark.parametrize("missing", ["numba", "llvmlite"])
def test_auto_chooses_numpy_where_numba_or_what_it_needs_is_missing(
    workbook: Workbook, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    origin = origin_of(workbook, start_run(workbook, small_experiment(backend="auto")))
    assert (origin.backend, origin.numba) == ("numpy", "")


def test_numba_asked_for_by_name_and_missing_is_refused_with_how_to_install_it(
    workbook: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(BackendError, match="pip install numba"):
        start_run(workbook, small_experiment(backend="numba"))


def test_a_cell_is_compiled_once_and_its_run_says_so(workbook: Workbook, nothing_compiled: Path) -> None:
    said: list[set[tuple[str, str]]] = []
    for _ in range(2):
        told: set[tuple[str, str]] = set()
        said.append(told)

        def listen(record: RunRecord, told: set[tuple[str, str]] = told) -> None:
            told.add((record.status, record.sentence))

        record = train_here(workbook, start_run(workbook, small_experiment(backend="numba")), listen)
        assert (record.status, record.sentence) == ("finished", "")
    assert ("starting", COMPILING) in said[0]
    assert {sentence for _, sentence in said[1]} == {""}


@pytest.mark.parametrize("way", ["command", "signal"])
def test_a_run_can_be_stopped_while_its_cell_is_compiled(workbook: Workbook, nothing_compiled: Path, way: str) -> None:
    run = start_run(workbook, small_experiment(backend="numba"))
    with worker(workbook, run) as process:
        wait_until(lambda: any(nothing_compiled.glob(".making*")), "the compiling")
        assert workbook.runs.get(run).sentence == COMPILING
        if way == "command":
            send_command(workbook, run, "stop")
        else:
            os.kill(process.pid, signal.SIGTERM)
        assert ended(process) == 0
    record = workbook.runs.get(run)
    assert (record.status, record.step) == ("stopped", 0)
    assert "while its cell was being compiled" in record.sentence
    assert workbook.commands.pending(run) == ()
    assert list(nothing_compiled.glob(".making*")) == []


def test_a_run_of_compiled_code_resumes_to_the_very_numbers(workbook: Workbook) -> None:
    run = stopped_on_the_way(workbook)
    assert train_here(workbook, run).status == "finished"
    undisturbed = train_here(workbook, start_run(workbook, small_experiment(backend="numba", steps=3000)))
    assert_same_numbers(workbook, run, undisturbed.id)


def test_compiled_code_learns_what_numpy_learns(workbook: Workbook) -> None:
    """They add up in another order, so that the last digits of float32 differ."""
    runs = [
        train_here(
            workbook,
            start_run(
                workbook,
                small_experiment(cell="lstm", hidden=16, task={"name": "adding", "length": 20}, backend=backend),
            ),
        )
        for backend in ("numba", "numpy")
    ]
    losses = [workbook.validations.read(run.id)["loss"] for run in runs]
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-3)


@pytest.mark.parametrize(
    ("program", "why"),
    [(IMPORT_FAILS, "a broken copy"), (LIBRARY_IS_BROKEN, "no shared library"), (PROCESS_DIES, "broke off")],
)
def test_a_run_whose_backend_was_left_to_us_goes_on_with_numpy_where_compiling_fails(
    workbook: Workbook, break_numba: Break, nothing_compiled: Path, program: str, why: str
) -> None:
    break_numba(program)
    run = start_run(workbook, small_experiment(backend="auto"))
    assert origin_of(workbook, run).backend == "numba"
    assert train_here(workbook, run).status == "finished"
    origin = origin_of(workbook, run)
    assert (origin.backend, origin.numba, origin.threads) == ("numpy", "", 1)
    message = workbook.messages.read(run)[0]
    assert message.level == "warning"
    assert why in message.text
    assert message.text.endswith("This run is trained with NumPy.")
    plain = train_here(workbook, start_run(workbook, small_experiment(backend="numpy")))
    assert_same_numbers(workbook, run, plain.id)


def test_a_compiled_cell_does_not_hide_that_numba_is_broken(workbook: Workbook, break_numba: Break) -> None:
    train_here(workbook, start_run(workbook, small_experiment(backend="numba", steps=2)))
    break_numba(IMPORT_FAILS)
    run = start_run(workbook, small_experiment(backend="auto", steps=2))
    assert train_here(workbook, run).status == "finished"
    assert origin_of(workbook, run).backend == "numpy"


def test_a_run_for_which_numba_was_asked_by_name_fails_where_compiling_does(
    workbook: Workbook, break_numba: Break
) -> None:
    break_numba(IMPORT_FAILS)
    record = train_here(workbook, start_run(workbook, small_experiment(backend="numba")))
    assert (record.status, record.step) == ("failed", 0)
    assert "a broken copy" in record.sentence
    assert "pip install numba" in record.sentence


@pytest.mark.parametrize("program", [IMPORT_FAILS, NOT_INSTALLED])
def test_a_run_that_has_begun_never_changes_its_backend(
    workbook: Workbook, break_numba: Break, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    run = stopped_on_the_way(workbook)
    step = workbook.runs.get(run).step
    break_numba(program)
    with pytest.raises(LabError, match=r"pip install numba.* Another backend would change the run's numbers"):
        train_here(workbook, run)
    record = workbook.runs.get(run)
    assert (record.status, record.step, origin_of(workbook, run).backend) == ("interrupted", step, "numba")
    monkeypatch.delenv("PYTHONPATH")
    assert train_here(workbook, run).status == "finished"
