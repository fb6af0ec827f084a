"""Counting models of text: interpolated n-grams with Witten-Bell smoothing."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray


def ngram_probabilities(
    symbols: NDArray[np.integer], counted: int, vocabulary: int, order: int
) -> Iterator[NDArray[np.float64]]:
    """Yield, for n = 1 .. order, the probability an n-gram gives each symbol after the first ``counted``.

    The model counts in the first ``counted`` symbols alone; the others are predicted one by one, each from
    the n - 1 before it. With c(h) the count of a context h, d(h) the number of different symbols after it:

        p(w | h) = (c(h w) + d(h) p(w | h')) / (c(h) + d(h)),

    where h' is h without its oldest symbol, and 1/vocabulary stands below the unigram. Witten & Bell 1991;
    Chen & Goodman 1999, section 2.6.
    """
    text = symbols.astype(np.int64)
    context = np.zeros(len(symbols), dtype=np.int64)
    probability = np.full(len(symbols) - counted, 1 / vocabulary)
    for n in range(1, order + 1):
        grams, example, gram = np.unique(context * vocabulary + text, return_index=True, return_inverse=True)
        count = np.bincount(gram[:counted], minlength=len(grams))
        contexts = int(context.max()) + 1
        total = np.bincount(context[:counted], minlength=contexts)
        kinds = np.bincount(context[example][count > 0], minlength=contexts)
        now, here = gram[counted:], context[counted:]
        weight = np.maximum(total + kinds, 1)[here]
        seen = total[here] > 0
        probability = np.where(seen, (count[now] + kinds[here] * probability) / weight, probability)
        yield probability
        context = _longer(context, text, n, vocabulary)


def _longer(
    context: NDArray[np.int64], symbols: NDArray[np.int64], distance: int, vocabulary: int
) -> NDArray[np.int64]:
    """Return contexts one symbol longer, numbered without gaps; before the text, a symbol of its own."""
    older = np.full(len(symbols), vocabulary)
    older[distance:] = symbols[:-distance]
    numbered: NDArray[np.int64] = np.unique(context * (vocabulary + 1) + older, return_inverse=True)[1]
    return numbered
