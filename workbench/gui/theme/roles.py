"""Roles: what a plain Qt widget is in this window. The style sheet draws each role."""

from typing import Literal

from PySide6.QtWidgets import QWidget

Role = Literal[
    "title",  # a panel's or dialog's name
    "heading",  # of a dialog's page
    "caption",  # one muted line beside a title
    "section",  # small, spaced label above a group of fields
    "muted",
    "unit",  # of a field, small and muted
    "reason",  # small line below a wrong field
    "number",  # a figure read at a glance
    "good",
    "warning",
    "bad",
    "panel",  # a white card with round corners
    "accent",  # the one button that counts
    "quiet",  # a word or icon that can be pressed
    "word",  # the same within a column of text: flush with it
    "line",  # one pixel between two parts
    "link",
    "chip",  # a rounded label, pressed or not
    "field",  # a button that looks like a field
    "bar",  # tool bar and status bar
    "plain",  # text to be read, without a frame of its own
    "banner",  # a sentence that wants an answer
]


def set_role(widget: QWidget, role: Role) -> None:
    """Give a widget its role and have it drawn anew."""
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
