"""Traces that are done with, kept for the next pass of the same shape."""

from workbench.backends import Trace
from workbench.training.arrays import Array
from workbench.training.network import Carried, Network, Pass
from workbench.training.stack import Turn

KEPT_SHAPES = 2


class TracePool:
    """Runs passes of a network in the arrays of earlier ones, which cannot be read any more.

    It keeps traces of two shapes: those of a piece, and those of the shorter piece at a sequence's end.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self._kept: dict[tuple[int, ...], tuple[Trace, ...]] = {}

    def forward(self, inputs: Array, carried: Carried | None = None, turn: Turn | None = None) -> Pass:
        """Run inputs (T, B) or (T, B, D) through all layers, from zero states or those ``carried``."""
        shape = inputs.shape[:2]
        passed = self.network.forward(inputs, carried, self._kept.pop(shape, None), turn)
        self._kept[shape] = passed.traces
        if len(self._kept) > KEPT_SHAPES:
            del self._kept[next(iter(self._kept))]
        return passed
