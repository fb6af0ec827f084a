"""What the draft will need, worked out in the background: parameters, memory and time."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from workbench.errors import WorkbenchError
from workbench.gui import format as text
from workbench.gui.background import Background
from workbench.gui.form.draft import Draft
from workbench.gui.form.fields import breakable, sentence
from workbench.gui.form.section import Section
from workbench.gui.theme import set_role
from workbench.lab.asking import ask_needs
from workbench.lab.estimate import Outlook
from workbench.lab.workbook import RunRecord

_KEY = "form.needs"
_SETTLE = 150  # milliseconds without an edit before anything is worked out
_NOTHING = "–"
Records = Callable[[], Sequence[RunRecord]]


class NeedsSection(Section):
    """Parameters, memory, time of the draft, or the sentence why it cannot be trained here."""

    told = Signal()
    """New figures or another refusal are there."""

    def __init__(self, draft: Draft, background: Background, records: Records) -> None:
        super().__init__("Will need")
        self._draft, self._background, self._records = draft, background, records
        self.outlook: Outlook | None = None
        self.error: WorkbenchError | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE)
        self._timer.timeout.connect(self._ask)
        self._figures = {name: _figure() for name in ("Parameters", "Memory", "Time")}
        self._table = QWidget()
        self._refusal = QLabel()
        self._refusal.setWordWrap(True)
        set_role(self._refusal, "reason")
        self._refusal.hide()
        self._lay_out()
        self.destroyed.connect(lambda: background.forget(_KEY))

    @property
    def refusal(self) -> str:
        """Why the draft cannot be trained here, "" where it can, as far as is known."""
        return sentence(str(self.error)) if self.error else ""

    def figure(self, name: str) -> str:
        """Return what is shown for "Parameters", "Memory" or "Time"."""
        return self._figures[name].text()

    def refresh(self) -> None:
        """Mute the figures until those of the draft as it is now are there."""
        self._background.forget(_KEY)
        self._dress(known=False)
        if self._draft.experiment is None:
            self._end(None, None)
        else:
            self._timer.start()

    def _ask(self) -> None:
        experiment, records = self._draft.experiment, tuple(self._records())
        if experiment is not None:
            self._background.ask(_KEY, lambda: ask_needs(experiment, records), self._show, self._refuse)

    def _show(self, outlook: Outlook) -> None:
        self._figures["Parameters"].setText(text.steps(outlook.parameters))
        self._figures["Memory"].setText(text.size(outlook.memory))
        self._figures["Time"].setText(_time(outlook.seconds))
        self._figures["Time"].setToolTip(outlook.basis)
        self._dress(known=True)
        self._end(outlook, None)

    def _refuse(self, error: WorkbenchError) -> None:
        self._end(None, error)

    def _end(self, outlook: Outlook | None, error: WorkbenchError | None) -> None:
        self.outlook, self.error = outlook, error
        self._refusal.setText(breakable(self.refusal))
        self.show_refusal(bool(self.refusal))
        self.told.emit()

    def show_refusal(self, shown: bool) -> None:
        """Show the refusal in place of the figures, or these where it is shown elsewhere."""
        self._refusal.setVisible(shown)
        self._table.setVisible(not shown)

    def _dress(self, *, known: bool) -> None:
        for figure in self._figures.values():
            set_role(figure, "number" if known else "muted")

    def _lay_out(self) -> None:
        grid = QGridLayout(self._table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        for place, (name, figure) in enumerate(self._figures.items()):
            label = QLabel(name)
            set_role(label, "muted")
            grid.addWidget(label, place, 0)
            grid.addWidget(figure, place, 1)
        self.body.addWidget(self._table)
        self.body.addWidget(self._refusal)


def _figure() -> QLabel:
    label = QLabel(_NOTHING)
    label.setAlignment(Qt.AlignmentFlag.AlignRight)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return label


def _time(seconds: float | None) -> str:
    return "not known yet" if seconds is None else f"about {text.seconds(_rounded(seconds))}"


def _rounded(seconds: float) -> float:
    """Return an estimate without digits that it does not know."""
    return float(f"{seconds:.2g}")
