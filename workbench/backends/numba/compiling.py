"""From source to compiled code: compiled once on a machine, then loaded."""

from functools import cache
from pathlib import Path
from types import ModuleType

from workbench.backends.errors import BackendError
from workbench.backends.installed import INSTALL_NUMBA

_KERNELS = ("product", "add_outer", "gather", "scatter", "pack", "copy_rows", "clear")


def compile_source(source: str, dtype: str) -> ModuleType:
    """Return the compiled functions of a rendered cell. Raises BackendError where Numba is missing or fails."""
    return _load(dtype, source)


@cache
def compile_kernels(dtype: str) -> dict[str, int]:
    """Return the addresses of what all programs share. Raises BackendError where Numba is missing or fails."""
    module = _load(f"kernels_{dtype}", _kernel_source())
    return {name: int(getattr(module, name).address) for name in _KERNELS}


def is_compiled(source: str, dtype: str) -> bool:
    """Whether a rendered cell needs no compiling on this machine any more."""
    from workbench.backends.numba import modules

    try:
        return modules.is_compiled(dtype, source) and modules.is_compiled(f"kernels_{dtype}", _kernel_source())
    except (ImportError, OSError):
        # Without a compiler that works nothing was compiled; the first run will say why.
        return False


def _kernel_source() -> str:
    return (Path(__file__).parent / "kernels.py").read_text(encoding="utf-8")


def _load(name: str, source: str) -> ModuleType:
    from workbench.backends.numba import modules

    try:
        return modules.load_module(name, source)
    except (ImportError, OSError) as error:
        raise BackendError(
            f"Numba, which compiles cells, cannot be used here ({error}). Install it ({INSTALL_NUMBA}), or "
            "choose the backend numpy."
        ) from error
    except Exception as error:
        raise BackendError(
            f"Compiling the cell failed ({type(error).__name__}: {error}). Choose the backend numpy, and please "
            "report it with the cell's equations."
        ) from error
