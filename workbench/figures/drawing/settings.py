"""Matplotlib's settings: all of them ours, whatever the user's own file or style says."""

import logging
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager

from workbench.figures.drawing.colours import AXIS, GRID, MUTED, TEXT

_STAND_INS = ["Verdana", "Arial", "Helvetica", "sans-serif"]  # for a browser without DejaVu; never drawn with here

# Sizes in points at a font of 8 points; they grow with it.
_SIZES = {
    "axes.linewidth": 0.6,
    "axes.labelpad": 3.0,
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.1,
    "lines.markersize": 3.2,
    "lines.markeredgewidth": 0.8,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.minor.size": 1.5,
    "ytick.minor.size": 1.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.minor.width": 0.4,
    "ytick.minor.width": 0.4,
    "xtick.major.pad": 2.5,
    "ytick.major.pad": 2.5,
}


def apply(font_size: float) -> None:
    """Put every setting to a value that we chose, for a font of so many points."""
    mpl.rcdefaults()
    grown = {name: size * font_size / 8 for name, size in _SIZES.items()}
    chosen: dict[Any, Any] = grown | (
        {
            "axes.axisbelow": True,
            "axes.edgecolor": AXIS,
            "axes.facecolor": "white",
            "axes.grid": False,
            "axes.labelcolor": TEXT,
            "axes.labelsize": font_size,
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlesize": font_size,
            "figure.facecolor": "white",
            "font.family": ["DejaVu Sans", *_STAND_INS],
            "font.size": font_size,
            "grid.color": GRID,
            "legend.fontsize": font_size * 0.94,
            "legend.frameon": False,
            "mathtext.fontset": "dejavusans",
            "path.simplify": True,
            "pdf.fonttype": 42,
            "savefig.facecolor": "white",
            "savefig.transparent": False,
            "svg.fonttype": "none",
            "svg.hashsalt": "rnn-workbench",
            "text.color": TEXT,
            "text.hinting": "none",  # so that a line is as wide at every resolution
            "text.hinting_factor": 1,
            "xtick.color": AXIS,
            "xtick.labelcolor": MUTED,
            "xtick.labelsize": font_size * 0.94,
            "ytick.color": AXIS,
            "ytick.labelcolor": MUTED,
            "ytick.labelsize": font_size * 0.94,
        }
    )
    mpl.rcParams.update(chosen)


def use_own_fonts() -> None:
    """Forget every font but those that matplotlib brings along, so that output is the same everywhere."""
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # the stand-ins are not here: that is meant
    own = mpl.get_data_path()
    manager = font_manager.fontManager
    manager.ttflist = [font for font in manager.ttflist if font.fname.startswith(own)]
