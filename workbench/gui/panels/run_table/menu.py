"""What can be done to a run: the menu at the right mouse button."""

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from workbench.gui.theme import icon, theme
from workbench.lab.workbook import RunRecord

RESUMABLE = frozenset({"idle", "stopped", "interrupted", "failed"})
"""A paused run has a worker already: it goes on by the main button."""
STOPPABLE = frozenset({"starting", "running", "paused"})

Do = Callable[[], object]


def run_menu(record: RunRecord, deeds: Mapping[str, Do], parent: QWidget) -> QMenu:
    """Return the menu of one run; ``deeds`` by name: those in `_ENTRIES`, a missing one is greyed."""
    menu = QMenu(parent)
    menu.setAccessibleName(f"What can be done to {record.name}")
    for entry in _ENTRIES:
        if entry is None:
            menu.addSeparator()
            continue
        name, title, picture = entry
        action = QAction(title, menu)
        if picture:
            action.setIcon(icon(picture, theme().colours.muted))
        do = deeds.get(name)
        action.setEnabled(do is not None and _makes_sense(name, record))
        if do is not None:
            action.triggered.connect(lambda _=False, own=do: own())
        menu.addAction(action)
    return menu


def _makes_sense(name: str, record: RunRecord) -> bool:
    if name == "resume":
        return record.status in RESUMABLE
    if name == "stop":
        return record.status in STOPPABLE
    return True


_ENTRIES: tuple[tuple[str, str, str] | None, ...] = (
    ("rename", "Rename", "rename"),
    ("duplicate", "Duplicate as new experiment", "duplicate"),
    None,
    ("resume", "Resume", "resume"),
    ("stop", "Stop", "stop"),
    None,
    ("details", "Show log and details…", ""),
    ("copy", "Copy name", "copy"),
    ("save", "Save experiment as file…", "save"),
    None,
    ("trash", "Move to trash", "trash"),
)
