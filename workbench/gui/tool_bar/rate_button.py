"""The learning rate of the run that trains: shown, and changed while it runs."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from workbench.gui.control import RunControl
from workbench.gui.format import number
from workbench.gui.session import Session
from workbench.gui.session.session import News
from workbench.gui.theme import set_role


class RateButton(QToolButton):
    """Says "rate 0.002"; pressed, it lets a person type another rate, halve or double it."""

    def __init__(self, session: Session, control: RunControl) -> None:
        super().__init__()
        self._session, self._control = session, control
        self.rate: float | None = None
        set_role(self, "field")
        self.setObjectName("rate")
        self.setAccessibleName("Learning rate of the run")
        self.setToolTip("Change the learning rate while the run trains")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.field = QLineEdit()
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._begin)
        self._lay_out()
        self.setMenu(self._menu)
        session.news.connect(self._hear)
        session.runs.current_changed.connect(self._start_over)
        control.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the rate, if there is a run to steer."""
        self.setVisible(not self._control.why_not_steer())
        self.setText(f"rate {'…' if self.rate is None else number(self.rate)} ▾")

    def _lay_out(self) -> None:
        panel = QWidget()
        column = QVBoxLayout(panel)
        column.setContentsMargins(12, 8, 12, 8)
        title = QLabel("Learning rate from the next step on")
        set_role(title, "muted")
        column.addWidget(title)
        row = QHBoxLayout()
        validator = QDoubleValidator(1e-12, 1000.0, 12, self.field)
        validator.setLocale(validator.locale().c())
        self.field.setValidator(validator)
        self.field.setAccessibleName("New learning rate")
        self.field.setMinimumWidth(110)
        self.field.returnPressed.connect(self._apply)
        row.addWidget(self.field, 1)
        for text, factor in (("÷ 2", 0.5), ("× 2", 2.0)):
            button = QPushButton(text)
            button.clicked.connect(lambda _=False, own=factor: self._scale(own))
            row.addWidget(button)
        column.addLayout(row)
        self.apply_button = QPushButton("Set")
        self.apply_button.clicked.connect(self._apply)
        column.addWidget(self.apply_button, 0, Qt.AlignmentFlag.AlignRight)
        action = QWidgetAction(self._menu)
        action.setDefaultWidget(panel)
        self._menu.addAction(action)

    def _begin(self) -> None:
        self.field.setText("" if self.rate is None else f"{self.rate:g}")
        self.field.selectAll()
        self.field.setFocus()

    def _scale(self, factor: float) -> None:
        try:
            self.field.setText(f"{float(self.field.text()) * factor:g}")
        except ValueError:
            self._begin()

    def _apply(self) -> None:
        if self.field.hasAcceptableInput():
            self._control.set_rate(float(self.field.text()))
            self._menu.close()

    def _hear(self, changed: News) -> None:
        if (self._session.runs.current, "training") in changed:
            self._read()

    def _start_over(self) -> None:
        """Forget the rate of the run before."""
        self._session.reader.forget("rate")
        self._show(None)
        self._read()

    def _read(self) -> None:
        workbook, run = self._session.workbook, self._session.runs.current
        if workbook is None or run is None:
            return

        def read() -> float | None:
            rates = workbook.scalars.read(run, workbook.scalars.last_step(run) - 1).values.get("learning_rate")
            return None if rates is None or not len(rates) else float(rates[-1])

        self._session.reader.ask("rate", read, self._show, self._session.complain)

    def _show(self, rate: float | None) -> None:
        if rate != self.rate:
            self.rate = rate
            self.refresh()
