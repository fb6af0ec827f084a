"""Commands about cells and help."""

from workbench.gui.commands.commands import Command
from workbench.gui.context import Context


def help_commands(context: Context) -> tuple[Command, ...]:
    """Return the commands of the menus Cells and Help."""
    dialogs = context.dialogs
    return (
        Command(
            "cells.catalogue",
            "Catalogue …",
            "Cells",
            dialogs.show_cells,
            icon="cell",
            tip="All cells with their equations and sources",
            words="lstm gru elman equations latex",
        ),
        Command(
            "cells.own",
            "Own equations …",
            "Cells",
            dialogs.edit_cell,
            icon="rename",
            tip="Type a cell of your own",
            words="custom edit new cell",
        ),
        Command("help.tour", "Tour", "Help", dialogs.show_tour, icon="help", words="introduction first steps"),
        Command(
            "help.focus",
            "Explain what has the focus",
            "Help",
            dialogs.explain_focus,
            shortcut="F1",
            words="what is this",
        ),
        Command("help.shortcuts", "Keyboard shortcuts", "Help", dialogs.show_shortcuts, shortcut="Ctrl+/"),
        Command("help.about", "About RNN Workbench", "Help", dialogs.show_about, starts_group=True),
    )
