"""Opening and saving workbooks and experiments, with the system's own dialogs."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.errors import WorkbenchError
from workbench.gui.form.draft import Draft
from workbench.gui.form.dropped import experiment_for, is_own_data, one_of_several
from workbench.gui.memory import Memory
from workbench.gui.session import Session
from workbench.lab.experiment import Experiment, load_experiment, save_experiment
from workbench.lab.running import experiment_of
from workbench.lab.workbook import SUFFIX

WORKBOOKS = f"Workbooks (*{SUFFIX})"
EXPERIMENTS = "Experiments (*.toml)"
DATA = "Texts, tables and arrays (*.txt *.md *.csv *.tsv *.tab *.parquet *.npz)"
_DATA_FOLDER = "data_folder"  # in memory


class Files(QObject):
    """Everything that leads from a file to the window, and back."""

    data_given = Signal(Path)
    """A person gave a file to learn: what it is for is to be asked."""

    def __init__(self, session: Session, draft: Draft, memory: Memory, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._draft, self._memory, self._window = session, draft, memory, window
        session.opened.connect(self._remember)

    # Workbooks.

    def ask_new_workbook(self) -> None:
        """Ask for a name and open an empty workbook of that name."""
        path = self._ask_where("New workbook", f"runs{SUFFIX}", WORKBOOKS, SUFFIX)
        if path is None:
            return
        if path.exists():
            self._session.complained.emit(f"{path.name} is there already. Open it, or choose another name.", "")
            return
        self._session.open(path, create=True)

    def ask_open(self) -> None:
        """Ask for a workbook or an experiment and open it."""
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, "Open", str(self._folder), f"Workbooks and experiments (*{SUFFIX} *.toml);;All files (*)"
        )
        if chosen:
            self.open(Path(chosen))

    def open(self, path: Path) -> None:
        """Open what a file is: a workbook, an experiment or a cell for the draft, or data of one's own."""
        if path.suffix.lower() == SUFFIX:
            self._session.open(path)
        elif is_own_data(path):
            self._give(path)
        else:
            self._load(path)

    def open_dropped(self, paths: Sequence[Path]) -> None:
        """Open the first of some files."""
        if paths:
            if sentence := one_of_several(paths):
                self._session.complained.emit(sentence, "")
            self.open(paths[0])

    def ask_data(self) -> None:
        """Ask for a file of one's own to learn."""
        folder = self._memory.text(_DATA_FOLDER) or str(self._folder)
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Open data", folder, f"{DATA};;All files (*)")
        if chosen:
            self._give(Path(chosen))

    def ask_copy(self) -> None:
        """Ask for a name and save a copy of the workbook, even while runs train."""
        workbook = self._session.workbook
        if workbook is None:
            return
        path = self._ask_where("Save a copy", f"{workbook.path.stem} copy{SUFFIX}", WORKBOOKS, SUFFIX)
        if path is not None:
            self._session.errands.ask(
                "copy",
                lambda: workbook.save_copy(path),
                lambda _: self._session.complained.emit(f"A copy was saved as {path}.", ""),
                self._session.complain,
            )

    # Experiments.

    def save_draft(self) -> None:
        """Ask for a name and save the experiment in the form."""
        if self._draft.experiment is not None:
            self.save_experiment(self._draft.experiment)

    def save_experiment(self, experiment: Experiment) -> None:
        """Ask for a name and save an experiment."""
        path = self._ask_where("Save experiment", f"{_file_name(experiment.label)}.toml", EXPERIMENTS, ".toml")
        if path is not None:
            try:
                save_experiment(experiment, path)
            except WorkbenchError as error:
                self._session.complain(error)

    def load_preset(self, name: str) -> None:
        """Bring a ready experiment into the form."""
        experiment = load_experiment(name)
        self._draft.load(experiment, f"Load {experiment.label}")

    def experiment_of(self, run: int) -> Experiment | None:
        """Return the experiment of a run, None with a sentence where this program cannot read it."""
        record = self._session.runs.get(run)
        if record is None:
            return None
        try:
            return experiment_of(record)
        except WorkbenchError as error:
            self._session.complain(error)
            return None

    def save_experiment_of(self, run: int) -> None:
        """Ask for a name and save the experiment of a run."""
        experiment = self.experiment_of(run)
        if experiment is not None:
            self.save_experiment(experiment)

    def duplicate(self, run: int) -> None:
        """Bring the experiment of a run into the form."""
        experiment = self.experiment_of(run)
        if experiment is not None:
            self._draft.load(experiment, f"Duplicate {experiment.label}")

    # How.

    def _give(self, path: Path) -> None:
        self._memory.set_text(_DATA_FOLDER, str(path.absolute().parent))
        self.data_given.emit(path)

    def _load(self, path: Path) -> None:
        current = self._draft.last_valid
        self._session.estimates.ask(
            "open file",
            lambda: experiment_for(path, current),
            lambda experiment: self._draft.load(experiment, f"Load {path.name}"),
            self._session.complain,
        )

    @property
    def _folder(self) -> Path:
        return self._session.workbook.path.parent if self._session.workbook else Path.home()

    def _ask_where(self, title: str, name: str, kinds: str, suffix: str) -> Path | None:
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, str(self._folder / name), kinds)
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix == suffix else path.with_name(path.name + suffix)

    def _remember(self) -> None:
        if self._session.workbook is not None:
            self._memory.add_recent(self._session.workbook.path)


def _file_name(label: str) -> str:
    """Return a label as a name that every file system takes."""
    return "".join(c if c.isalnum() or c in " -_" else "-" for c in label).strip() or "experiment"
