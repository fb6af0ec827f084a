"""Scores that a run keeps by the length of the sequences: "accuracy at length 100"."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_NAME = re.compile(r"(.+) at length (\d+)")


def length_of(name: str) -> tuple[str, int] | None:
    """Return the metric and the length of a score's name, None where it is not kept by length."""
    found = _NAME.fullmatch(name)
    return None if found is None else (found[1], int(found[2]))


def by_length(names: Iterable[str]) -> dict[str, dict[int, str]]:
    """Return the names of scores that are kept by length: for each metric, by length from the shortest."""
    found: dict[str, dict[int, str]] = {}
    for name in names:
        if (parts := length_of(name)) is not None:
            found.setdefault(parts[0], {})[parts[1]] = name
    return {metric: dict(sorted(own.items())) for metric, own in found.items()}


def without_lengths(names: Iterable[str]) -> list[str]:
    """Return the other names, in their order."""
    return [name for name in names if length_of(name) is None]


def trained_length(task: Any, lengths: Mapping[int, str]) -> int:
    """Return which of the tested lengths a task's settings train on: the shortest where they do not say."""
    own = getattr(task, "length", None)
    return own if isinstance(own, int) and own in lengths else min(lengths)
