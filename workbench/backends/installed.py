"""What compiled backends are installed, told without loading them."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

INSTALL_NUMBA = "pip install numba"


def has_numba() -> bool:
    """Tell whether Numba and what it stands on are installed; whether they work shows when something is compiled."""
    return all(find_spec(name) for name in ("numba", "llvmlite"))


def numba_version() -> str:
    """Return the version of Numba, "" where it is not installed."""
    try:
        return version("numba") if has_numba() else ""
    except PackageNotFoundError:  # a copy that no installer knows of
        return ""
