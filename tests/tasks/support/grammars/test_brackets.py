from collections import defaultdict
from itertools import pairwise
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.tasks.support.grammars.brackets import Brackets


def draw(kinds: int, depth: int, count: int, length: int, seed: int = 0) -> np.ndarray:
    return Brackets(kinds, depth).draw(np.random.default_rng(seed), count, length)


def every(kinds: int, depth: int, length: int) -> dict[tuple[int, ...], float]:
    """Every sequence and its chance, written bracket by bracket with a stack."""
    found: dict[tuple[int, ...], float] = {}

    def go_on(written: tuple[int, ...], stack: tuple[int, ...], chance: float) -> None:
        if len(written) == length:
            found[written] = chance
            return
        both = 0 < len(stack) < depth
        if len(stack) < depth:
            for kind in range(kinds):
                go_on((*written, kind), (*stack, kind), chance / kinds / (2 if both else 1))
        if stack:
            go_on((*written, stack[-1] + kinds), stack[:-1], chance / (2 if both else 1))

    go_on((), (), 1.0)
    return found


def conditional_nats(sequences: dict[tuple[int, ...], float], known: int | None) -> float:
    """The entropy of a bracket given those before it (the last ``known`` pooled over all places), a prediction."""
    joint: dict[tuple[int, ...], float] = defaultdict(float)
    before: dict[tuple[int, ...], float] = defaultdict(float)
    for written, chance in sequences.items():
        for end in range(1, len(written)):
            context = written[:end] if known is None else written[end - known : end]
            joint[(*context, written[end])] += chance
            before[context] += chance
    predictions = len(next(iter(sequences))) - 1
    return -sum(p * log(p / before[pair[:-1]]) for pair, p in joint.items()) / predictions


@given(kinds=st.integers(2, 8), depth=st.integers(1, 12), length=st.integers(1, 40), seed=st.integers(0, 2**32))
def test_every_bracket_closes_what_was_opened_last_and_the_depth_is_kept(
    kinds: int, depth: int, length: int, seed: int
) -> None:
    for sequence in draw(kinds, depth, 5, length, seed).T.tolist():
        stack: list[int] = []
        for bracket in sequence:
            if bracket < kinds:
                stack.append(bracket)
            else:
                assert stack.pop() == bracket - kinds
            assert len(stack) <= depth


def test_every_sequence_is_drawn_as_often_as_its_chance_says() -> None:
    chances = every(2, 2, 4)
    drawn = draw(2, 2, 50_000, 4).T.tolist()
    counts: dict[tuple[int, ...], int] = defaultdict(int)
    for sequence in drawn:
        counts[tuple(sequence)] += 1
    assert set(counts) == set(chances)
    # Standard errors below 0.0016.
    assert [counts[one] / 50_000 for one in chances] == pytest.approx(list(chances.values()), abs=0.007)


@pytest.mark.parametrize(("kinds", "depth", "predictions"), [(2, 3, 8), (3, 2, 6), (2, 1, 5), (2, 10, 7)])
def test_scores_are_those_of_all_sequences_with_their_chances(kinds: int, depth: int, predictions: int) -> None:
    sequences = every(kinds, depth, predictions + 1)
    scores = Brackets(kinds, depth).scores(predictions)
    assert scores.stack.nats == pytest.approx(conditional_nats(sequences, None))
    assert scores.present.nats == pytest.approx(conditional_nats(sequences, 1))
    # A kind is known right after its opening, guessed after a closing bracket.
    pairs = [(pair, p) for written, p in sequences.items() for pair in pairwise(written)]
    closing = sum(p for (_, after), p in pairs if after >= kinds)
    hidden = sum(p for (before, after), p in pairs if after >= kinds and before >= kinds)
    assert scores.present.closing == pytest.approx(1 - hidden / closing * (1 - 1 / kinds))
    assert scores.depth.closing == scores.present.closing
    assert scores.depth.nats == pytest.approx(scores.stack.nats + hidden * log(kinds) / predictions)
