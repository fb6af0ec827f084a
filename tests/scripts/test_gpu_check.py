"""What checks a card is itself checked with NumPy: real comparisons at small sizes, and programs that are wrong."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from itertools import count
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.cases import Case
from gpu.backends import make_backend
from gpu.cases import ODD, SPEED, Sizes, cells_to_check, elementwise_cells, odd_sizes, speed_sizes
from gpu.correctness import NOT_ROUNDING, check_cell, check_cells, largest_error
from gpu.main import DONE, FAILED, NO_CARD, PARTS, finish, main, parts
from gpu.own_step import OwnStep, multiplications
from gpu.repeating import check_identity, check_resume
from gpu.report import Line, Report, failed, guarded
from gpu.speed import beside_cudnn, beside_loops, disagreement
from gpu.steps import bandwidth, bytes_moved, copy_bandwidth, time_steps
from gpu.timing import seconds_in_turn

from tests.backends.cupy.installations import CARD, install_training
from workbench.backends import BackendError
from workbench.backends.numpy import NumpyBackend
from workbench.cells import catalogue
from workbench.errors import WorkbenchError

ROOT = Path(__file__).resolve().parents[2]
SMALL = Sizes(6, 2, 4)
NOT_NEEDED = ("PySide6", "llvmlite", "matplotlib", "numba", "platformdirs", "pyqtgraph", "safetensors", "scipy", "tqdm")


class Wrong(NumpyBackend):
    """Programs whose gradients of one parameter are too large by a thousandth, or by chance."""

    def __init__(self, factors: Iterator[float]) -> None:
        self.factors = factors

    def compile(self, *arguments: Any, **sizes: Any) -> Any:
        program = super().compile(*arguments, **sizes)
        right = program.backward

        def backward(*given: Any, **options: Any) -> Any:
            gradients = right(*given, **options)
            gradients.parameters["W_fh"] *= next(self.factors)
            return gradients

        program.backward = backward  # type: ignore[method-assign]
        return program


class Refusing(NumpyBackend):
    """A backend on which no way applies."""

    def compile(self, *arguments: Any, **sizes: Any) -> Any:
        raise BackendError("LSTM with 6 units does not fit one launch on it; choose another way")


def put(monkeypatch: pytest.MonkeyPatch, backend: NumpyBackend) -> None:
    for module in ("gpu.correctness", "gpu.repeating"):
        monkeypatch.setattr(f"{module}.make_backend", lambda *_: backend)


def report_of(*lines: Line) -> Report:
    said: list[str] = []
    report = Report({"card": "none"}, said.append)
    report.run("part", lambda: lines)
    return report


# Correctness.


def test_right_programs_pass_in_both_precisions() -> None:
    lines = check_cell("numpy", "lstm", (None,), [SMALL, Sizes(1, 1, 1)], Sizes(70, 2, 9))
    assert [(line.name, line.passed) for line in lines] == [("lstm, float32", True), ("lstm, float64", True)]
    assert "3 sizes" in lines[0].says


def test_a_wrong_gradient_fails_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, Wrong(iter([1.001] * 99)))
    lines = check_cell("numpy", "lstm", (None,), [SMALL], None)
    assert [line.passed for line in lines] == [False, False]
    assert "dL/dW_fh at H=6, B=2, T=4" in lines[0].says


def test_a_way_that_does_not_apply_is_told_and_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, Refusing())
    (line,) = check_cell("numpy", "lstm", ("persistent",), [SMALL], None)
    assert (line.name, line.passed, line.says) == ("lstm, persistent", None, "does not apply at any size")


def test_a_size_that_breaks_off_is_a_line_of_its_own() -> None:
    lines = check_cell("numpy", "lstm", (None,), [SMALL, Sizes(0, 1, 1)], None)
    assert [line.passed for line in lines] == [False, True, True]
    assert "H=0" in lines[0].name


def test_an_error_of_rounding_alone_is_laid_to_float32() -> None:
    """The gradient of a sum that cancels: NumPy's own float32 is as far off, and float64 is right."""
    lines = check_cell("numpy", "mut1", (None,), [Sizes(1, 1, 17)], None)
    error, _ = largest_error(make_backend("numpy"), catalogue()["mut1"], Sizes(1, 1, 17), ["float32"])["float32"]
    assert 1e-4 < error < NOT_ROUNDING
    assert all(line.passed for line in lines)


def test_cells_are_checked_side_by_side_in_processes() -> None:
    lines = list(check_cells("numpy", ["elman", "nonsense"], (None,), [SMALL], None))
    assert [(line.name, line.passed) for line in lines] == [
        ("elman, float32", True),
        ("elman, float64", True),
        ("nonsense", False),
    ]


