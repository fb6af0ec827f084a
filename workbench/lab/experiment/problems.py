"""What pydantic found wrong, as sentences with the path of the field."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from workbench.lab.errors import Problem

_WHOLE_NUMBER = frozenset({"int_type", "int_parsing", "int_from_float", "int_parsing_size"})
_NUMBER = frozenset({"float_type", "float_parsing"})
_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "above"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "below"),
}


class InnerProblems(ValueError):
    """What is wrong within one field's value; a validator raises it to name the fields inside."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


def problems_of(error: ValidationError, known: Iterable[str]) -> list[Problem]:
    """Return a problem for each field that is wrong; ``known`` are the names that could have been meant."""
    names = tuple(known)
    found: list[Problem] = []
    for details in error.errors(include_url=False):
        place = ".".join(map(str, details["loc"]))
        inner = details.get("ctx", {}).get("error")
        if isinstance(inner, InnerProblems):
            found += [Problem(f"{place}.{problem.field}", problem.reason) for problem in inner.problems]
        else:
            found.append(Problem(place, _reason(details, names)))
    return found


def _reason(details: ErrorDetails, names: tuple[str, ...]) -> str:
    kind, given, context = details["type"], details["input"], details.get("ctx", {})
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return unknown_name(str(details["loc"][-1]), names)
    if kind in _WHOLE_NUMBER:
        return f"must be a whole number, not {_shown(given)}"
    if kind in _NUMBER:
        return f"must be a number, not {_shown(given)}"
    if kind == "finite_number":
        return f"must be a finite number, not {_shown(given)}"
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return f"must be {words} {_plain(context[key])}, not {_shown(given)}"
    if kind == "literal_error":
        return f"must be {context['expected']}, not {_shown(given)}"
    if kind == "string_type":
        return f"must be text, not {_shown(given)}"
    if kind == "string_pattern_mismatch":
        return "must be one line of plain text"
    if kind == "value_error":
        return str(context["error"])
    return details["msg"][:1].lower() + details["msg"][1:]


def unknown_name(name: str, known: Sequence[str]) -> str:
    """Say that there is no such field, and which one may have been meant."""
    near = get_close_matches(name, known, n=1)
    way_out = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    return f"there is no such field; {way_out}"


def _plain(bound: float) -> float:
    return int(bound) if bound == int(bound) else bound


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
