"""Own data: a file is looked at, and a person says what it is for."""

from workbench.gui.dialogs.own_data.dialog import OwnDataDialog

__all__ = ["OwnDataDialog"]
