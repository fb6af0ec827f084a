"""One row of the form: what the field is called, what stands in it, and what is wrong with it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from workbench.gui.form.draft import Draft
from workbench.gui.form.editors import editor_for
from workbench.gui.form.fields import FormField, breakable, sentence
from workbench.gui.form.letting_go import let_go_of_focus
from workbench.gui.format import steps
from workbench.gui.theme import set_role

LABEL_WIDTH = 100
FIELD_HEIGHT = 28
_WORDS = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}


class FieldRow(QWidget):
    """A label and the editor of one field of the draft."""

    def __init__(self, draft: Draft, field: FormField) -> None:
        super().__init__()
        self.field, self._draft = field, draft
        self.editor = editor_for(field)
        self.editor.typed.connect(lambda text: draft.enter(field.path, text))
        self.reason = reason_label()
        self.label = label = row_label(field.title, self.editor)
        target = self.editor.focusProxy() or self.editor
        help_text = describe(field)
        target.setAccessibleName(field.title)
        target.setAccessibleDescription(help_text)
        for widget in (label, self.editor):
            widget.setToolTip(help_text)
        self.grid = lay_out_row(self, label, self.editor, self.reason)

    def refresh(self) -> None:
        """Show what the draft holds of this field."""
        path, problems = self.field.path, self._draft.problems
        self.editor.show_text(self._draft.text(self.field))
        self.mark(problems.get(path, ""))
        # A wrong value has to be seen even where the field has no meaning.
        seen = path in problems or self._draft.matters(self.field)
        if not seen:
            let_go_of_focus(self)
        self.setVisible(seen)

    def use_whole_width(self) -> None:
        """Leave the label out: what stands above the row names it."""
        self.label.hide()
        self.grid.setHorizontalSpacing(0)

    def mark(self, reason: str) -> None:
        """Show what is wrong with the value; "" where nothing is."""
        mark_wrong(self.editor.marked, self.reason, reason)


def describe(field: FormField) -> str:
    """Return what a field means, its bounds and its default."""
    bounds = [f"{_WORDS[name]} {_plain(field, bound)}" for name, bound in field.bounds.items()]
    parts = [field.description]
    if bounds:
        parts.append(sentence(" and ".join(bounds)))
    if field.default not in ("", None) and not callable(field.default):
        parts.append(f"Default: {field.print(field.default)}.")
    return " ".join(part for part in parts if part)


def row_label(text: str, editor: QWidget) -> QLabel:
    """Return the muted label of a row, which wraps rather than be cut."""
    label = QLabel(text)
    set_role(label, "muted")
    label.setWordWrap(True)
    label.setFixedWidth(LABEL_WIDTH)
    label.setMinimumHeight(FIELD_HEIGHT)
    label.setBuddy(editor)
    return label


def reason_label() -> QLabel:
    """Return the hidden line that says what is wrong."""
    label = QLabel()
    set_role(label, "reason")
    label.setWordWrap(True)
    label.hide()
    return label


def lay_out_row(row: QWidget, label: QLabel, editor: QWidget, reason: QLabel) -> QGridLayout:
    """Put label and editor side by side, the reason below them."""
    layout = QGridLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setHorizontalSpacing(4)
    layout.setVerticalSpacing(2)
    layout.setColumnStretch(1, 1)
    layout.addWidget(label, 0, 0, Qt.AlignmentFlag.AlignTop)
    layout.addWidget(editor, 0, 1, Qt.AlignmentFlag.AlignTop)
    layout.addWidget(reason, 1, 0, 1, 2)
    return layout


def mark_wrong(widget: QWidget, label: QLabel, reason: str) -> None:
    """Mark a widget as wrong and say why below it, or take both back."""
    if widget.property("wrong") != bool(reason):
        widget.setProperty("wrong", bool(reason))
        widget.style().unpolish(widget)
        widget.style().polish(widget)
    label.setText(breakable(sentence(reason)) if reason else "")
    label.setVisible(bool(reason))


def _plain(field: FormField, bound: float) -> str:
    return steps(int(bound)) if bound == int(bound) else str(bound)
