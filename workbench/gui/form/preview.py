"""An example of a task as rich text of a few lines, in the task's own terms."""

import re
from html import escape

from workbench.tasks import Example

_LONGEST = 64
_CONTEXT = 44
_BLANK = "␣"
_WHITE_TO_BLACK = " .:-=+*#@"
_RUN = re.compile(r"([^\w()\[\]{}<>])\1{5,}")
"""A wait; equal letters, bits and brackets are what a task is about, and stay."""


def is_picture(example: Example) -> bool:
    """Tell whether the input is a picture drawn in lines of characters."""
    return "\n" in example.inputs


def example_text(example: Example) -> str:
    """Return input and target with an arrow between, the target bold."""
    if is_picture(example):
        return f"→ <b>{escape(example.target)}</b>"
    if example.note:
        return f"{escape(example.note)} → <b>{escape(example.target)}</b>"
    inputs, target = example.inputs, example.target
    if len(inputs) > 1 and target[:-1] == inputs[1:]:
        # The target is the text one step on: only its last symbol is news.
        context, following = inputs[:_CONTEXT], inputs[_CONTEXT : _CONTEXT + 1] or target[-1]
        return f"{escape(context)} → <b>{escape(following.replace(' ', _BLANK))}</b>"
    return f"{escape(_shortened(inputs))} → <b>{escape(_shortened(target))}</b>"


def shades(picture: str) -> list[list[float]]:
    """Return a picture in characters as rows of shades from 0, empty, to 1."""
    darkest = len(_WHITE_TO_BLACK) - 1
    lines = picture.split("\n")
    width = max(map(len, lines))
    return [[max(0, _WHITE_TO_BLACK.find(sign)) / darkest for sign in line.ljust(width)] for line in lines]


def _shortened(text: str) -> str:
    """Cut long repetitions to three signs and an ellipsis, and what is still long at its end."""
    short = _RUN.sub(lambda run: f" {run[1] * 3}… ", text).strip()
    return short if len(short) <= _LONGEST else short[: _LONGEST - 1] + "…"
