"""RNN Workbench: train recurrent networks and watch them learn.

``import workbench`` alone loads nothing else; each name below is fetched when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.api import Experiment, Run, open_workbook, train

__version__ = "0.1.0"
__all__ = ["Experiment", "Run", "__version__", "open_workbook", "train"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("workbench.api"), name)


def __dir__() -> list[str]:
    return __all__
