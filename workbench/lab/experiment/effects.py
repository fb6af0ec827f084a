"""Which settings of an experiment change nothing in it."""

from collections.abc import Sequence
from typing import Any

from workbench.lab.experiment.experiment import Experiment
from workbench.tasks import task_class

_READS = "task.reads"


def without_effect(experiment: Experiment) -> dict[str, str]:
    """Return the fields that are not at their default and yet change nothing, each with why: "on adding"."""
    found = {}
    for name, field in Experiment.model_fields.items():
        extra = field.json_schema_extra
        when: Any = extra.get("when", {}) if isinstance(extra, dict) else {}
        if getattr(experiment, name) != field.default:
            unmet = [other for other, values in when.items() if _value(experiment, other) not in values]
            if unmet:
                found[name] = _circumstance(experiment, unmet[0])
    return found


def words_without_effect(experiment: Experiment) -> tuple[str, ...]:
    """Return a sentence for each reason: "attention and beam have no effect on adding"."""
    reasons: dict[str, list[str]] = {}
    for name, reason in without_effect(experiment).items():
        reasons.setdefault(reason, []).append(name)
    return tuple(
        f"{_joined(names)} {'has' if len(names) == 1 else 'have'} no effect {reason}."
        for reason, names in reasons.items()
    )


def _value(experiment: Experiment, field: str) -> Any:
    return task_class(experiment.task).reads if field == _READS else getattr(experiment, field)


def _circumstance(experiment: Experiment, field: str) -> str:
    return f"on {experiment.task.name}" if field == _READS else f"with {field} = {getattr(experiment, field)}"


def _joined(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
