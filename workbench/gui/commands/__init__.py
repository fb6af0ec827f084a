"""What can be done in the window, by menu; `commands.py` says what a command is."""

from workbench.gui.commands.commands import Command, Commands

__all__ = ["Command", "Commands"]
