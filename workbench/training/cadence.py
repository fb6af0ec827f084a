"""When the next snapshot may be taken: the film costs a fixed share of the time training takes."""

from dataclasses import dataclass


@dataclass
class FilmCadence:
    """Spaces snapshots so that their measured cost stays within ``share`` of the time spent training.

    All times are seconds, measured by the caller. The first snapshot is due at once; every later one when
    ``share`` of the training time covers what the film has cost so far and one more snapshot, which is
    expected to cost what the last one did. Only the film depends on these times, no number of training does.
    """

    share: float = 0.05
    shortest: float = 0.1
    training: float = 0.0
    filming: float = 0.0
    last_cost: float | None = None
    since_last: float = 0.0

    def trained(self, seconds: float) -> None:
        """Note time spent on training steps."""
        self.training += seconds
        self.since_last += seconds

    def filmed(self, seconds: float) -> None:
        """Note the full cost of one snapshot: taking it, compressing it and keeping it."""
        self.filming += seconds
        self.last_cost = seconds
        self.since_last = 0.0

    @property
    def due(self) -> bool:
        """Whether a snapshot may be taken now."""
        if self.last_cost is None:
            return True
        affordable = self.filming + self.last_cost <= self.share * self.training
        return affordable and self.since_last >= self.shortest

    @property
    def cost(self) -> float:
        """What the film has cost so far, as a share of the time spent training."""
        return self.filming / self.training if self.training else 0.0
