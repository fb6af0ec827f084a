"""What can compute here, in words."""

import os
import platform
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Device:
    """One way to compute: the backend's name, whether it can be used, and what there is to know of it."""

    name: str
    backend: str
    available: bool
    about: str


def find_devices() -> tuple[Device, ...]:
    """Return the devices that this version knows how to use."""
    cores = os.cpu_count() or 1
    about = f"NumPy {np.__version__} on {platform.machine()}, {cores} core{'s' * (cores > 1)}"
    return (Device("CPU", "numpy", True, about),)
