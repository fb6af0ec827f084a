"""What can be chosen about a figure: its kind, the kind's own options, the page."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from workbench.figures.choices import Choices
from workbench.figures.registry import FIGURES
from workbench.figures.style import STYLES
from workbench.gui.dialogs.export.fields import (
    CAPTION_FIELD,
    FONT_FIELD,
    LEFT_OUT,
    RESOLUTION_FIELD,
    STYLE_FIELD,
    TITLE_FIELD,
    choice_words,
    offers,
    option_fields,
)
from workbench.gui.dialogs.export.wish import Wish
from workbench.gui.form.editors import Choice, ChoiceField, Editor, editor_for
from workbench.gui.form.fields import FormField
from workbench.gui.form.lines import LineField
from workbench.gui.form.row import describe, lay_out_row, mark_wrong, reason_label, row_label
from workbench.gui.theme import set_role

NOTHING = Choices((), (), (), (), ())


class Controls(QWidget):
    """One column of fields; `wish` is what they say."""

    changed = Signal()

    def __init__(self, wish: Wish) -> None:
        super().__init__()
        self.wish = wish
        self._offered = NOTHING
        self.editors: dict[str, Editor] = {}
        self.kinds = Choice()
        self.kinds.setAccessibleName("Figure")
        for name, kind in FIGURES.items():
            self.kinds.addItem(kind.title, name)
        self.kinds.setCurrentIndex(self.kinds.findData(wish.kind))
        self.kinds.activated.connect(lambda: self._choose_kind(self.kinds.currentData()))
        self.about = QLabel()
        self.about.setWordWrap(True)
        set_role(self.about, "caption")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(_section("FIGURE"))
        self._column.addWidget(self.kinds)
        self._column.addWidget(self.about)
        self._options = QWidget()
        self._column.addWidget(self._options)
        self._column.addSpacing(8)
        self._column.addWidget(_section("PAGE"))
        for field, value in (
            (STYLE_FIELD, wish.style),
            (FONT_FIELD, "" if wish.font_size is None else f"{wish.font_size:g}"),
            (RESOLUTION_FIELD, str(wish.dpi)),
            (TITLE_FIELD, wish.title),
            (CAPTION_FIELD, wish.caption),
        ):
            self._column.addWidget(self._row(field, value))
        self._name_styles()
        self._suggest_font_size()
        self._column.addStretch(1)
        self._show_kind()

    def offer(self, choices: Choices) -> None:
        """Offer what the run has."""
        self._offered = choices
        self._show_kind()

    def _choose_kind(self, kind: str) -> None:
        self.wish = replace(self.wish, kind=kind, options={})
        self._show_kind()
        self.changed.emit()

    def _show_kind(self) -> None:
        kind = FIGURES[self.wish.kind]
        self.about.setText(kind.about)
        options = QWidget()
        column = QVBoxLayout(options)
        column.setContentsMargins(0, 0, 0, 0)
        for field in option_fields(kind.options, self._offered):
            value = self.wish.options.get(field.path, field.default)
            column.addWidget(self._row(field, field.print(LEFT_OUT if value is None else value)))
            editor = self.editors[field.path]
            if isinstance(editor, ChoiceField) and offers(kind.options, field.path):
                for index, choice in enumerate(field.choices):
                    editor.setItemText(index, choice_words(kind.options, field.path, choice))
        self._column.replaceWidget(self._options, options)
        self._options.hide()
        self._options.deleteLater()
        self._options = options

    def _row(self, field: FormField, text: str) -> QWidget:
        row = QWidget()
        editor = editor_for(field)
        editor.setAccessibleName(field.title)
        editor.show_text(text)
        reason = reason_label()
        label = row_label(field.title, editor)
        for widget in (label, editor):
            widget.setToolTip(describe(field))
        lay_out_row(row, label, editor, reason)
        editor.typed.connect(lambda typed: mark_wrong(editor.marked, reason, self._enter(field, typed)))
        self.editors[field.path] = editor
        return row

    def _enter(self, field: FormField, text: str) -> str:
        """Take up what was typed; return what is wrong with it, or ""."""
        value: Any = field.parse(text)
        if field == FONT_FIELD and not text.strip():
            value = None
        elif wrong := _wrong(field, value):
            return wrong
        if field.group == STYLE_FIELD.group:
            self.wish = replace(self.wish, **{field.path: value})
            self._suggest_font_size()
        else:
            options = {name: old for name, old in self.wish.options.items() if name != field.path}
            self.wish = replace(self.wish, options=options if value == LEFT_OUT else options | {field.path: value})
        self.changed.emit()
        return ""

    def _name_styles(self) -> None:
        editor = self.editors["style"]
        assert isinstance(editor, ChoiceField)
        for index, style in enumerate(STYLES.values()):
            editor.setItemText(index, style.title)

    def _suggest_font_size(self) -> None:
        """Show in the empty field the font size that comes with the chosen size."""
        editor = self.editors["font_size"]
        assert isinstance(editor, LineField)
        editor.setPlaceholderText(f"{STYLES[self.wish.style].font_size:g}")


def _wrong(field: FormField, value: Any) -> str:
    """Return what is wrong with a number, or ""."""
    if field.kind in ("whole", "number") and isinstance(value, str):
        return "must be a whole number" if field.kind == "whole" else "must be a number"
    low, high = field.bounds.get("ge"), field.bounds.get("le")
    if low is not None and high is not None and not low <= value <= high:
        return f"must be between {low:g} and {high:g}"
    return ""


def _section(text: str) -> QLabel:
    label = QLabel(text)
    set_role(label, "section")
    return label
