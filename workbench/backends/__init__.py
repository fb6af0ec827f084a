"""How a plan runs: backends compile cells to programs, and programs run forward and backward over sequences."""

from workbench.backends.base import Backend, Gradients, Program, Trace
from workbench.backends.errors import BackendError
from workbench.backends.registry import BACKENDS, get_backend, resolve_backend

__all__ = [
    "BACKENDS",
    "Backend",
    "BackendError",
    "Gradients",
    "Program",
    "Trace",
    "get_backend",
    "resolve_backend",
]
