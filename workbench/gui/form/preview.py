"""An example of a task as rich text of a few lines, in the task's own terms."""

import re
from html import escape

from workbench.tasks import Example

_LONGEST = 64
_CONTEXT = 44
_BLANK = "␣"
_WHITE_TO_BLACK = " .:-=+*#@"
_LONG_WORD = re.compile(r"\S{20,}")
_PIECES = re.compile(r".{1,4}")
_BREAK = "\u200b"  # an invisible place at which a line may end
_RUN = re.compile(r"([^\w()\[\]{}<>])\1{5,}")
"""A wait; equal letters, bits and brackets are what a task is about, and stay."""


def is_picture(example: Example) -> bool:
    """Tell whether the input is a picture drawn in lines of characters."""
    return "\n" in example.inputs


def example_text(example: Example) -> str:
    """Return input and target with an arrow between, the target bold."""
    if is_picture(example):
        return f"→ <b>{_plain(example.target)}</b>"
    if example.note:
        return f"{_plain(example.note)} → <b>{_plain(example.target)}</b>"
    inputs, target = example.inputs, example.target
    if len(inputs) > 1 and target[:-1] == inputs[1:]:
        # The target is the text one step on: only its last symbol is news.
        context, following = inputs[:_CONTEXT], inputs[_CONTEXT : _CONTEXT + 1] or target[-1]
        return f"{_plain(context)} → <b>{_plain(following.replace(' ', _BLANK))}</b>"
    return f"{_plain(_shortened(inputs))} → <b>{_plain(_shortened(target))}</b>"


def shades(picture: str) -> list[list[float]]:
    """Return a picture in characters as rows of shades from 0, empty, to 1."""
    darkest = len(_WHITE_TO_BLACK) - 1
    lines = picture.split("\n")
    width = max(map(len, lines))
    return [[max(0, _WHITE_TO_BLACK.find(sign)) / darkest for sign in line.ljust(width)] for line in lines]


def _plain(text: str) -> str:
    """Return a text as HTML; a long row of signs without a space may end a line anywhere in it."""
    return escape(_LONG_WORD.sub(lambda word: _BREAK.join(_PIECES.findall(word[0])), text))


def _shortened(text: str) -> str:
    """Cut long repetitions to three signs and an ellipsis, and what is still long at its end."""
    short = _RUN.sub(lambda run: f" {run[1] * 3}… ", text).strip()
    return short if len(short) <= _LONGEST else short[: _LONGEST - 1] + "…"
