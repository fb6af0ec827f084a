"""Commands that undo, redo, copy and find."""

from workbench.gui.commands.commands import Command
from workbench.gui.context import Context

MENU = "Edit"


def edit_commands(context: Context) -> tuple[Command, ...]:
    """Return the commands of the Edit menu."""
    stack, dialogs = context.undo_stack, context.dialogs
    return (
        Command(
            "edit.undo",
            "Undo",
            MENU,
            stack.undo,
            icon="undo",
            shortcut="Ctrl+Z",
            why_not=lambda: "" if stack.canUndo() else "There is nothing to undo.",
        ),
        Command(
            "edit.redo",
            "Redo",
            MENU,
            stack.redo,
            icon="redo",
            shortcut="Ctrl+Shift+Z",
            why_not=lambda: "" if stack.canRedo() else "There is nothing to redo.",
        ),
        Command(
            "figure.copy",
            "Copy figure",
            MENU,
            dialogs.copy_figure,
            icon="copy",
            shortcut="Ctrl+Shift+C",
            tip="Copy the figure of the panel in use, as for paper, to the clipboard",
            why_not=lambda: "" if context.session.runs.current is not None else "There is no run yet.",
            words="clipboard picture",
            starts_group=True,
        ),
        Command(
            "edit.palette",
            "Find a command …",
            MENU,
            dialogs.show_palette,
            icon="search",
            shortcut="Ctrl+K",
            words="search palette",
            starts_group=True,
        ),
    )
