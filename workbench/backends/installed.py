"""What compiled backends are installed, told without loading them."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

INSTALL_NUMBA = "pip install numba"
INSTALL_CUPY = 'pip install "rnn-workbench[cuda12]"'
"""For any driver of today; one for CUDA 13 can have ``cuda13`` as well."""

# The same library for different versions of CUDA; two of them at once overwrite each other's files.
CUPY_PACKAGES = ("cupy-cuda12x", "cupy-cuda13x", "cupy", "cupy-cuda11x")


def has_numba() -> bool:
    """Tell whether Numba and what it stands on are installed; whether they work shows when something is compiled."""
    return all(find_spec(name) for name in ("numba", "llvmlite"))


def numba_version() -> str:
    """Return the version of Numba, "" where it is not installed."""
    return _version("numba") if has_numba() else ""


def has_cupy() -> bool:
    """Tell whether CuPy is installed; whether it works shows when a process of its own has tried it."""
    return find_spec("cupy") is not None


def cupy_packages() -> dict[str, str]:
    """Return the packages of CuPy that installers know of, with their versions."""
    found = {name: _version(name) for name in CUPY_PACKAGES}
    return {name: number for name, number in found.items() if number}


def cupy_version() -> str:
    """Return the version of CuPy, "" where it is not installed or no installer knows of it."""
    return next(iter(cupy_packages().values()), "") if has_cupy() else ""


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # a copy that no installer knows of
        return ""
