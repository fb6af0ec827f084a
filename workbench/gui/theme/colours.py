"""The colours of both themes: the data has the colour, everything else is grey."""

from dataclasses import dataclass

from PySide6.QtGui import QColor


@dataclass(frozen=True)
class Colours:
    """One theme's colours, as "#RRGGBB"."""

    name: str
    window: str
    panel: str
    field: str
    """Behind what can be typed into or pressed."""
    line: str
    text: str
    muted: str
    accent: str
    accent_soft: str
    accent_hover: str
    on_accent: str
    good: str
    warning: str
    bad: str
    grid: str
    shade: str
    """Falls on the window, below or around what stands in front of it."""
    strip: str
    """Bars of the input strip."""
    low: str
    high: str
    """Ends of the diverging map of states; its middle is the panel."""
    runs: tuple[str, ...]
    """Okabe-Ito, without the yellow that white swallows."""


LIGHT = Colours(
    name="light",
    window="#F4F5F7",
    panel="#FFFFFF",
    field="#F4F5F7",
    line="#E1E4EA",
    text="#1B2330",
    muted="#69738A",
    accent="#3556D8",
    accent_soft="#EAEEFC",
    accent_hover="#2A47BD",
    on_accent="#FFFFFF",
    good="#1F8A5B",
    warning="#B86E00",
    bad="#C2362B",
    grid="#EDEFF3",
    shade="#1B2330",
    strip="#D5DAE3",
    low="#2166AC",
    high="#B2332B",
    runs=("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#3A9BD1", "#B07800", "#5B6472"),
)

DARK = Colours(
    name="dark",
    window="#12151A",
    panel="#1A1E25",
    field="#12151A",
    line="#2B313B",
    text="#E7EAF0",
    muted="#97A1B4",
    accent="#86A0FF",
    accent_soft="#232B45",
    accent_hover="#9DB2FF",
    on_accent="#12151A",
    good="#4CC38A",
    warning="#F0A848",
    bad="#FF7B6E",
    grid="#262B34",
    shade="#000000",
    strip="#39414E",
    low="#6AAEF0",
    high="#F0776A",
    runs=("#56B4E9", "#E69F00", "#2FC99B", "#E39CC4", "#8CCBF2", "#D9C36A", "#A5AEBD"),
)


def with_alpha(colour: str, alpha: float) -> QColor:
    """Return a colour that lets through what lies below: alpha from 0, unseen, to 1."""
    result = QColor(colour)
    result.setAlphaF(alpha)
    return result
