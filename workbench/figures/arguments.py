"""What the command that exports a figure can be told, as argparse takes it. Imports nothing: help comes at once.

``OPTIONS`` are the options of the kinds of figures (``FIGURES[kind].options``); one that is left out keeps the kind's
own default.
"""

from typing import Any

Argument = tuple[str, dict[str, Any]]

FILE: tuple[Argument, ...] = (
    (
        "--figure",
        {
            "required": True,
            "metavar": "NAME",
            "help": "loss, metric, by-length, by-window, states, attention, gradient-flow, parameter-norms or spectrum",
        },
    ),
    ("--format", {"choices": ["pdf", "svg", "png", "csv"], "help": "left out: what FILE ends in"}),
    ("--out", {"required": True, "metavar": "FILE", "help": "the file to write"}),
    ("--style", {"default": "column", "metavar": "NAME", "help": "column (85 mm), double (178 mm) or slide"}),
    ("--font-size", {"type": float, "metavar": "POINTS", "help": "size of the letters"}),
    ("--title", {"default": "", "metavar": "TEXT", "help": "words above"}),
    ("--caption", {"default": "", "metavar": "TEXT", "help": "words below"}),
    ("--dpi", {"type": int, "default": 300, "metavar": "N", "help": "dots per inch of a png"}),
)

OPTIONS: dict[str, dict[str, Any]] = {
    "scale": {"choices": ["log", "linear"], "help": "of the axis of the numbers"},
    "against": {"choices": ["step", "time", "samples"], "help": "what training runs along (loss, metric)"},
    "smoothing": {"type": int, "metavar": "N", "help": "steps that the mean is taken over (loss)"},
    "metric": {"metavar": "NAME", "help": "which score (metric)"},
    "value": {"metavar": "NAME", "help": "which value of the equations (states)"},
    "layer": {"type": int, "metavar": "N", "help": "which layer, counted from 1"},
    "direction": {"choices": ["forward", "backward"], "help": "which of two layers: from the start or from the end"},
    "step": {"type": int, "metavar": "N", "help": "the training step of the snapshot; left out: the last"},
    "order": {"choices": ["unit", "final value"], "help": "of the units (states)"},
    "inputs": {"choices": ["yes", "no"], "help": "whether the input stands above (states)"},
    "shows": {"choices": ["norm", "update ratio", "both"], "help": "what of the parameters (parameter-norms)"},
    "matrix": {"metavar": "NAME", "help": "which recurrent matrix (spectrum)"},
}

EXPORT: tuple[Argument, ...] = (
    *FILE,
    *((f"--{name}", settings) for name, settings in OPTIONS.items()),
    ("--linear", {"dest": "scale", "action": "store_const", "const": "linear", "help": "the same as --scale linear"}),
)
