"""A sequence in segments: of each only its start is kept, and what lies between is computed again to go back through.

Gradient checkpointing (Martens & Sutskever 2012; Chen et al. 2016): with every k-th state kept, a sequence of T steps
takes the memory of k steps and T / k states, one more forward pass, and has the gradient that it has without.
"""

from collections.abc import Iterator, Sequence

from workbench.backends import Gradients
from workbench.training.arrays import Array
from workbench.training.network import Carried, Pass
from workbench.training.pool import TracePool
from workbench.training.stack import Later, Turn

Span = tuple[int, int]
"""The first step of a part of a sequence, and the first one behind it."""


def pieces(steps: int, size: int) -> list[Span]:
    """Return consecutive parts of ``size`` steps; one of all steps for 0."""
    return _cut(0, steps, size)


def segments(steps: int, truncate: int, checkpoint_every: int) -> list[list[Span]]:
    """Return the segments of each piece to which the gradient is truncated; 0 cuts nothing."""
    return [_cut(start, stop, checkpoint_every) for start, stop in pieces(steps, truncate)]


def longest(steps: int, truncate: int, checkpoint_every: int) -> int:
    """Return how many steps are worked on together."""
    return min(steps, truncate or steps, checkpoint_every or steps)


def from_last_to_first(
    pool: TracePool, inputs: Array, spans: Sequence[Span], carried: Carried | None, turn: Turn | None = None
) -> Iterator[tuple[Span, Pass]]:
    """Run forward over neighbouring segments of inputs (T, B, ...), then hand out their passes, the last one first.

    ``carried`` is what lies before the first; with a ``turn`` there is one segment alone. Each pass is good until the
    next one is asked for.
    """
    starts = [carried]
    for start, stop in spans[:-1]:
        starts.append(pool.forward(inputs[start:stop], starts[-1]).carried)
    for start, stop in reversed(spans):
        yield (start, stop), pool.forward(inputs[start:stop], starts.pop(), turn)


def hand_back(gradients: Sequence[Gradients]) -> Later:
    """Return the gradients that a segment hands back to the one before it, as copies."""
    return [{state: gradient.copy() for state, gradient in own.start.items()} for own in gradients]


def _cut(start: int, stop: int, size: int) -> list[Span]:
    size = size or stop - start
    return [(first, min(first + size, stop)) for first in range(start, stop, size)]
