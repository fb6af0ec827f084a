"""The NVIDIA card and its driver, told without CuPy."""

import ctypes
import os
import sys
from pathlib import Path

_VENDOR = "0x10de"
_DISPLAY = "0x03"  # the class of a device that draws or computes, as the PCI bus names it
_LIBRARY = "libcuda.so.1"
_FILES = (
    "proc/driver/nvidia/version",
    "dev/nvidiactl",
    "dev/nvidia0",
    "dev/nvhost-gpu",  # a Jetson
    "usr/lib/wsl/lib/libcuda.so.1",  # Windows around Linux
)
"""On Linux one of these is there where the driver is."""


def has_driver(root: Path = Path("/")) -> bool:
    """Tell whether the driver of an NVIDIA card is installed; loads nothing and starts nothing."""
    if sys.platform == "win32":
        return (Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "nvcuda.dll").exists()
    folders = filter(None, os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep))
    places = [*(root / name for name in _FILES), *(Path(folder) / _LIBRARY for folder in folders)]
    return any(place.exists() for place in places)


def has_card(root: Path = Path("/")) -> bool:
    """Tell whether an NVIDIA card is on the bus, whatever drives it; known on Linux alone."""
    for device in (root / "sys" / "bus" / "pci" / "devices").glob("*"):
        if _line(device / "vendor") == _VENDOR and _line(device / "class").startswith(_DISPLAY):
            return True
    return False


def driver_description(root: Path = Path("/")) -> str:
    """Return what the driver says of itself, "" where it says nothing: another answer, another driver."""
    return _line(root / "proc" / "driver" / "nvidia" / "version")


def cuda_of_driver() -> int:
    """Return the newest CUDA that the driver can run, as 12080 for 12.8; 0 without a driver.

    Loads the driver's library: never in the window's process.
    """
    try:
        library = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else _LIBRARY)
        found = ctypes.c_int(0)
        return found.value if library.cuDriverGetVersion(ctypes.byref(found)) == 0 else 0
    except (OSError, AttributeError):
        return 0


def cuda_words(version: int) -> str:
    """Return a version of CUDA as people write it: 12.8 for 12080."""
    return f"{version // 1000}.{version % 1000 // 10}" if version else ""


def _line(path: Path) -> str:
    """The first line of a small file, "" where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").partition("\n")[0].strip()
    except OSError:
        return ""
