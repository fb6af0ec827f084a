"""The tool bar: train and steer, choose a preset, see how far the run is and where it computes."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QProgressBar, QSizePolicy, QToolButton, QWidget

from workbench.gui.commands import Commands
from workbench.gui.control import RunControl
from workbench.gui.files import Files
from workbench.gui.form.draft import Draft
from workbench.gui.form.task_choice import by_use
from workbench.gui.format import number, seconds, steps
from workbench.gui.session import Session
from workbench.gui.theme import icon, set_role, theme
from workbench.gui.tool_bar.device_chip import DeviceChip
from workbench.gui.tool_bar.pace import Pace
from workbench.gui.tool_bar.rate_button import RateButton
from workbench.lab.experiment import presets
from workbench.lab.workbook import RunRecord

_MAIN = {
    "train": ("Train", "train", "Train the experiment in the form (Space)"),
    "pause": ("Pause", "pause", "Let the run wait (Space)"),
    "go": ("Go on", "train", "Let the run go on (Space)"),
    "wait": ("Wait …", "pause", "The run is just starting or stopping"),
}


class ToolBar(QWidget):
    """One row under the menus. Its one coloured button is Train."""

    def __init__(self, session: Session, control: RunControl, draft: Draft, files: Files, commands: Commands) -> None:
        super().__init__()
        self._session, self._control, self._files = session, control, files
        self._pace = Pace()
        set_role(self, "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.main_button = self._main_button()
        self.preset_button = self._preset_button()
        self.rate_button = RateButton(session, control)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress of the run")
        self.figures = QLabel()
        set_role(self.figures, "muted")
        self.device_chip = DeviceChip(session, draft)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self.main_button)
        self.step_button, self.stop_button, self.export_button = (
            _field_button(commands.action(name)) for name in ("run.step", "run.stop", "figure.export")
        )
        layout.addWidget(self.step_button)
        layout.addWidget(self.stop_button)
        layout.addWidget(self.preset_button)
        layout.addWidget(self.rate_button)
        layout.addSpacing(8)
        layout.addWidget(self.progress, 1)
        layout.addSpacing(8)
        layout.addWidget(self.figures)
        layout.addWidget(self.device_chip)
        layout.addWidget(self.export_button)
        control.changed.connect(self.refresh)
        theme().changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the state of the current run."""
        self._show_main()
        record = self._session.runs.current_record
        self._pace.look(record)
        self.progress.setMaximum(max(record.steps, 1) if record else 1)
        self.progress.setValue(record.step if record else 0)
        self.figures.setText(self._in_figures(record) if record else "")
        self.figures.setAccessibleName(self.figures.text())

    def _main_button(self) -> QToolButton:
        button = QToolButton()
        set_role(button, "accent")
        button.setObjectName("main")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.setMinimumWidth(104)
        button.clicked.connect(self._control.train_or_pause)
        return button

    def _show_main(self) -> None:
        main = self._control.main
        title, image, tip = _MAIN[main]
        reason = self._control.why_not_train() if main == "train" else ""
        if main == "train" and self._control.refusal:
            tip = self._control.refusal
        self.main_button.setText(title)
        self.main_button.setAccessibleName(title)
        self.main_button.setIcon(icon(image, theme().colours.on_accent))
        self.main_button.setToolTip(reason or tip)
        self.main_button.setEnabled(main != "wait" and not reason)

    def _preset_button(self) -> QToolButton:
        button = _menu_button("Ready experiments")
        button.setObjectName("presets")
        button.setText("Presets ▾")
        menu = QMenu(button)
        # Reading the presets compiles their cells: not before somebody wants to see them.
        menu.aboutToShow.connect(lambda: self._fill_presets(menu))
        button.setMenu(menu)
        return button

    def _fill_presets(self, menu: QMenu) -> None:
        """Offer the presets under what their tasks are used for; they never change."""
        if not menu.isEmpty():
            return
        found = ((type(experiment.task).use, experiment.label, name) for name, experiment in presets().items())
        for use, own in by_use(found).items():
            group = menu.addMenu(use)
            group.setToolTipsVisible(True)
            for label, name in own:
                action = group.addAction(label)
                action.setToolTip(name)
                action.triggered.connect(lambda _=False, own=name: self._files.load_preset(own))

    def _in_figures(self, record: RunRecord) -> str:
        parts = [f"step {steps(record.step)} / {steps(record.steps)}"]
        if record.status == "running" and self._pace.rate is not None:
            parts.append(f"{number(self._pace.rate)} /s")
            remaining = self._pace.remaining(record)
            if remaining is not None:
                parts.append(f"{seconds(remaining)} left")
        elif record.status != "running":
            parts.append(record.status)
        return "  ·  ".join(parts)


def _field_button(action: QAction) -> QToolButton:
    button = QToolButton()
    set_role(button, "field")
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button


def _menu_button(name: str) -> QToolButton:
    button = QToolButton()
    set_role(button, "field")
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setAccessibleName(name)
    button.setToolTip(name)
    return button
