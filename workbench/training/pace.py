"""How many training steps are begun before the numbers of any are read."""

from dataclasses import dataclass

CHUNK = 0.05  # seconds; what was asked of a run is heard between chunks
MOST = 1000


@dataclass
class Pace:
    """One step where numbers are there as soon as it is taken; where programs work ahead, what takes a chunk's time.

    No number depends on it, for steps taken together are the steps taken one by one.
    """

    works_ahead: bool
    steps: int = 1

    def took(self, steps: int, seconds: float) -> None:
        """Note what so many steps took together, their numbers read; the next chunk is twice as long at most."""
        if self.works_ahead:
            self.steps = max(1, min(int(steps * CHUNK / max(seconds, 1e-9)), 2 * self.steps, MOST))
