"""The backends by name."""

from workbench.backends.base import Backend
from workbench.backends.errors import BackendError
from workbench.backends.installed import INSTALL_NUMBA, has_numba

BACKENDS = ("numpy", "numba")


def get_backend(name: str) -> Backend:
    """Return a backend. Raises BackendError for one that this version does not have."""
    if name == "numpy":
        from workbench.backends.numpy import NumpyBackend

        return NumpyBackend()
    if name == "numba":
        from workbench.backends.numba.backend import NumbaBackend

        return NumbaBackend()
    known = ", ".join(("auto", *BACKENDS))
    raise BackendError(f"there is no backend {name!r} in this version; choose one of {known}")


def resolve_backend(name: str) -> str:
    """Return the backend that ``auto`` stands for here: numba where it is installed, else numpy.

    Others are checked and returned. Raises BackendError for one that is not there. Loads none of them.
    """
    if name == "auto":
        return "numba" if has_numba() else "numpy"
    backend = get_backend(name)
    if name == "numba" and not has_numba():
        raise BackendError(
            f"Numba, which compiles cells, is not installed. Install it ({INSTALL_NUMBA}), or choose the backend numpy."
        )
    return backend.name
