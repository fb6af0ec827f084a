"""The one cursor: a time step, and a unit, marked in every panel at once."""

from PySide6.QtCore import QObject, Signal


class Cursor(QObject):
    """Where a person points in the sequence shown. It follows the mouse until it is pinned by a click."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.t: int | None = None
        self.unit: int | None = None
        self.pinned = False

    def hover(self, t: int, unit: int | None = None) -> None:
        """Follow the mouse to step ``t`` (from 0), and to a unit where it is over one."""
        if not self.pinned:
            self._move(t, self.unit if unit is None else unit)

    def pin(self, t: int, unit: int | None = None) -> None:
        """Stay at a step; pinning where it is already pinned lets go again."""
        if self.pinned and t == self.t and unit in (None, self.unit):
            self.pinned = False
            self.changed.emit()
            return
        self.pinned = True
        self._move(t, self.unit if unit is None else unit)
        self.changed.emit()

    def move(self, steps: int) -> None:
        """Go some steps to the right, or to the left: what the arrow keys do."""
        self.pinned = True
        self._move(max(0, (self.t or 0) + steps), self.unit)

    def move_unit(self, units: int) -> None:
        """Go some units down, or up."""
        self.pinned = True
        self._move(self.t or 0, max(0, (self.unit or 0) + units))

    def leave(self) -> None:
        """Follow no more: the mouse has left. A pinned cursor stays."""
        if not self.pinned:
            self._move(None, self.unit)

    def release(self) -> None:
        """Unpin, and vanish until the mouse points somewhere."""
        self.pinned = False
        self._move(None, None)

    def _move(self, t: int | None, unit: int | None) -> None:
        if (t, unit) != (self.t, self.unit):
            self.t, self.unit = t, unit
            self.changed.emit()
