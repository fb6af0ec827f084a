"""Which lengths a task tests, from that of training to one far beyond."""

MOST = 6


def tested_lengths(trained: int, longest: int) -> tuple[int, ...]:
    """Return up to six lengths from the shorter of both to the longer, each about as many times as long as the last.

    Both are among them. A task that is not tested beyond its training length has ``longest`` equal to ``trained``.
    """
    short, long = sorted((trained, longest))
    count = min(MOST, long - short + 1)
    if count == 1:
        return (short,)
    ratio = (long / short) ** (1 / (count - 1))
    inner = {round(short * ratio**place) for place in range(1, count - 1)}
    return tuple(sorted({short, long} | inner))
