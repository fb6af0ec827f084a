"""What this machine offers: memory and processor cores; and how a worker is held to a thread count."""

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path

_THREAD_VARIABLES = (
    "BLIS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
_OWN_THREADS = "RNN_WORKBENCH_THREADS"  # read by compiled programs
_CGROUP_FILES = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
)


def thread_environment(threads: int, backend: str = "numpy") -> dict[str, str]:
    """Return the variables that hold a worker to so many threads; they are read when libraries load.

    NumPy leaves them to its linear algebra; compiled programs have their own, and any others would be in their way.
    The GPU needs one.
    """
    within_libraries = threads if backend == "numpy" else 1
    return dict.fromkeys(_THREAD_VARIABLES, str(within_libraries)) | {_OWN_THREADS: str(threads)}


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def available_memory() -> int:
    """Return the bytes a new process may hope for: what is free, or what a container still allows."""
    if sys.platform == "win32":
        return _free_on_windows()
    free = _free_on_linux()
    if free is None:
        free = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([free, *_left_in_containers()])


def _free_on_linux() -> int | None:
    with suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def _left_in_containers() -> list[int]:
    left = []
    for limit, used in _CGROUP_FILES:
        with suppress(OSError, ValueError):  # "max" is no number: no limit
            left.append(int(Path(limit).read_text("ascii")) - int(Path(used).read_text("ascii")))
    return [bytes_left for bytes_left in left if bytes_left > 0]


def _free_on_windows() -> int:
    class MemoryStatus(ctypes.Structure):
        _fields_ = [
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("total", "free", "file", "file_free", "space", "left", "more")),
        ]

    status = MemoryStatus(length=ctypes.sizeof(MemoryStatus))
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined,unused-ignore]
    return int(status.free)
