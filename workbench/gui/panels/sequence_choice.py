"""Which of the probe's sequences is looked at closely: said by a quiet word, and chosen there while the run trains."""

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QToolButton

from workbench.errors import WorkbenchError
from workbench.gui.panels.tools import MenuChoice
from workbench.gui.session import Session
from workbench.lab.running import send_command

_HINT = "Which held-out sequence is looked at: the run takes a snapshot of it at once (Page Up, Page Down)."
_WHY_NOT = "Chosen while a run trains, or before it in the form under Watching."
_WORD, _BETWEEN = "sequence ", " · "
_LONGEST = 48  # characters of what a sequence reads


class SequenceChoice(QObject):
    """A word that says which sequence the snapshot shows, and opens a menu of all of them.

    The worker is asked for another one, and the place in the film goes to the newest snapshot, which will show it.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._shown: int | None = None
        self._asked: int | None = None
        self._readings: tuple[str, ...] = ()
        self.menu_choice = MenuChoice("Sequence", _HINT, _name, lambda text: _name(text).removeprefix(_WORD))
        self.button.setProperty("informs", "true")
        self.menu_choice.menu.setStyleSheet("QMenu { menu-scrollable: 1; }")  # a probe may have a thousand
        self.menu_choice.changed.connect(lambda key: self._choose(int(key)))
        session.runs.changed.connect(self._follow_run)
        session.runs.current_changed.connect(self._forget_asked)
        self._follow_run()

    @property
    def button(self) -> QToolButton:
        """The word."""
        return self.menu_choice.button

    def show(self, number: int, readings: Sequence[str]) -> None:
        """Say which sequence is shown; ``readings``: what each one of the probe reads, "" where that is not known."""
        self._shown, self._readings = number, tuple(readings)
        if number == self._asked:
            self._asked = None
        self._say()

    def go_by(self, sequences: int) -> None:
        """Choose the sequence so many further on, as far as there are any and the run is being trained."""
        if self._shown is not None and self.button.isEnabled():
            target = self._target(self._shown) + sequences
            self._choose(min(max(target, 0), len(self._readings) - 1))

    def _choose(self, number: int) -> None:
        session, workbook, run = self._session, self._session.workbook, self._session.runs.current
        if workbook is None or run is None or self._shown is None or number == self._target(self._shown):
            return
        self._asked = number
        self._say()
        session.film.go_live()
        session.errands.ask(
            f"sequence {run}",
            lambda: send_command(workbook, run, "sequence", number),
            lambda _: session.look(),
            self._refused,
        )

    def _target(self, shown: int) -> int:
        """Return the sequence shown, or the one asked for, which is still to come."""
        return shown if self._asked is None else self._asked

    def _refused(self, error: WorkbenchError) -> None:
        self._forget_asked()
        self._session.complain(error)

    def _forget_asked(self) -> None:
        self._asked = None
        self._say()

    def _follow_run(self) -> None:
        """Let a sequence be chosen where somebody trains the run; else say why not."""
        record = self._session.runs.current_record
        trains = record is not None and record.status in ("running", "paused")
        self.button.setEnabled(trains)
        self.button.setToolTip(_HINT if trains else _WHY_NOT)
        if not trains:
            self._asked = None
        self._say()

    def _say(self) -> None:
        if self._shown is None:
            return
        entries = ((str(number), _entry(number, reading)) for number, reading in enumerate(self._readings))
        self.menu_choice.offer(entries, str(self._target(self._shown)))


def _entry(number: int, reading: str) -> str:
    line = " ".join(reading.split()).replace("&", "&&")
    short = line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()} …"
    return f"{_WORD}{number}{_BETWEEN}{short}" if short else f"{_WORD}{number}"


def _name(entry: str) -> str:
    return entry.partition(_BETWEEN)[0]
