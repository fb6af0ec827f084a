"""Which tasks there are: every module of this room that holds a TaskSettings."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any, get_type_hints

import workbench.tasks
from workbench.tasks.base import Real, Task, TaskError, TaskSettings


@cache
def task_types() -> Mapping[str, type[TaskSettings]]:
    """Return the settings class of each task, by the task's name."""
    found: dict[str, type[TaskSettings]] = {}
    for module in iter_modules(workbench.tasks.__path__, "workbench.tasks."):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, TaskSettings) and value.__module__ == module.name:
                default = value.model_fields["name"].default
                if isinstance(default, str):
                    found[default] = value
    return MappingProxyType(dict(sorted(found.items())))


def parse_task(values: Mapping[str, Any]) -> TaskSettings:
    """Return the settings that ``values`` describe; ``values["name"]`` says of which task.

    Raises TaskError for a name that no task has, pydantic's ValidationError for a field that does not fit.
    """
    types = task_types()
    name = values.get("name")
    if not isinstance(name, str) or name not in types:
        raise TaskError(_unknown(name, tuple(types)))
    return types[name].model_validate(dict(values))


def task_class(settings: TaskSettings) -> type[Task]:
    """Return the class that settings build, without building: that may read files."""
    found: type[Task] = get_type_hints(type(settings).build)["return"]
    return found


def _unknown(name: object, names: tuple[str, ...]) -> str:
    known = ", ".join(names)
    if not isinstance(name, str):
        return f"The task has no name. Set task.name to one of: {known}."
    near = get_close_matches(name, names, n=1)
    guess = f' Did you mean "{near[0]}"?' if near else ""
    return f'There is no task "{name}".{guess} The tasks are: {known}.'


def describe_task(name: str) -> dict[str, Any]:
    """Return what a person or a program wants to know of a task, in JSON's types, at its default settings."""
    settings_type = task_types()[name]
    task = settings_type.model_validate({"name": name}).build(seed=0)
    return {
        "name": name,
        "title": settings_type.title,
        "about": settings_type.about,
        "use": settings_type.use,
        "inputs": "real" if isinstance(task.inputs, Real) else "symbols",
        "input_size": task.inputs.size,
        "outputs": task.outputs,
        "length": task.length,
        "reads": task.reads,
        "loss": task.loss,
        "metric": task.metric,
        "better": task.better,
        "protocol": task.protocol,
        "version": task.version,
        "solved": task.solved,
        "solved_below": task.solved_below,
        "source": task.source,
        "fields": _fields(settings_type),
    }


def describe_tasks() -> list[dict[str, Any]]:
    """Return the description of each task, in the order of their names."""
    return [describe_task(name) for name in task_types()]


def _fields(settings_type: type[TaskSettings]) -> list[dict[str, Any]]:
    """Return the settings as their JSON schema says them: title, description, type, default, bounds, unit."""
    properties: dict[str, dict[str, Any]] = settings_type.model_json_schema()["properties"]
    return [{"name": name, **schema} for name, schema in properties.items() if name != "name"]
