"""Keeping what was typed: a crash, or a power cut, costs the last second at most."""

from PySide6.QtCore import QObject, QTimer

from workbench.gui.form.draft import Draft
from workbench.gui.memory import Memory

_KEY = "draft"  # in memory
_PATIENCE = 1000  # milliseconds after the last edit


def restored_draft(memory: Memory, parent: QObject) -> Draft:
    """Return the draft as it was kept, wrong values included; the first preset where there is none."""
    return Draft.restored(memory.text(_KEY), parent=parent)


class DraftKeeper(QObject):
    """Keeps a draft a moment after each edit."""

    def __init__(self, draft: Draft, memory: Memory, parent: QObject) -> None:
        super().__init__(parent)
        self._draft, self._memory = draft, memory
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PATIENCE)
        self._timer.timeout.connect(self.keep)
        draft.changed.connect(self._timer.start)

    def keep(self) -> None:
        """Keep the draft now."""
        self._timer.stop()
        self._memory.set_text(_KEY, self._draft.saved())
        self._memory.save()
