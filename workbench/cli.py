"""The command line: ``rnn-workbench``."""

import argparse
import importlib.util
import io
import json
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from workbench import __version__
from workbench.errors import WorkbenchError
from workbench.figures.arguments import EXPORT, OPTIONS

DONE, FAILED, WRONG = 0, 1, 2
LOSSES = ("mse", "cross-entropy")  # metrics that are the loss by its own name

Answer = tuple[int, dict[str, Any], str]
"""Exit status, what --json prints, what a person reads."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments ask and return the exit status: 0 done, 1 the run failed, 2 what was asked is wrong."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter still gets the rest
    commands = _commands()
    if not given or (given[0] not in commands and not given[0].startswith("-")):
        return _open_window(given)
    options = _parser(commands).parse_args(given)
    try:
        status, figures, text = commands[options.command].run(options)
        print(json.dumps(figures, allow_nan=False) if options.json else text, flush=True)
    except WorkbenchError as error:
        print(f"rnn-workbench: {error}", file=sys.stderr)
        if options.json:
            print(json.dumps({"error": str(error)}))
        return WRONG
    except KeyboardInterrupt:
        return DONE
    except BrokenPipeError:
        # Whoever read our output has left. Python would complain of it once more on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        print(f"rnn-workbench: {error.filename or 'the output'}: {error.strerror or error}", file=sys.stderr)
        return WRONG
    return status


class Command:
    """A command: its help, its arguments and what it does."""

    def __init__(
        self, about: str, run: Callable[[argparse.Namespace], Answer], *arguments: tuple[str, dict[str, Any]]
    ) -> None:
        self.about, self.run, self.arguments = about, run, arguments


def _run_number(text: str) -> int:
    number = int(text)
    if not 0 < number < 2**63:
        raise ValueError
    return number


_run_number.__name__ = "run number"  # argparse names it in its errors

_WORKBOOK = ("workbook", {"type": Path, "metavar": "WORKBOOK", "help": "a workbook file"})
_RUN = ("run", {"type": _run_number, "metavar": "RUN", "help": "the run's number, as `runs` lists it"})
_WITH = "one more run in the same figure"


def _commands() -> dict[str, Command]:
    return {
        "run": Command(
            "train an experiment",
            _run,
            ("experiment", {"metavar": "EXPERIMENT", "help": "a TOML file, or a preset's name"}),
            ("--set", {"action": "append", "default": [], "metavar": "KEY=VALUE", "help": "such as task.length=100"}),
            ("--steps", {"type": int, "metavar": "N", "help": "training steps"}),
            ("--backend", {"choices": ["auto", "numpy", "numba", "cupy"], "help": "what computes"}),
            ("--workbook", {"type": Path, "metavar": "FILE", "help": "where to keep the run"}),
        ),
        "resume": Command("train a run on from its last checkpoint", _resume, _WORKBOOK, _RUN),
        "runs": Command("list the runs of a workbook", _runs, _WORKBOOK),
        "pause": Command("pause a run that is training", _steer, _WORKBOOK, _RUN),
        "go": Command("let a paused run go on", _steer, _WORKBOOK, _RUN),
        "stop": Command("stop a run with a checkpoint", _steer, _WORKBOOK, _RUN),
        "export": Command(
            "write a figure of a run, for paper",
            _export,
            _WORKBOOK,
            _RUN,
            ("--with", {"action": "append", "default": [], "type": _run_number, "metavar": "RUN", "help": _WITH}),
            *EXPORT,
        ),
        "check": Command(
            "check the gradient of a cell",
            _check,
            ("cell", {"metavar": "CELL.toml", "help": "a cell file, or a name of the catalogue"}),
        ),
        "cells": Command(
            "list the cells",
            _cells,
            ("--hidden", {"type": int, "default": 64, "metavar": "N", "help": "units to count parameters for (64)"}),
            ("--inputs", {"type": int, "default": 2, "metavar": "N", "help": "inputs to count parameters for (2)"}),
            ("--compile", {"nargs": "*", "metavar": "CELL", "help": "compile these ahead instead; none named: all"}),
            ("--dtype", {"choices": ["float32", "float64"], "default": "float32", "help": "precision to compile for"}),
        ),
        "tasks": Command("list the tasks", _tasks),
        "presets": Command("list the ready experiments", _presets),
        "devices": Command("list what can compute here", _devices),
    }


def _parser(commands: dict[str, Command]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rnn-workbench", description="Train recurrent networks and watch them learn.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"rnn-workbench {__version__}")
    below = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in commands.items():
        own = below.add_parser(name, help=command.about, description=command.about.capitalize() + ".")
        for argument, settings in command.arguments:
            own.add_argument(argument, **settings)
        own.add_argument("--json", action="store_true", help="print one JSON object last")
    return parser


def _open_window(given: Sequence[str]) -> int:
    from workbench.gui.display import NO_DISPLAY, NO_QT, has_display

    path = Path(given[0]) if given else None
    refusal = ""
    if path is not None and not path.exists() and path.suffix != ".rnnw":
        refusal = f"{given[0]!r} is no command and no file; the commands are {', '.join(_commands())}"
    elif not has_display(sys.platform, os.environ):
        refusal = NO_DISPLAY
    elif not all(importlib.util.find_spec(name) for name in ("PySide6", "pyqtgraph")):
        refusal = NO_QT
    if refusal:
        print(f"rnn-workbench: {refusal}", file=sys.stderr)
        return WRONG
    from workbench.gui.app import run_window

    return run_window(path)


def _run(options: argparse.Namespace) -> Answer:
    from workbench.lab.experiment import apply_settings, load_experiment, words_without_effect
    from workbench.lab.places import default_workbook
    from workbench.lab.running import start_in_file

    asked = {"steps": options.steps, "backend": options.backend}
    settings = [*options.set, *(f"{name}={value}" for name, value in asked.items() if value is not None)]
    experiment = apply_settings(load_experiment(options.experiment), settings)
    workbook, run = start_in_file(options.workbook or default_workbook(), experiment)
    for words in words_without_effect(experiment):
        print(words, file=sys.stderr)
    with workbook:
        return _train(workbook, run)


def _resume(options: argparse.Namespace) -> Answer:
    from workbench.lab.workbook import open_workbook

    with open_workbook(options.workbook) as workbook:
        return _train(workbook, options.run)


def _train(workbook: Any, number: int) -> Answer:
    """Train a run with a progress bar; Ctrl+C stops it with a checkpoint."""
    from workbench.api import Run
    from workbench.lab.following import train_here
    from workbench.progress import Progress

    for warning in workbook.warnings:
        print(warning, file=sys.stderr)
    print(f"Run {number} of {workbook.path}. Ctrl+C stops it; without this terminal it trains on.", file=sys.stderr)
    said_before = len(workbook.messages.read(number))
    with Progress(workbook.runs.get(number)) as progress:
        try:
            train_here(workbook, number, progress.show)
        except KeyboardInterrupt:
            progress.note("stopped")
    run = Run(workbook, number)
    figures = run.summary()
    for message in run.messages[said_before:]:
        if message.level == "warning" and message.text != figures["sentence"]:
            print(message.text, file=sys.stderr)
    status = DONE if figures["status"] in ("finished", "stopped") else FAILED
    return status, figures | {"workbook": str(workbook.path)}, _report(run, workbook.path)


def _report(run: Any, path: Path) -> str:
    from workbench.figures.lengths import by_length, without_lengths

    figures = run.summary()
    lines = [f"{figures['name']}: {figures['status']} at step {figures['step']:,} of {figures['steps']:,}"]
    if figures["sentence"]:
        lines.append(figures["sentence"])
    if figures["validation_loss"] is not None:
        others = {name: value for name, value in figures["metrics"].items() if name not in LOSSES}
        at_lengths = by_length(others)
        measured = {"loss": figures["validation_loss"]} | {name: others[name] for name in without_lengths(others)}
        lines.append("held out   " + ", ".join(f"{name} {_brief(value)}" for name, value in measured.items()))
        for metric, names in at_lengths.items():
            scores = ", ".join(f"{length}: {_brief(others[name])}" for length, name in names.items())
            lines.append(f"by length  {metric} at {scores}")
    lines += [f"baseline   {baseline.name}: loss {_brief(baseline.value)}" for baseline in run.baselines]
    lines.append(f"kept as run {figures['run']} in {path}")
    if figures["status"] in ("stopped", "interrupted"):
        lines.append(f"to go on: rnn-workbench resume {shlex.quote(str(path))} {figures['run']}")
    return "\n".join(lines)


def _brief(value: float | None) -> str:
    return "not finite" if value is None else f"{value:.4g}"


def _runs(options: argparse.Namespace) -> Answer:
    from workbench.api import Run
    from workbench.lab.workbook import open_workbook

    with open_workbook(options.workbook) as workbook:
        found = [Run(workbook, record.id).summary() for record in workbook.runs.all()]
    header = ("run", "name", "status", "step", "loss", "held out", "")
    shown = ("run", "name", "status", "step")
    rows = [
        (*(row[key] for key in shown), _brief(row["loss"]), _brief(row["validation_loss"]), row["sentence"])
        for row in found
    ]
    return DONE, {"runs": found}, _table(header, rows)


def _steer(options: argparse.Namespace) -> Answer:
    from workbench.lab.running import send_command
    from workbench.lab.workbook import open_workbook

    with open_workbook(options.workbook) as workbook:
        send_command(workbook, options.run, options.command)
    figures = {"run": options.run, "command": options.command}
    return DONE, figures, f"Asked run {options.run} to {options.command.replace('go', 'go on')}."


def _export(options: argparse.Namespace) -> Answer:
    from workbench.figures.figure import format_of, make_figure
    from workbench.lab.workbook import open_workbook

    out = Path(options.out)
    file_format = options.format or format_of(out)
    given = {name: getattr(options, name) for name in OPTIONS if getattr(options, name) is not None}
    words = {"title": options.title, "caption": options.caption}
    size = {"style": options.style, "font_size": options.font_size}
    with open_workbook(options.workbook) as workbook:
        runs = [options.run, *getattr(options, "with")]
        figure = make_figure(workbook, runs, options.figure, **size, **words, **given)
    written = figure.save(out, file_format, dpi=options.dpi)
    figures = {"file": str(written), "figure": options.figure, "format": file_format, "bytes": written.stat().st_size}
    return DONE, figures, f"Wrote {written} ({figures['bytes']:,} bytes)."


def _check(options: argparse.Namespace) -> Answer:
    from workbench.backends import get_backend
    from workbench.backends.check import check_gradients

    check = check_gradients(_cell(options.cell), get_backend("numpy"))
    figures = {
        "cell": check.cell,
        "backend": check.backend,
        "passed": check.passed,
        "oracle_error": check.oracle_error,
        "directional_error": check.directional_error,
        "errors": dict(check.oracle_errors),
        "sizes": dict(check.sizes),
    }
    rows = [(name, f"{error:.1e}") for name, error in check.oracle_errors.items()]
    verdict = "The gradient is right." if check.passed else "The gradient is WRONG."
    text = _table(("against the oracle", "error"), rows)
    text += f"\n\nalong a random direction, against finite differences: {check.directional_error:.1e}"
    text += f"\n{verdict} Checked with the backend {check.backend}, in float64."
    return DONE if check.passed else FAILED, figures, text


def _cells(options: argparse.Namespace) -> Answer:
    if options.compile is not None:
        return _compile_cells(options)
    from workbench.cells.facts import describe_cells

    found = describe_cells(options.inputs, options.hidden)
    rows = [
        (row["name"], ", ".join(row["states"]), row["stages"], f"{row['learnt']:,}", row["kept"], row["summary"])
        for row in found
    ]
    text = _table(("cell", "states", "stages", "learnt", "kept", "about"), rows)
    text += f"\n\nlearnt: numbers that a layer of {options.hidden} units with {options.inputs} inputs learns"
    text += "\nkept: numbers a unit and step that the backward pass needs, the states included"
    return DONE, {"cells": found}, text


def _compile_cells(options: argparse.Namespace) -> Answer:
    from workbench.backends import get_backend, resolve_backend
    from workbench.backends.ahead import compile_cells
    from workbench.cells import catalogue
    from workbench.progress import counted

    backend = get_backend(resolve_backend("numba"))
    cells = [_cell(name) for name in options.compile] or list(catalogue().values())
    results = list(compile_cells(backend, counted(cells, "cells", lambda cell: cell.title), options.dtype))
    failed = [result for result in results if result.error]
    figures = {
        "cells": [vars(result) for result in results],
        "compiled": sum(result.compiled for result in results),
        "ready": sum(result.ready for result in results),
        "failed": len(failed),
        "dtype": options.dtype,
    }
    text = f"{figures['compiled']} compiled, {figures['ready']} ready before ({options.dtype})."
    text += "".join(f"\n{result.name} failed: {result.error}" for result in failed)
    return FAILED if failed else DONE, figures, text


def _cell(name: str) -> Any:
    """Return the cell of the catalogue, or of a file."""
    from workbench.cells import Cell, catalogue

    known = catalogue()
    return known[name] if name in known else Cell.from_file(name)


def _tasks(options: argparse.Namespace) -> Answer:
    from workbench.tasks import describe_tasks

    found = describe_tasks()
    rows = [
        (row["name"], row["metric"], row["about"], ", ".join(field["name"] for field in row["fields"])) for row in found
    ]
    return DONE, {"tasks": found}, _table(("task", "metric", "about", "settings (task.NAME)"), rows)


def _presets(options: argparse.Namespace) -> Answer:
    from workbench.lab.experiment import presets

    found = [experiment.values() | {"name": name, "title": experiment.label} for name, experiment in presets().items()]
    rows = [(row["name"], row["title"]) for row in found]
    return DONE, {"presets": found}, _table(("preset", "title"), rows)


def _devices(options: argparse.Namespace) -> Answer:
    from workbench.backends.devices import find_devices

    found = [device.values() for device in find_devices()]
    rows = [(row["backend"], "yes" if row["available"] else "no", row["about"]) for row in found]
    advice = "".join(f"\n\n{row['name']}: {row['advice']}" for row in found if row["advice"])
    return DONE, {"devices": found}, _table(("backend", "available", "about"), rows) + advice


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows in columns as wide as they need; the last runs free."""
    lines = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header) - 1)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[-1]]) for line in lines
    )
