"""What stands in the form at one moment: values, right or wrong, and texts as they were typed."""

import json
import math
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

from workbench.gui.form.fields import CELL, TASK, TASK_HASH, TASK_NAME, TASK_PATH, FormField, value_at
from workbench.lab.errors import ExperimentError
from workbench.lab.experiment import CellText, Experiment, presets
from workbench.tasks import task_types

_HASH = TASK_HASH.partition(".")[2]
_PLAIN = (bool, int, float, str)


@dataclass(frozen=True)
class Contents:
    """One state of the form. What was typed and is no value yet stands in ``values`` as its text."""

    values: Mapping[str, Any]
    """As `Experiment.values()` gives them; none is missing."""
    texts: Mapping[str, str]
    """What was typed where another text would mean the same: "1e-3" for 0.001."""

    @classmethod
    def of(cls, experiment: Experiment) -> "Contents":
        """Return the contents of a form that shows this experiment."""
        return cls(experiment.values(), {})

    def with_value(self, path: str, value: Any) -> "Contents":
        """Return the contents with another value; another task brings its own defaults."""
        values = deepcopy(dict(self.values))
        texts = {other: text for other, text in self.texts.items() if other != path}
        if path in (CELL, TASK_NAME) and value != value_at(values, path):
            values["name"] = _lasting_name(values["name"])
        if path == TASK_NAME:
            if value != value_at(values, path):
                values[TASK] = task_defaults(value)
                texts = {other: text for other, text in texts.items() if not other.startswith(f"{TASK}.")}
            return Contents(values, texts)
        head, _, inner = path.partition(".")
        if inner:
            values[head][inner] = value
            if path == TASK_PATH and value_at(values, TASK_HASH):
                values[head][_HASH] = ""  # that of the file before
        else:
            values[head] = value
        return Contents(values, texts)

    def with_text(self, field: FormField, text: str) -> "Contents":
        """Return the contents after a text was typed into a field."""
        value = field.parse(text)
        changed = self.with_value(field.path, value)
        if field.kind == "number" and value != text and text != repr(value):
            return Contents(changed.values, {**changed.texts, field.path: text})
        return changed

    def problems(self, model: type[Experiment]) -> tuple[Experiment | None, dict[str, str]]:
        """Return the experiment that these values make, or None and what is wrong with each field."""
        try:
            return model(**self.values), {}
        except ExperimentError as error:
            reasons = {problem.field: problem.reason for problem in error.problems}
            return None, {path: self._reason(path, reason) for path, reason in reasons.items()}

    def _reason(self, path: str, reason: str) -> str:
        value = value_at(self.values, path)
        return "a value is missing" if isinstance(value, str) and not value.strip() else reason

    def to_json(self) -> str:
        """Return the contents as JSON text."""
        return json.dumps({"values": self.values, "texts": self.texts})

    @classmethod
    def from_json(cls, text: str, fallback: "Contents") -> "Contents":
        """Return the contents that `to_json` described; what is unfit for a form is taken from ``fallback``."""
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return fallback
        values, texts = (found.get("values"), found.get("texts")) if isinstance(found, dict) else (None, None)
        if not isinstance(values, dict):
            return fallback
        kept = {name: _fit(values.get(name), old) for name, old in fallback.values.items()}
        kept[CELL] = _cell(values.get(CELL), fallback.values[CELL])
        kept[TASK] = _task(values.get(TASK), fallback.values[TASK])
        typed = texts.items() if isinstance(texts, dict) else ()
        known = {path: text for path, text in typed if isinstance(text, str) and value_at(kept, path) is not None}
        return cls(kept, known)


def task_defaults(name: str) -> dict[str, Any]:
    """Return the settings that a task begins with."""
    return task_types()[name].model_validate({"name": name}).model_dump(mode="json")


def _lasting_name(name: str) -> str:
    """A preset's name speaks of its cell and task: it goes with them; a person's own stays."""
    return "" if name in _preset_titles() else name


@cache
def _preset_titles() -> frozenset[str]:
    return frozenset(experiment.name for experiment in presets().values())


def _fit(value: Any, otherwise: Any) -> Any:
    finite = not isinstance(value, float) or math.isfinite(value)
    return value if isinstance(value, _PLAIN) and finite else otherwise


def _cell(value: Any, otherwise: Any) -> Any:
    if isinstance(value, str):
        return value
    try:
        return CellText.model_validate(value).model_dump(mode="json")
    except ValueError:
        return otherwise


def _task(value: Any, otherwise: Any) -> Any:
    if not isinstance(value, dict) or value.get("name") not in tuple(task_types()):
        return otherwise
    defaults = task_defaults(value["name"])
    return {name: _fit(value.get(name), old) for name, old in defaults.items()}
