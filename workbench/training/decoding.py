"""Writing answers without help: the likeliest symbol each time, or the likeliest answers side by side."""

import numpy as np
from numpy.typing import NDArray

from workbench.tasks import END
from workbench.tasks.support.metrics import log_softmax
from workbench.training.encoder_decoder import EncoderDecoder, Source
from workbench.training.network import Carried

Symbols = NDArray[np.int64]


def write_answers(network: EncoderDecoder, source: Source, count: int, longest: int, beam: int = 1) -> Symbols:
    """Return what the decoder writes to ``count`` sources, (W, B) on the host: each ended and padded with END.

    ``longest`` symbols at most. With a ``beam`` so many answers to each source are followed, and the one with the
    largest sum of log probabilities is taken (Sutskever, Vinyals & Le 2014, section 3.2).
    """
    return _greedily(network, source, count, longest) if beam == 1 else _by_beam(network, source, count, longest, beam)


def _greedily(network: EncoderDecoder, source: Source, count: int, longest: int) -> Symbols:
    written = np.full((longest, count), END, dtype=np.int64)
    symbols, carried = np.full(count, network.begin), None
    open_ = np.ones(count, dtype=np.bool_)
    for place in range(longest):
        logits, carried = _next(network, source, symbols, carried)
        symbols = np.where(open_, logits.argmax(axis=1), END)
        written[place] = symbols
        open_ &= symbols != END
        if not open_.any():
            break
    return written


def _by_beam(network: EncoderDecoder, source: Source, count: int, longest: int, beam: int) -> Symbols:
    backend = network.backend
    own = np.repeat(np.arange(count), beam)
    spread = source.of_columns(backend.asarray(own))
    written = np.full((longest, count * beam), END, dtype=np.int64)
    scores = np.full((count, beam), -np.inf)
    scores[:, 0] = 0.0  # all answers begin alike: one of them is enough
    symbols, carried = np.full(count * beam, network.begin), None
    open_ = np.ones(count * beam, dtype=np.bool_)
    for place in range(longest):
        logits, carried = _next(network, spread, symbols, carried)
        chances = log_softmax(logits)
        chances[~open_] = -np.inf
        chances[~open_, END] = 0.0
        classes = chances.shape[1]
        together = (scores.reshape(-1, 1) + chances).reshape(count, beam * classes)
        best = np.argsort(-together, axis=1, kind="stable")[:, :beam]
        scores = np.take_along_axis(together, best, axis=1)
        come_from = (best // classes + np.arange(count)[:, None] * beam).reshape(-1)
        symbols = (best % classes).reshape(-1)
        written, open_ = written[:, come_from], open_[come_from] & (symbols != END)
        written[place] = symbols
        carried = carried.of_columns(backend.asarray(come_from))
        if not open_.any():
            break
    return written[:, np.arange(count) * beam + scores.argmax(axis=1)]


def _next(
    network: EncoderDecoder, source: Source, symbols: Symbols, carried: Carried | None
) -> tuple[NDArray[np.float64], Carried]:
    """Return the logits (N, K) that follow symbols (N,), on the host, and what to carry on."""
    answer = network.answer(source, network.backend.asarray(symbols[None]), carried)
    return network.backend.to_host(network.read(answer.seen[0])).astype(np.float64), answer.carried
