"""What can compute here, in words."""

import importlib
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from workbench.backends.cupy.finding import Finding
from workbench.backends.cupy.looking import find_gpu
from workbench.backends.installed import INSTALL_NUMBA, has_numba, numba_version
from workbench.sizes import readable_bytes

# The widest vectors of a processor, as LLVM names what it can do.
_VECTORS = (("avx512f", "AVX-512"), ("avx2", "AVX2"), ("avx", "AVX"), ("sse2", "SSE2"), ("neon", "NEON"))


@dataclass(frozen=True)
class Device:
    """One way to compute: the backend's name, whether it can be used, and what there is to know of it.

    ``advice``: what to do where it cannot be used, in sentences. ``facts``: versions and sizes, for machines.
    """

    name: str
    backend: str
    available: bool
    about: str
    advice: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """Return the device as plain values."""
        return asdict(self)


def find_devices() -> tuple[Device, ...]:
    """Return the devices that this version knows how to use, the fastest first.

    Loads the libraries of the processor's: never in the window's process. The GPU is tried in a process of its own.
    """
    return (
        describe_gpu(find_gpu()),
        _compiled(),
        Device("CPU, NumPy", "numpy", True, f"version {np.__version__}, {_cores()}"),
    )


def describe_gpu(found: Finding) -> Device:
    """Return the GPU as a device; of several, the first, on which is computed."""
    facts = {name: value for name, value in found.values().items() if name in ("cupy", "runtime", "driver", "gpus")}
    if not found.usable:
        return Device("GPU", "cupy", False, found.about, found.advice, facts)
    first = found.gpus[0]
    return Device(f"GPU, {first.name}", "cupy", True, f"{readable_bytes(first.memory)}, {found.about}", facts=facts)


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
