"""What a person wants with a file: the use, its columns and settings, and the experiment that makes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.gui.dialogs.own_data.guesses import best_use, doubt, known_columns, objection
from workbench.gui.dialogs.own_data.uses import Use, uses_of
from workbench.gui.form.contents import task_defaults
from workbench.gui.form.fields import sentence
from workbench.lab.errors import ExperimentError
from workbench.lab.experiment import Experiment
from workbench.tasks.support.files.look import FileLook

_AUTO = "auto"


class FileChoice:
    """Begins with what an experiment says of the file; knows no window."""

    def __init__(self, experiment: Experiment, path: Path) -> None:
        self._experiment, self._path = experiment, path
        task = experiment.values()["task"]
        self._settings: dict[str, dict[str, Any]] = {task["name"]: task}
        self._look: FileLook | None = None
        self._use: Use | None = None
        self._by_person = False

    @property
    def reading(self) -> tuple[str, str]:
        """The encoding and the delimiter with which the experiment reads this very file; "" lets them be guessed."""
        task = self._experiment.values()["task"]
        if task.get("path") != str(self._path):
            return "", ""
        return task.get("encoding", ""), task.get("delimiter", "").replace(_AUTO, "")

    @property
    def look(self) -> FileLook:
        """What was found in the file."""
        assert self._look is not None
        return self._look

    @property
    def use(self) -> Use:
        """What the file is for."""
        assert self._use is not None
        return self._use

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of the use's task, wrong ones included."""
        return self._settings.setdefault(self.use.task, task_defaults(self.use.task))

    def take(self, look: FileLook) -> None:
        """Take what was found; the use stays if a person chose it, else it is guessed anew."""
        self._look = look
        offered = uses_of(look)
        if not (self._by_person and self._use in offered):
            self._use = self._first_use(offered, look)
            self._by_person = False
        self._settle_columns()

    def choose(self, use: Use) -> None:
        """Use the file otherwise."""
        self._use, self._by_person = use, True
        self._settle_columns()

    def set(self, name: str, value: Any) -> None:
        """Give a setting of the task another value, right or wrong."""
        self.settings[name] = value

    @property
    def objection(self) -> str:
        """Why the columns cannot be used so, as far as the first rows tell."""
        return objection(self.use, self._columns, self.look)

    @property
    def remarks(self) -> str:
        """What is to be known before the file is used: what was guessed, what may be in it, what else changes."""
        doubts = doubt(self.use, self._columns, self.look)
        set_back = () if self.problems else self._made()[1]
        return " ".join(filter(None, (*self.look.notes, doubts, *set_back)))

    @property
    def problems(self) -> Mapping[str, str]:
        """What is wrong with settings, by their names."""
        try:
            self.experiment()
        except ExperimentError as error:
            return {problem.field.partition(".")[2]: problem.reason for problem in error.problems}
        return {}

    @property
    def uses_of_columns(self) -> Mapping[str, str]:
        """What columns are used for, in a word, by their names."""
        return {
            name: "learnt" if role.several else role.title.lower()
            for role in self.use.roles
            for name in role.names(self._columns[role.setting])
        }

    def experiment(self) -> Experiment:
        """Return the experiment with the file as its task; sizes stay. Raises ExperimentError."""
        return self._made()[0]

    def _made(self) -> tuple[Experiment, list[str]]:
        """Return the experiment, and a sentence on each field that cannot go with the task and is set back."""
        changes: dict[str, Any] = {"task": self._task(), "name": ""}
        set_back: list[str] = []
        while True:
            try:
                return self._experiment.changed(changes), set_back
            except ExperimentError as error:
                for problem in error.problems:
                    field = type(self._experiment).model_fields.get(problem.field)
                    if field is None or problem.field in changes:
                        raise
                    changes[problem.field] = field.default
                    set_back.append(f"“{field.title}” is set back: {sentence(problem.reason)}")

    def _task(self) -> dict[str, Any]:
        file = {"path": str(self._path), "delimiter": self.look.delimiter, "encoding": self.look.encoding}
        known = {name: value for name, value in file.items() if value and name in self.settings}
        free = {"sha256": ""} if "sha256" in self.settings else {}
        return self.settings | known | free

    @property
    def _columns(self) -> dict[str, str]:
        return {role.setting: str(self.settings[role.setting]) for role in self.use.roles}

    def _settle_columns(self) -> None:
        """Keep the columns that the settings name, where the file has them; else guess."""
        self.settings.update(known_columns(self.use, self.look, self.settings))

    def _first_use(self, offered: tuple[Use, ...], look: FileLook) -> Use:
        """Return the use of the experiment's own task where it can work, else the likeliest."""
        own = [use for use in offered if use.roles and use.task == self._experiment.task.name]
        works = [use for use in own if not objection(use, known_columns(use, look, self._settings[use.task]), look)]
        return works[0] if works else best_use(look)
