"""What the window has open and looks at: a model that panels draw and commands change."""

from workbench.gui.session.cursor import Cursor
from workbench.gui.session.film import FilmPlace, Snapshot
from workbench.gui.session.runs import RunList, RunStyle
from workbench.gui.session.session import Session

__all__ = ["Cursor", "FilmPlace", "RunList", "RunStyle", "Session", "Snapshot"]
