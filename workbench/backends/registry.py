"""The backends by name."""

from workbench.backends.base import Backend
from workbench.backends.errors import BackendError

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
    """Return the backend that ``auto`` stands for here; others are checked and returned. Raises BackendError."""
    return "numpy" if name == "auto" else get_backend(name).name
