"""What a file can be for, one of which is chosen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QRadioButton, QVBoxLayout, QWidget

from workbench.gui.dialogs.own_data.uses import Use
from workbench.gui.theme import set_role


class UseChoice(QWidget):
    """One button for each use, and what the chosen one means; a single use needs no button."""

    chosen = Signal(object)
    """A person chose another use."""

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[str, QRadioButton] = {}
        self.about = QLabel()
        self.about.setWordWrap(True)
        set_role(self.about, "caption")
        heading = QLabel("USE IT AS")
        set_role(heading, "section")
        self._only = QLabel()
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading)
        layout.addWidget(self._only)
        layout.addLayout(self._column)
        layout.addWidget(self.about)

    def offer(self, uses: tuple[Use, ...]) -> None:
        """Offer these uses in place of those before."""
        if [use.task for use in uses] == list(self.buttons):
            return
        for old in self.buttons.values():
            self._group.removeButton(old)
            old.hide()
            old.deleteLater()
        self.buttons = {use.task: self._button(use) for use in uses}
        alone = len(uses) == 1
        self._only.setText(uses[0].title)
        self._only.setVisible(alone)
        for button in self.buttons.values():
            button.setVisible(not alone)

    def show_chosen(self, use: Use) -> None:
        """Show which one is chosen."""
        self.buttons[use.task].setChecked(True)
        self.about.setText(use.about)

    def _button(self, use: Use) -> QRadioButton:
        button = QRadioButton(use.title)
        button.setAccessibleDescription(use.about)
        button.clicked.connect(lambda: self.chosen.emit(use))
        self._group.addButton(button)
        self._column.addWidget(button)
        button.show()
        return button
