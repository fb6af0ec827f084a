"""How much memory this process occupies, in bytes. Needs no package; Windows is not asked."""

import os
import sys
from pathlib import Path

_PROCESS = Path("/proc/self")


def occupied() -> int:
    """Return what the process occupies now; where a system does not tell, the most it ever has."""
    if sys.platform == "linux":
        return int((_PROCESS / "statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return _peak()


def reset_peak() -> None:
    """Forget earlier peaks, where the system can."""
    if sys.platform == "linux":
        (_PROCESS / "clear_refs").write_text("5", encoding="ascii")


def peak_since_reset() -> int:
    """Return the most that the process has occupied since the reset."""
    if sys.platform == "linux":
        lines = (_PROCESS / "status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
    return _peak()


def _peak() -> int:
    import resource  # not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
