"""Titles and values in two columns, in sections, that can be marked and copied."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from workbench.gui.theme import set_role

Sections = Mapping[str, Sequence[tuple[str, str]]]


class FactSheet(QScrollArea):
    """Sections of facts; values change in place, so that what was marked and the place in the sheet stay."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._values: dict[tuple[str, str], QLabel] = {}

    @property
    def facts(self) -> dict[str, str]:
        """What is said, by title."""
        return {title: label.text() for (_, title), label in self._values.items()}

    def show_facts(self, sections: Sections) -> None:
        """Show these facts in place of those before."""
        found = {(section, title): value for section, facts in sections.items() for title, value in facts}
        if found.keys() != self._values.keys():
            place = self.verticalScrollBar().value()
            self._build(sections)
            self.verticalScrollBar().setValue(place)
        for key, value in found.items():
            if self._values[key].text() != value:
                self._values[key].setText(value)

    def _build(self, sections: Sections) -> None:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(8, 4, 8, 8)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        self._values = {}
        row = 0
        for section, facts in sections.items():
            grid.addWidget(_heading(section, first=row == 0), row, 0, 1, 2)
            for title, _ in facts:
                row += 1
                grid.addWidget(_title(title), row, 0, Qt.AlignmentFlag.AlignTop)
                self._values[section, title] = _value(title)
                grid.addWidget(self._values[section, title], row, 1)
            row += 1
        grid.setRowStretch(row, 1)
        self.setWidget(page)


def _heading(section: str, *, first: bool) -> QLabel:
    heading = QLabel(section.upper())
    heading.setAccessibleName(section)
    heading.setContentsMargins(0, 0 if first else 12, 0, 2)
    set_role(heading, "section")
    return heading


def _title(title: str) -> QLabel:
    label = QLabel(title)
    set_role(label, "muted")
    return label


def _value(title: str) -> QLabel:
    value = QLabel()
    value.setAccessibleName(title)
    value.setTextFormat(Qt.TextFormat.PlainText)
    value.setWordWrap(True)
    value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return value
