"""What a kind of figure is: a name, words, options, and how it is made of runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.figures.options import Options
from workbench.figures.source import Source
from workbench.figures.spec import FigureSpec


@dataclass(frozen=True)
class Kind:
    """One kind. ``make`` takes the runs' sources and an instance of ``options``; raises FigureError."""

    name: str
    title: str
    about: str
    options: type[Options]
    several: bool
    make: Callable[[Sequence[Source], Any], FigureSpec]
