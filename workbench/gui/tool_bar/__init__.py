"""The tool bar and its parts."""

from workbench.gui.tool_bar.tool_bar import ToolBar

__all__ = ["ToolBar"]