# Repeating.


def test_the_same_numbers_each_time_pass() -> None:
    (line,) = check_identity("numpy", ["lstm"], (None,), [SMALL])
    assert (line.passed, line.says) == (True, "bit for bit the same")


def test_numbers_that_change_from_run_to_run_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, Wrong(1.0 + 1e-6 * number for number in count()))
    (line,) = check_identity("numpy", ["lstm"], (None,), [SMALL])
    assert (line.passed, line.says) == (False, "differs: dL/dW_fh at H=6, B=2, T=4")


def test_a_resumed_training_has_the_very_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = check_resume("numpy", ["lstm"], hidden=5, length=6)
    assert line.passed
    put(monkeypatch, Wrong(1.0 + 1e-4 * number for number in count()))
    (line,) = check_resume("numpy", ["lstm"], hidden=5, length=6)
    assert line.passed is False


# Speed.


def test_every_case_of_speed_is_reported_and_its_mean_told_only_beside_a_peer() -> None:
    lines = list(beside_cudnn("numpy", [SMALL], None, cells=["lstm"]))
    assert [line.name for line in lines] == ["lstm, H=6, B=2, T=4", "lstm, H=6, B=2, T=4, TF32"]
    assert all(isinstance(line.figures["ours, ms"], float) for line in lines)


def test_what_there_is_no_time_for_is_told_to_be_missing() -> None:
    lines = list(beside_cudnn("numpy", [SMALL], None, until=-inf, cells=["lstm"]))
    assert [(line.passed, line.says) for line in lines] == [(False, "not measured: the time was over")] * 2


def test_our_step_computes_what_torch_does() -> None:
    torch_steps = pytest.importorskip("gpu.torch_steps", exc_type=ImportError)
    for cell in ("elman", "gru", "lstm"):
        case = Case(cell, 2, 4, 3, 6)
        ours, theirs = OwnStep(make_backend("numpy"), case), torch_steps.TorchStep(case, "cpu")
        assert disagreement(ours.check(), theirs.check()) == ""
        assert disagreement(ours.check(), theirs.check()) == ""


def test_torch_has_a_loop_for_each_cell_that_cudnn_lacks() -> None:
    torch_steps = pytest.importorskip("gpu.torch_steps", exc_type=ImportError)
    for cell in ("gated", "lstm-peephole", "lstm-layernorm", "mut1", "typed lstm"):
        loss, norm = torch_steps.TorchStep(Case(cell, 2, 4, 3, 6), "cpu").check()
        assert np.isfinite([loss, norm]).all()


def test_libraries_that_do_not_compute_the_same_are_not_compared() -> None:
    assert disagreement((1.0, 2.0), (1.0, 2.0)) == ""
    assert "our gradient norm is 2, torch's 2.1" in disagreement((1.0, 2.0), (1.0, 2.1))


def test_cells_are_compared_per_unit_of_work() -> None:
    (line,) = beside_loops("numpy", [SMALL], None, ["gated"])
    milliseconds = line.figures["ours, ms"], line.figures["lstm, ms"]
    assert isinstance(milliseconds[0], float)
    assert isinstance(milliseconds[1], float)
    # Both have as many sums with x as with the state; gated has half as many of them.
    assert line.figures["beside our LSTM"] == pytest.approx(2 * milliseconds[0] / milliseconds[1])


def test_work_is_counted_in_multiplications_with_matrices() -> None:
    assert multiplications(catalogue()["lstm"], 3, 5) == 4 * (5 * 5 + 5 * 3)
    assert multiplications(catalogue()["indrnn"], 3, 5) == 5 * 3


def test_microseconds_a_step_are_told_with_their_bars() -> None:
    (line,) = time_steps("numpy", (None,), SMALL, ["lstm"])
    assert (line.figures["bar forward, us"], line.figures["bar forward and backward, us"]) == (10.0, 25.0)
    (half,) = time_steps("numpy", ("persistent",), SMALL, ["lstm"])
    assert half.figures["bar forward, us"] == 5.0
    (unjudged,) = time_steps("numpy", ("uncaptured",), SMALL, ["lstm"])
    assert unjudged.passed is None


def test_the_bytes_that_a_pass_moves_are_counted_from_the_plan() -> None:
    # minGRU: two products with x, written and read; the state, and what the backward pass needs beside it.
    cell, sizes = catalogue()["mingru"], Sizes(5, 2, 3)
    kept = 1 + len(cell.folded_plan.saved)
    assert bytes_moved(cell, sizes, inputs=4) == 4 * (2 * 3) * (4 + 5 * (2 * 2 + kept))


