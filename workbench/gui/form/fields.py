"""What the form shows, read from the models: an experiment's fields and those of its task."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from workbench.gui.format import MINUS, steps
from workbench.tasks import Task, task_class, task_types

Kind = Literal["whole", "number", "text", "path", "choice", "flag", "hash"]
CELL, TASK, TASK_NAME = "cell", "task", "task.name"
TASK_PATH, TASK_HASH = "task.path", "task.sha256"
_OF_TASK_CLASS = {"task.reads": "reads", "task.predicts_next": "predicts_next"}
"""What stands for no setting, but for what a task's own class says."""
TASK_COLUMNS = frozenset(
    f"task.{name}" for name in ("text_column", "label_column", "source_column", "target_column", "columns")
)
"""Settings that name columns of a file."""
_OF_FILES = TASK_COLUMNS | {"task.delimiter", "task.encoding"}
"""Settings without a meaning where there is no file."""
_OF_BUILT_IN_DATA = frozenset(("task.sentences", "task.pairs", "task.examples"))
"""Settings without a meaning where there is one."""
_KINDS: dict[object, Kind] = {int: "whole", float: "number", bool: "flag", str: "text"}
_SPACES = re.compile(r"[\s\u2009\u00a0\u202f]")
_LONG_WORD = re.compile(r"\S{24,}")
_SEPARATOR = re.compile(r"[/\\_.-]")
YEAR = "year"
"""The unit of what is no quantity: a year's digits are not grouped."""
_BREAK = "\u200b"
_WHOLE = re.compile(r"[+-]?\d{1,300}")


@dataclass(frozen=True)
class FormField:
    """One field: what it is called, what it takes, when it matters."""

    path: str
    title: str
    description: str
    group: str
    kind: Kind
    default: Any
    unit: str = ""
    choices: tuple[Any, ...] = ()
    bounds: Mapping[str, float] = field(default_factory=dict)
    """Of "ge", "gt", "le", "lt", those the field has."""
    when: Mapping[str, Sequence[str | bool]] = field(default_factory=dict)
    """Paths of other fields, and their values with which this one has a meaning.

    "task.reads" and "task.predicts_next" are no fields: they stand for what the class of the task chosen says.
    """

    def parse(self, text: str) -> Any:
        """Return the value that a typed text means, or the text itself where it means none."""
        if self.kind == "whole":
            digits = _SPACES.sub("", text).replace(MINUS, "-")
            return int(digits) if _WHOLE.fullmatch(digits) else text
        if self.kind == "number":
            return _number(text)
        if self.kind == "choice":
            return next((choice for choice in self.choices if str(choice) == text), text)
        if self.kind == "flag":
            return {"true": True, "false": False}.get(text, text)
        return text

    def print(self, value: Any) -> str:
        """Return the text that a value is shown as; `parse` brings the value back."""
        if self.kind == "flag" and isinstance(value, bool):
            return "true" if value else "false"
        if self.kind == "whole" and isinstance(value, int):
            return str(value) if self.unit == YEAR else steps(value)
        return str(value)

    def matters(self, values: Mapping[str, Any]) -> bool:
        """Tell whether the field has a meaning beside these values of the experiment."""
        if self.kind == "hash":
            return bool(value_at(values, self.path))
        if self.path in (_OF_BUILT_IN_DATA if value_at(values, TASK_PATH) else _OF_FILES):
            return False
        return all(_given(values, path) in allowed for path, allowed in self.when.items())


@cache
def experiment_fields(model: type[BaseModel]) -> tuple[FormField, ...]:
    """Return the fields of an experiment but cell and task, in the model's order."""
    fields = model.model_fields.items()
    return tuple(form_field(name, info) for name, info in fields if name not in (CELL, TASK))


@cache
def task_fields(name: str) -> tuple[FormField, ...]:
    """Return the fields of a task's settings but its name."""
    fields = task_types()[name].model_fields.items()
    return tuple(form_field(f"{TASK}.{inner}", info, "Task") for inner, info in fields if inner != "name")


def value_at(values: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path such as "task.length"; None where there is none."""
    found: Any = values
    for key in path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _given(values: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path, or what the chosen task's own class says."""
    if path in _OF_TASK_CLASS:
        return getattr(_class_of(value_at(values, TASK_NAME)), _OF_TASK_CLASS[path])
    return value_at(values, path)


@cache
def _class_of(task: str) -> type[Task]:
    return task_class(task_types()[task].model_validate({"name": task}))


def in_sentence(title: str) -> str:
    """Return a title as it stands within a sentence: "hidden units", but "CSV file"."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def sentence(words: str) -> str:
    """Return words as a sentence: a capital first, a full stop last."""
    return words[:1].upper() + words[1:].rstrip() + ("" if words.rstrip().endswith((".", "?", "!")) else ".")


def breakable(text: str) -> str:
    """Return a text for a label, with invisible places in long paths at which a line may end."""
    return _LONG_WORD.sub(lambda word: _SEPARATOR.sub(rf"\g<0>{_BREAK}", word[0]), text)


def form_field(path: str, info: FieldInfo, group: str = "Other") -> FormField:
    """Return the field that a model declares at a path."""
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, Mapping) else {}
    choices = get_args(info.annotation) if get_origin(info.annotation) is Literal else ()
    kind: Kind = "choice" if choices else _KINDS.get(info.annotation, "text")
    if path == TASK_HASH:
        kind = "hash"
    when = extra.get("when")
    return FormField(
        path,
        info.title or path.rpartition(".")[2].replace("_", " ").capitalize(),
        info.description or "",
        str(extra.get("group", group)),
        "path" if kind == "text" and extra.get("format") == "file-path" else kind,
        info.get_default(call_default_factory=True),
        str(extra.get("unit", "")),
        choices,
        _bounds(info),
        when if isinstance(when, Mapping) else {},  # type: ignore[arg-type]
    )


def _bounds(info: FieldInfo) -> dict[str, float]:
    found = {}
    for rule in info.metadata:
        for name in ("ge", "gt", "le", "lt"):
            if (bound := getattr(rule, name, None)) is not None:
                found[name] = bound
    return found


def _number(text: str) -> float | str:
    try:
        value = float(_SPACES.sub("", text).replace(MINUS, "-"))
    except ValueError:
        return text
    return value if math.isfinite(value) else text
