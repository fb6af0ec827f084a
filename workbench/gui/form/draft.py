"""The experiment being edited: every edit can be undone, what is wrong is named, nothing typed is lost."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from workbench.gui.form.contents import Contents
from workbench.gui.form.fields import (
    CELL,
    TASK,
    TASK_NAME,
    FormField,
    experiment_fields,
    in_sentence,
    sentence,
    task_fields,
    value_at,
)
from workbench.lab.experiment import CellText, Experiment, load_experiment

FIRST = "adding-lstm"
"""The preset that the program opens with."""
_MERGES = 1
_NEVER_MERGES = ("", TASK_NAME)


class Draft(QObject):
    """What stands in the form, and the experiment it makes; ``changed`` comes after every edit, undo and redo."""

    changed = Signal()

    def __init__(self, experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = type(experiment)
        self.undo_stack = QUndoStack(self)
        self._contents = Contents.of(experiment)
        self._experiment: Experiment | None = experiment
        self._last_valid = experiment
        self._problems: dict[str, str] = {}

    @classmethod
    def restored(cls, text: str, fallback: Experiment | None = None, parent: QObject | None = None) -> "Draft":
        """Return the draft that `saved` described, wrong values included; the fallback where that is no draft."""
        draft = cls(fallback or load_experiment(FIRST), parent)
        draft._show(Contents.from_json(text, draft._contents))
        return draft

    def saved(self) -> str:
        """Return the draft as text, for the next start of the program."""
        return self._contents.to_json()

    @property
    def experiment(self) -> Experiment | None:
        """The experiment, or None while something is wrong."""
        return self._experiment

    @property
    def last_valid(self) -> Experiment:
        """The experiment, or the one before something went wrong."""
        return self._last_valid

    @property
    def problems(self) -> Mapping[str, str]:
        """What is wrong, by the path of the field; "" for the whole."""
        return self._problems

    @property
    def values(self) -> dict[str, Any]:
        """All values as they stand, right or wrong."""
        return deepcopy(dict(self._contents.values))

    @property
    def texts(self) -> Mapping[str, str]:
        """What was typed and is no value yet, or another way to write one, by the path of the field."""
        unfinished = {
            field.path: str(self.value(field.path))
            for field in self.fields
            if field.kind in ("whole", "number") and isinstance(self.value(field.path), str)
        }
        return {**self._contents.texts, **unfinished}

    @property
    def refusal(self) -> str:
        """Why the experiment cannot be, in one sentence; "" where nothing is wrong."""
        for path, reason in self.problems.items():
            known = [field.title for field in self.fields if field.path == path]
            title = known[0] if known else path.partition(".")[0].capitalize()
            return sentence(f"{title}: {reason}" if title else reason)
        return ""

    @property
    def fields(self) -> tuple[FormField, ...]:
        """All fields but cell and task's name: the experiment's, then those of its task."""
        return (*experiment_fields(self.model), *task_fields(self.value(TASK_NAME)))

    def value(self, path: str) -> Any:
        """Return the value at a path such as "task.length"."""
        return value_at(self._contents.values, path)

    def matters(self, field: FormField) -> bool:
        """Tell whether a field has a meaning beside the others' values."""
        return field.matters(self._contents.values)

    def text(self, field: FormField) -> str:
        """Return what stands in a field: as it was typed, or its value."""
        return self._contents.texts.get(field.path, field.print(self.value(field.path)))

    def set(self, path: str, value: Any) -> None:
        """Give a field another value; "task.name" brings that task's defaults."""
        plain = value.model_dump(mode="json") if isinstance(value, CellText) else value
        self._edit(path, self._contents.with_value(path, plain))

    def enter(self, path: str, text: str) -> None:
        """Take what was typed into a field, whether it is a value or not."""
        self._edit(path, self._contents.with_text(self._field(path), text))

    def load(self, experiment: Experiment, text: str = "Load experiment") -> None:
        """Replace everything by another experiment, as one edit."""
        self._push(_Edit(self, "", text, Contents.of(experiment)))

    def _field(self, path: str) -> FormField:
        return next(field for field in self.fields if field.path == path)

    def _edit(self, path: str, after: Contents) -> None:
        titles = {CELL: "cell", TASK: "task", TASK_NAME: "task"}
        title = titles.get(path) or in_sentence(self._field(path).title)
        self._push(_Edit(self, path, f"Change {title}", after))

    def _push(self, edit: "_Edit") -> None:
        if edit.after != self._contents:
            self.undo_stack.push(edit)

    def _show(self, contents: Contents) -> None:
        self._contents = contents
        self._experiment, self._problems = contents.problems(self.model)
        self._last_valid = self._experiment or self._last_valid
        self.changed.emit()


class _Edit(QUndoCommand):
    """One edit; edits of one field in a row are one, but each choice of a task stands for itself."""

    def __init__(self, draft: Draft, path: str, text: str, after: Contents) -> None:
        super().__init__(text)
        self.draft, self.path, self.before, self.after = draft, path, draft._contents, after

    def id(self) -> int:
        return -1 if self.path in _NEVER_MERGES else _MERGES

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other.path != self.path:
            return False
        self.after = other.after
        self.setObsolete(self.before == self.after)
        return True

    def redo(self) -> None:
        self.draft._show(self.after)

    def undo(self) -> None:
        self.draft._show(self.before)
