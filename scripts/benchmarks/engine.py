"""A training step beside the same step in torch and JAX, and all of them beside the machine's product rate."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import geometric_mean

from benchmarks.cases import CELLS, Case
from benchmarks.peers import installed_peers
from benchmarks.product_rate import measure_product_rate
from benchmarks.settings import Settings
from benchmarks.steppers import seconds_side_by_side
from benchmarks.tables import Row, Section

SIZES = (
    (1, 100, 2, 32),
    (32, 100, 2, 64),
    (32, 100, 2, 128),
    (64, 50, 64, 256),
    (128, 100, 128, 512),
    (16, 784, 1, 100),
)
LARGE = 256
"""The hidden size from which the product rate is what counts."""
AT_THE_LIMIT = 0.8
"""The share of the product rate from which a peer leaves next to nothing to win."""


@dataclass(frozen=True)
class Result:
    """Seconds of a training step, ours and of each peer; ``rate``: operations a second of matrix products."""

    case: Case
    ours: float
    peers: Mapping[str, float]
    rate: float

    @property
    def fastest(self) -> float:
        """Seconds of the fastest peer."""
        return min(self.peers.values())

    @property
    def times_as_fast(self) -> float:
        """Ours beside the fastest peer."""
        return self.fastest / self.ours

    def share(self, seconds: float) -> float:
        """Return the share of the product rate that a step reaches."""
        return self.case.operations / seconds / self.rate

    @property
    def row(self) -> Row:
        """The figures, in milliseconds."""
        row: Row = {"cell": self.case.cell, "B, T, D, H": self.case.sizes, "ours, ms": 1000 * self.ours}
        row |= {f"{name}, ms": 1000 * seconds for name, seconds in self.peers.items()}
        if self.peers:
            row["times as fast"] = self.times_as_fast
        row["ours, of product rate"] = self.share(self.ours)
        if self.peers:
            row["fastest peer, of product rate"] = self.share(self.fastest)
        return row


def measure_engine(settings: Settings) -> Section:
    """Measure every cell and size in turn with the peers; without any, ours alone."""
    peers = installed_peers()
    cases = [Case(cell, *sizes) for cell in CELLS for sizes in SIZES[: 2 if settings.few else None]]
    before = measure_product_rate(peers, settings)
    libraries = {"ours": settings.backend} | {peer: peer for peer in peers}
    seconds = [
        seconds_side_by_side({name: (library, case) for name, library in libraries.items()}, settings) for case in cases
    ]
    rate = max(before, measure_product_rate(peers, settings))
    results = [
        Result(case, found["ours"], {peer: found[peer] for peer in peers}, rate)
        for case, found in zip(cases, seconds, strict=True)
    ]
    title = f"A training step of {settings.backend} (forward, loss at every step, backward, clip, Adam; float32)"
    return Section(title, [result.row for result in results], _summary(results, rate))


def _summary(results: Sequence[Result], rate: float) -> Row:
    """Sum up the cases in which there is something to win; the others stand apart."""
    summary: Row = {"matrix products, GFLOP/s": rate / 1e9}
    if large := [result for result in results if result.case.hidden >= LARGE]:
        name = f"ours, least share of the product rate at H >= {LARGE}"
        summary[name] = _lowest(large, lambda result: result.share(result.ours))
    compared = [result for result in results if result.peers]
    open_ = [result for result in compared if result.share(result.fastest) <= AT_THE_LIMIT]
    apart = [result for result in compared if result not in open_]
    if open_:
        summary["times as fast, geometric mean"] = geometric_mean(result.times_as_fast for result in open_)
        summary["times as fast, worst case"] = _lowest(open_, lambda result: result.times_as_fast)
    if compared:
        listed = "; ".join(f"{_name(result)}: {result.times_as_fast:.2f}" for result in apart)
        summary[f"apart, the peer above {AT_THE_LIMIT} of the product rate"] = listed or "none"
    return summary


def _lowest(results: Sequence[Result], figure: Callable[[Result], float]) -> str:
    lowest = min(results, key=figure)
    return f"{figure(lowest):.2f}, {_name(lowest)}"


def _name(result: Result) -> str:
    return f"{result.case.cell} ({result.case.sizes})"
