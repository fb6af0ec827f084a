"""How fast a run goes and how long it will take, from what the workbook says of it."""

from collections import deque
from dataclasses import dataclass, field

from workbench.lab.workbook import RunRecord

_LOOKS = 12  # of the last seconds, at two looks a second


@dataclass
class Pace:
    """Steps a second over the last looks at one run; time paused does not count."""

    run: int | None = None
    _looks: deque[tuple[int, float]] = field(default_factory=lambda: deque(maxlen=_LOOKS))

    def look(self, record: RunRecord | None) -> None:
        """Take note of how far a run is; another run starts over."""
        number = record.id if record else None
        if number != self.run:
            self.run = number
            self._looks.clear()
        if record is None or (self._looks and self._looks[-1][0] == record.step):
            return
        if self._looks and record.step < self._looks[-1][0]:
            self._looks.clear()
        self._looks.append((record.step, record.seconds))

    @property
    def rate(self) -> float | None:
        """Steps a second of training; None while that is not known."""
        if len(self._looks) < 2:
            return None
        steps = self._looks[-1][0] - self._looks[0][0]
        seconds = self._looks[-1][1] - self._looks[0][1]
        return steps / seconds if steps > 0 and seconds > 0 else None

    def remaining(self, record: RunRecord) -> float | None:
        """Return the seconds until a run has taken all its steps; None while that is not known."""
        return None if self.rate is None else (record.steps - record.step) / self.rate
