"""The backend that is checked: the card's, or NumPy's where the checks themselves are tried."""

from collections.abc import Callable
from typing import Any

from workbench.backends import Backend, get_backend


def make_backend(name: str, way: str | None = None, *, tf32: bool = False) -> Backend:
    """Return a backend that runs sequences in one way, or as it chooses itself."""
    if name != "cupy":
        return get_backend(name)
    from workbench.backends.cupy.backend import CupyBackend

    return CupyBackend(tf32=tf32, way=way)  # type: ignore[arg-type]


def waiter(backend: Backend) -> Callable[[], object]:
    """Return what waits until all work given to the device, by whatever library, is done."""
    cuda: Any = getattr(backend.xp, "cuda", None)
    return cuda.runtime.deviceSynchronize if cuda is not None else lambda: None
