"""Every check of the project, a stage each: style, types, layers, tests with and without Qt, the wheel."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

from steps import launching, qt_libraries
from steps.environment import CONSTRAINTS, ROOT, Environment, SetupError, ensure

CHECKED = launching.PROGRAM
WITHOUT_QT = Environment(ROOT / ".venv-without-qt")
QT_PACKAGES = ("pyside6", "pyqtgraph", "pytest-qt")


class CheckFailed(Exception):
    """A stage that did not pass; its text says which command, or what was wrong with its answer."""


def main(arguments: Sequence[str]) -> int:
    """Set up, run the stages asked for (all of them, if none is named) and sum up; return the exit status."""
    parser = argparse.ArgumentParser(prog="scripts/test.py", description=__doc__)
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=f"one of: {', '.join(STAGES)}")
    wanted = parser.parse_args(arguments).stages or list(STAGES)
    if unknown := [name for name in wanted if name not in STAGES]:
        parser.error(f"there is no stage {unknown[0]}; the stages are {', '.join(STAGES)}")
    summary: list[str] = []
    passed = [_stage("set-up", set_up, summary)]
    if passed[0]:
        passed += [_stage(name, STAGES[name], summary) for name in wanted]
    print("\n".join(["", "Summary", *summary]))
    return 0 if all(passed) else 1


def _stage(name: str, check: Callable[[], None], summary: list[str]) -> bool:
    """Run one stage under its heading, add its line to the summary, and tell whether it passed."""
    print(f"\n===== {name} =====", flush=True)
    started = time.monotonic()
    try:
        check()
        verdict = "passed"
    except (CheckFailed, SetupError) as error:
        print(error, flush=True)
        verdict = "FAILED"
    summary.append(f"  {verdict}  {name} ({time.monotonic() - started:.0f} s)")
    print(f"----- {summary[-1].strip()} -----", flush=True)
    return verdict == "passed"


def set_up() -> None:
    """Install the package with its development extra, and the peer where a CPU build of it is found."""
    ensure(CHECKED, [launching.INSTALL, ("-e", ".[dev]")])
    peer = peer_requirement(CONSTRAINTS.read_text(encoding="utf-8"), sys.platform)
    if can_install(CHECKED, peer):
        ensure(CHECKED, [(peer,)])
    else:
        print(f"No build of {peer} is found for this Python: comparisons with torch are skipped.")
    if complaint := qt_libraries.provide(CHECKED):
        print(complaint)


def peer_requirement(constraints: str, platform: str) -> str:
    """Return the requirement for torch's CPU build in the pinned version.

    On Linux the registry's own builds are for CUDA; only a CPU build carries the local version ``+cpu``.
    """
    pin = re.search(r"^torch==\S+$", constraints, flags=re.MULTILINE)
    if pin is None:
        raise SetupError("constraints.txt has no pin of torch.")
    return pin.group() + "+cpu" * (platform == "linux")


def can_install(environment: Environment, requirement: str) -> bool:
    """Tell whether pip, as it is configured here, finds the requirement in the pinned version."""
    pip = [str(environment.python), "-m", "pip"]
    command = [*pip, "install", "--quiet", "--dry-run", "--no-deps", *environment.pins, requirement]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def style() -> None:
    """Lint, and compare the layout with the formatter's."""
    _run([CHECKED.command("ruff"), "check", "."])
    _run([CHECKED.command("ruff"), "format", "--check", "."])


def types() -> None:
    """Check the types of the package, the scripts and the tests."""
    _run([CHECKED.command("mypy"), "workbench", "scripts", "tests"])


def layers() -> None:
    """Check that imports go downwards and libraries stay in their rooms."""
    _run([CHECKED.command("lint-imports"), "--no-logo"])


def tests() -> None:
    """Run the whole suite, windows offscreen."""
    _pytest(CHECKED)


def tests_without_qt() -> None:
    """Run the suite of everything but the window where Qt is not installed."""
    ensure(WITHOUT_QT, [tuple(requirements_without_qt()), ("--no-deps", "-e", ".")])
    unknown_settings = ("-W", "ignore:Unknown config option:pytest.PytestConfigWarning")  # those of pytest-qt
    once = ("-m", "not once")
    _pytest(WITHOUT_QT, "--ignore=tests/gui", "--ignore=tests/scripts", *once, *unknown_settings)


def requirements_without_qt() -> list[str]:
    """Return what the package and its tests need, less Qt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    everything: list[str] = project["dependencies"] + project["optional-dependencies"]["dev"]
    return [requirement for requirement in everything if not requirement.lower().startswith(QT_PACKAGES)]


def wheel() -> None:
    """Build a wheel, install it into an empty environment and train a preset far from the checkout."""
    with tempfile.TemporaryDirectory(prefix="rnn-workbench-") as name:
        folder = Path(name).resolve()
        _run([CHECKED.python, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, ROOT])
        installed = Environment(folder / "environment")
        installed.create()
        installed.pip_install((str(next(folder.glob("*.whl"))),))
        run = ["run", "adding-lstm", "--steps", "20", "--json", "--workbook", "proof.rnnw"]
        output = _run([installed.command("rnn-workbench"), *run], cwd=folder, stdout=subprocess.PIPE)
        require_trained(output, steps=20)


def require_trained(output: str, steps: int) -> None:
    """Raise CheckFailed unless the last line printed says that a run finished after so many steps."""
    print(output, end="", flush=True)
    try:
        result = json.loads(output.strip().splitlines()[-1])
        finished = result["status"] == "finished" and result["step"] == steps
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise CheckFailed(f"The installed command printed no result: {error!r}") from error
    if not finished:
        raise CheckFailed(f"The installed command did not finish {steps} steps.")


def _pytest(environment: Environment, *options: str) -> None:
    # One thread of linear algebra for each of the processes that share the machine.
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    pytest = ["-m", "pytest", "-q", "-n", "auto", "--maxprocesses=4", *options]
    _run([environment.python, *pytest], variables={"QT_QPA_PLATFORM": "offscreen", **threads})


def _run(
    command: Sequence[str | Path],
    cwd: Path = ROOT,
    variables: dict[str, str] | None = None,
    stdout: int | None = None,
) -> str:
    """Run a command and return what it printed, if that was caught; raise CheckFailed if it fails."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    shown = " ".join([Path(command[0]).name, *map(str, command[1:])])
    print(f"$ {shown}", flush=True)
    done = subprocess.run(command, cwd=cwd, env=inherited | (variables or {}), stdout=stdout, text=True, check=False)
    if done.returncode != 0:
        raise CheckFailed(f"{done.stdout or ''}This failed (status {done.returncode}): {shown}")
    return done.stdout or ""


STAGES: dict[str, Callable[[], None]] = {
    "style": style,
    "types": types,
    "layers": layers,
    "tests": tests,
    "tests-without-qt": tests_without_qt,
    "wheel": wheel,
}
