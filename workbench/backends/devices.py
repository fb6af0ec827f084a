"""What can compute here, in words."""

import importlib
import os
import platform
import sys
from dataclasses import dataclass

import numpy as np

from workbench.backends.installed import INSTALL_NUMBA, has_numba, numba_version

# The widest vectors of a processor, as LLVM names what it can do.
_VECTORS = (("avx512f", "AVX-512"), ("avx2", "AVX2"), ("avx", "AVX"), ("sse2", "SSE2"), ("neon", "NEON"))


@dataclass(frozen=True)
class Device:
    """One way to compute: the backend's name, whether it can be used, and what there is to know of it."""

    name: str
    backend: str
    available: bool
    about: str


def find_devices() -> tuple[Device, ...]:
    """Return the devices that this version knows how to use. Loads their libraries: never in the window's process."""
    return (_compiled(), Device("CPU, NumPy", "numpy", True, f"version {np.__version__}, {_cores()}"))


def _compiled() -> Device:
    name, backend = "CPU, compiled", "numba"
    if not has_numba():
        return Device(name, backend, False, f"Numba is not installed: {INSTALL_NUMBA}")
    try:
        llvm = importlib.import_module("llvmlite.binding")
        importlib.import_module("numba")
    except (ImportError, OSError) as error:
        return Device(name, backend, False, f"Numba cannot be loaded ({error}): {INSTALL_NUMBA}")
    features = llvm.get_host_cpu_features()
    vectors = next((title for feature, title in _VECTORS if features.get(feature)), platform.machine())
    return Device(name, backend, True, f"Numba {numba_version()}, {vectors}, {_cores()}")


def _cores() -> str:
    """How many processor cores this process may use."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return f"{cores} core{'s' * (cores > 1)}"
