"""The backends by name."""

from workbench.backends.base import Backend
from workbench.backends.errors import BackendError
from workbench.backends.installed import INSTALL_NUMBA, has_numba

BACKENDS = ("numpy", "numba", "cupy")


def get_backend(name: str, *, tf32: bool = False) -> Backend:
    """Return a backend; ``tf32``: products of float32 may be computed in TensorFloat-32, where there is such.

    Raises BackendError for one that this version does not have. Loads CuPy for ``cupy``: never in the window's process.
    """
    if name == "numpy":
        from workbench.backends.numpy import NumpyBackend

        return NumpyBackend()
    if name == "numba":
        from workbench.backends.numba.backend import NumbaBackend

        return NumbaBackend()
    if name == "cupy":
        from workbench.backends.cupy.backend import CupyBackend

        return CupyBackend(tf32=tf32)
    raise _unknown(name)


def planning_backend(name: str) -> Backend:
    """Return a backend whose programs tell what those of the named one need, and that any process may load.

    Raises BackendError for one that this version does not have.
    """
    return get_backend("numpy" if name == "cupy" else name)


def processor_backend() -> str:
    """Return the faster of the backends here that run on the processor: numba where it is installed, else numpy."""
    return "numba" if has_numba() else "numpy"


def resolve_backend(name: str) -> str:
    """Return the backend that ``auto`` stands for before anything was measured: the faster on the processor.

    Others are checked and returned. Raises BackendError for one that is not there. Loads none of them; whether there
    is a GPU is asked of a process, which takes seconds the first time.
    """
    if name == "auto":
        return processor_backend()
    if name not in BACKENDS:
        raise _unknown(name)
    if name == "numba" and not has_numba():
        raise BackendError(
            f"Numba, which compiles cells, is not installed. Install it ({INSTALL_NUMBA}), or choose the backend numpy."
        )
    if name == "cupy":
        _refuse_without_gpu()
    return name


def _refuse_without_gpu() -> None:
    from workbench.backends.cupy.looking import find_gpu

    found = find_gpu()
    if not found.usable:
        raise BackendError(f"{found.refusal} Or choose the backend auto, numba or numpy.")


def _unknown(name: str) -> BackendError:
    known = ", ".join(("auto", *BACKENDS))
    return BackendError(f"there is no backend {name!r} in this version; choose one of {known}")
