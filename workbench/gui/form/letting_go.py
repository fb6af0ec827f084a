"""The focus when what has it goes away: back to the window, where Space trains, never on to a neighbour."""

from PySide6.QtWidgets import QWidget


def let_go_of_focus(widget: QWidget) -> None:
    """Give the focus to the window where a widget, or a part of it, has it; call this before hiding the widget.

    Qt itself would give it to the next field, where Space and the point are typed instead of steering a run.
    """
    window = widget.window()
    focused = window.focusWidget()
    if focused is not None and focused is not window and (focused is widget or widget.isAncestorOf(focused)):
        window.setFocus()
