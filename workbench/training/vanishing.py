"""How far back a gradient reaches before nothing is left of it."""

import numpy as np
from numpy.typing import ArrayLike

NOT_VANISHED = -1


def vanishing_lag(norms: ArrayLike, targets: ArrayLike, smallest: float) -> int:
    """Return how many steps before its loss no sequence has any gradient left; ``NOT_VANISHED`` where one always has.

    ``norms`` (T, B): of each sequence's gradient at each step, in the order in which the layer reads; what is not above
    ``smallest`` is nothing. ``targets`` (B,): the first step of each sequence that counts in its loss, in the same
    order, -1 for none. A sequence that begins before its gradient vanished says nothing of the lags before its
    beginning, so longer ones decide. 0: there is no gradient even at the loss. A gradient that is not a number has not
    vanished.
    """
    alive = ~(np.asarray(norms, np.float64) <= smallest)
    reach, furthest = 0, -1
    for sequence, target in enumerate(np.asarray(targets)):
        if target < 0:
            continue
        reach = max(reach, int(target))
        steps = np.flatnonzero(alive[: target + 1, sequence])
        if len(steps):
            furthest = max(furthest, int(target - steps[0]))
    return NOT_VANISHED if furthest >= reach else furthest + 1
