"""Names of scores that are kept by length, told apart from others."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from workbench.figures.lengths import by_length, length_of, trained_length, without_lengths
from workbench.tasks import at_length

NAMES = ("loss", "accuracy", "accuracy at length 100", "accuracy at length 20", "exact match at length 20")


@given(st.from_regex(r"[a-z][a-z -]*", fullmatch=True), st.integers(0, 10**9))
def test_a_name_says_its_metric_and_its_length(metric: str, length: int) -> None:
    assert length_of(at_length(metric, length)) == (metric, length)


def test_scores_stand_by_metric_from_the_shortest_length() -> None:
    found = by_length(NAMES)
    assert found["accuracy"] == {20: "accuracy at length 20", 100: "accuracy at length 100"}
    assert list(found["accuracy"]) == [20, 100]
    assert list(found) == ["accuracy", "exact match"]
    assert without_lengths(NAMES) == ["loss", "accuracy"]


def test_a_task_that_does_not_say_its_length_was_trained_on_the_shortest() -> None:
    assert trained_length(SimpleNamespace(length=40), {20: "", 40: ""}) == 40
    assert trained_length(SimpleNamespace(length=50), {70: "", 120: ""}) == 70
    assert trained_length(SimpleNamespace(), {20: "", 40: ""}) == 20
