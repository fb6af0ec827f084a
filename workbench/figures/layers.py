"""Names of layers as runs keep them: "1" reads from the start, "1r" from the end, "encoder.1" stands in an encoder."""

import re
from typing import Literal

Direction = Literal["forward", "backward"]

ENCODER = "encoder."
_LAYER = re.compile(r"((?:encoder\.)?\d+r?)\.(.+)")
_FROM_END = "r"


def split_layer(name: str) -> tuple[str, str]:
    """Return the layer and the rest of a name: of "1r.h" ("1r", "h"); the layer is "" where the name has none."""
    found = _LAYER.fullmatch(name)
    return ("", name) if found is None else (found[1], found[2])


def layer_of(number: int, direction: Direction = "forward") -> str:
    """Return the name of a layer by its number."""
    return f"{number}{_FROM_END if direction == 'backward' else ''}"


def number_of(layer: str) -> int:
    """Return a layer's number, from 1."""
    return int(layer.removeprefix(ENCODER).removesuffix(_FROM_END))


def direction_of(layer: str) -> Direction:
    """Return whether a layer reads from the start or from the end."""
    return "backward" if layer.endswith(_FROM_END) else "forward"


def place_of(layer: str) -> tuple[bool, int, bool]:
    """Return the sorting key of a layer: an encoder's first, from below, at each height from the start first."""
    return not layer.startswith(ENCODER), number_of(layer), layer.endswith(_FROM_END)


def layer_words(layer: str) -> str:
    """Return what a person calls a layer: "layer 1, from the end"."""
    part = "encoder's " if layer.startswith(ENCODER) else ""
    return f"{part}layer {number_of(layer)}{', from the end' if direction_of(layer) == 'backward' else ''}"


def layer_mark(layer: str) -> str:
    """Return a layer where there is little room: "1", from the end "1←"."""
    return f"{number_of(layer)}{'←' if direction_of(layer) == 'backward' else ''}"