def test_elementwise_recurrences_are_measured_beside_copying() -> None:
    lines = list(bandwidth("numpy", SMALL, 1000))
    assert lines[0].name == "copying"
    assert (
        {line.name for line in lines[1:]} == set(elementwise_cells()) == {"indrnn", "lru", "mingru", "minlstm", "sru"}
    )
    assert copy_bandwidth("numpy", 1000) > 0


def test_times_are_taken_in_turn_after_warming_up() -> None:
    calls: list[str] = []
    works = {name: lambda own=name: calls.append(own) for name in ("a", "b")}
    found = seconds_in_turn(works, lambda: calls.append("wait"), rounds=2, seconds=1e-9)
    assert set(found) == {"a", "b"}
    assert calls[:8] == ["a", "a", "a", "wait", "a", "a", "wait", "b"]
    assert calls[-6:] == ["wait", "a", "wait", "wait", "b", "wait"]


# Cases and report.


def test_the_sizes_are_those_that_were_promised() -> None:
    assert len(ODD) == 18
    assert {(s.hidden, s.batch, s.steps) for s in SPEED} == {
        (h, b, t) for h in (64, 128, 256, 512, 1024) for b in (16, 64, 256) for t in (100, 1000)
    }
    assert set(cells_to_check(quick=False)) == set(catalogue())
    assert set(cells_to_check(quick=True)) < set(catalogue())
    assert len(odd_sizes(quick=True)) < len(ODD)
    assert len(speed_sizes(quick=True)) < len(SPEED)
    assert set(parts("numpy", (None,), quick=True, until=0)) == set(PARTS)


def test_the_table_has_what_failed_first() -> None:
    report = report_of(
        Line("a", "fine", True, "yes"), Line("b", "measured", None, "3 ms"), Line("c", "bad", False, "no")
    )
    rows = report.table().splitlines()
    assert rows[2] == "| c    | bad      | FAILED | no |"
    assert "| -      | 3 ms |" in rows[4]


def test_the_json_object_holds_everything(tmp_path: Path) -> None:
    report = report_of(Line("a", "fine", True, "yes", {"ms": 1.5}))
    assert finish(report, tmp_path / "figures.json") == DONE
    values = json.loads((tmp_path / "figures.json").read_text())
    assert values["passed"] is True
    assert values["about"] == {"card": "none"}
    assert values["lines"] == [{"part": "a", "name": "fine", "passed": True, "says": "yes", "figures": {"ms": 1.5}}]
    assert finish(report_of(Line("a", "bad", False, "no")), None) == FAILED


def test_a_part_that_breaks_off_keeps_no_other_from_its_turn() -> None:
    report = report_of()

    def broken() -> Iterator[Line]:
        yield Line("one", "first", True, "yes")
        raise ZeroDivisionError("division by zero")

    report.run("one", broken)
    report.run("two", lambda: [Line("two", "first", True, "yes")])
    assert [(line.part, line.passed) for line in report.lines] == [("one", True), ("one", False), ("two", True)]
    assert not report.passed


def test_a_case_that_breaks_off_is_a_line() -> None:
    def broken(reason: str) -> Line:
        raise WorkbenchError(reason)

    assert guarded("part", "name", broken, "no such thing") == Line("part", "name", False, "no such thing")
    assert failed("part", "name", ValueError("x")).says == "ValueError: x"


# The script.


def script(*arguments: str, environment: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(ROOT / "scripts" / "gpu_check.py"), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=200, env=os.environ | dict(environment or {})
    )


def test_without_a_card_the_script_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    done = script(environment={"CUDA_VISIBLE_DEVICES": "-1"})
    assert done.returncode == NO_CARD
    assert done.stdout.startswith("The GPU cannot be used: ")


def test_a_part_that_there_is_not_is_refused_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["speeed"])
    assert "there is no part 'speeed'; there are correctness" in capsys.readouterr().err


def test_the_script_needs_no_window_no_compiler_and_no_cache(tmp_path: Path) -> None:
    environment = install_training(tmp_path)
    blocker = (
        "import sys\nclass _Block:\n    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.partition('.')[0] in {NOT_NEEDED}: raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, _Block())\n"
    )
    (tmp_path / "sitecustomize.py").write_text(blocker + (tmp_path / "sitecustomize.py").read_text())
    done = script("identity", "resume", "--quick", "--json", str(tmp_path / "out.json"), environment=environment)
    assert done.returncode == DONE, done.stdout + done.stderr
    values = json.loads((tmp_path / "out.json").read_text())
    assert json.loads(done.stdout.splitlines()[-1]) == values
    assert (values["about"]["card"], values["about"]["CuPy"]) == (CARD, "14.2.0")
    assert {line["part"] for line in values["lines"]} == {"identity", "resume"}
