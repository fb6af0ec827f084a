"""Experiments as TOML files, and the presets that come with the program."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workbench.cells import Cell, CellError
from workbench.lab.errors import ExperimentError, Problem
from workbench.lab.experiment.experiment import Experiment
from workbench.lab.experiment.toml import dump_toml
from workbench.resources import resource_path
from workbench.tasks import task_types

_ANY = "adding-lstm"  # a preset to start from where a task has none
_LARGEST = 1_000_000  # bytes; no experiment is that long


def load_experiment(source: str | os.PathLike[str]) -> Experiment:
    """Return the experiment of a TOML file, or the preset of that name. Raises ExperimentError.

    Relative paths in the file, of a cell file or of the task's data, are relative to the file.
    """
    if isinstance(source, str) and source in preset_names():
        return _preset(source)
    path = Path(source)
    if not path.exists() and len(path.parts) == 1 and not path.suffix:
        raise ExperimentError([Problem("", _unknown_preset(str(source)))])
    values = _with_paths_from(path.absolute().parent, _read(path))
    return Experiment(**_with_cell_file(path.absolute().parent, values))


def save_experiment(experiment: Experiment, path: str | os.PathLike[str]) -> None:
    """Write an experiment as a TOML file. Raises ExperimentError where the file cannot be written."""
    try:
        Path(path).write_text(dump_experiment(experiment), encoding="utf-8")
    except OSError as error:
        raise ExperimentError([Problem("", f"{path} cannot be written: {error.strerror or error}.")]) from error


def dump_experiment(experiment: Experiment) -> str:
    """Return an experiment as TOML text."""
    return dump_toml(experiment.values())


def apply_settings(experiment: Experiment, settings: Iterable[str]) -> Experiment:
    """Return the experiment changed by settings such as "hidden=128" or "task.length=100".

    Values are TOML; what is not TOML is text, so quotes may be left out. A cell may be a cell file's path. The title
    of a preset goes when cell, task, sizes or architecture become others than it speaks of. Raises ExperimentError.
    """
    changes = {}
    for setting in settings:
        path, equals, value = setting.partition("=")
        if not equals or not path.strip():
            reason = f"{setting!r} is no setting; write KEY=VALUE, such as hidden=128"
            raise ExperimentError([Problem("", reason)])
        changes[path.strip()] = _parse_value(value.strip())
    changed = experiment.changed(_with_cell_file(Path.cwd(), changes))
    titled = "name" not in changes and any(preset.name == experiment.name for preset in presets().values())
    return changed.changed({"name": ""}) if titled and _gist(changed) != _gist(experiment) else changed


def _gist(experiment: Experiment) -> tuple[object, ...]:
    """Return what a title speaks of."""
    architecture = experiment.layers, experiment.bidirectional, experiment.attention
    return experiment.cell, experiment.task.name, experiment.hidden, *architecture


def preset_names() -> tuple[str, ...]:
    """Return the names of the presets, in alphabetical order."""
    return tuple(sorted(path.stem for path in resource_path("presets").glob("*.toml")))


@cache
def presets() -> Mapping[str, Experiment]:
    """Return the experiments that come with the program, by name."""
    return MappingProxyType({name: _preset(name) for name in preset_names()})


@cache
def _preset(name: str) -> Experiment:
    return Experiment(**_read(resource_path("presets", f"{name}.toml")))


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.exists() and not path.is_file():
            raise ExperimentError([Problem("", f"{path} cannot be read: it is no file. An experiment is a TOML file.")])
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise ExperimentError([Problem("", f"{path} is larger than {_LARGEST:,} bytes: that is no experiment.")])
        return tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        reason = f"{path} cannot be read: {error.strerror or error}. Check the path."
    except UnicodeDecodeError:
        reason = f"{path} is not a text file; an experiment is TOML in UTF-8."
    except (ValueError, RecursionError) as error:  # numbers and brackets without end count too
        reason = f"{path} is not valid TOML: {error}."
    raise ExperimentError([Problem("", reason)])


def _with_paths_from(folder: Path, values: dict[str, Any]) -> dict[str, Any]:
    task = values.get("task")
    if isinstance(task, dict) and isinstance(task.get("path"), str) and task["path"]:
        return values | {"task": task | {"path": str(folder / Path(task["path"]).expanduser())}}
    return values


def _with_cell_file(folder: Path, values: dict[str, Any]) -> dict[str, Any]:
    """Take the cell in where its file is named: an experiment holds all that defines it."""
    cell = values.get("cell")
    if not (isinstance(cell, str) and cell.endswith(".toml")):
        return values
    try:
        return values | {"cell": Cell.from_file(folder / cell).values}
    except CellError as error:
        raise ExperimentError([Problem("cell", str(error))]) from error


def _parse_value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return text


def _unknown_preset(name: str) -> str:
    if name in task_types():
        own = [preset for preset, experiment in presets().items() if experiment.task.name == name]
        way_out = f"run {' or '.join(own)}" if own else f"run {_ANY} --set task.name={name}"
        return f"{name!r} is a task, not a preset: {way_out}."
    near = get_close_matches(name, preset_names(), n=1)
    guess = f"; did you mean {near[0]}?" if near else "."
    return f"There is no preset and no file {name!r}{guess} The presets are {', '.join(preset_names())}."
