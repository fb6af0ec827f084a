"""Exporting a figure: chosen at the left, seen at the right exactly as it will be written."""

from workbench.gui.dialogs.export.dialog import ExportDialog
from workbench.gui.dialogs.export.wish import Wish

__all__ = ["ExportDialog", "Wish"]
