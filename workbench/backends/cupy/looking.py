"""Looking for a GPU: asked of a process of its own, within a bounded time, and remembered for a while."""

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from workbench.backends.cupy import advice
from workbench.backends.cupy.driver import driver_description, has_card, has_driver
from workbench.backends.cupy.finding import Finding
from workbench.backends.installed import cupy_packages, has_cupy

PATIENCE = 30.0  # seconds; the first start of a card after boot can take ten
_LASTS = 600.0  # seconds for which other processes believe what one has found
_ASK_AGAIN = 20.0  # seconds after which a refusal may have been put right
_PROBE = "workbench.backends.cupy.probe"
_HIDDEN = 0
if sys.platform == "win32":
    _HIDDEN = subprocess.CREATE_NO_WINDOW


def may_have_gpu(root: Path = Path("/")) -> bool:
    """Tell whether looking for a GPU could be of use: CuPy and a driver are there. Starts nothing."""
    return has_cupy() and has_driver(root)


def find_gpu(root: Path = Path("/")) -> Finding:
    """Return what is known of the GPU; asks a process where there is a driver, and remembers what it said.

    A machine without card or driver is told at once.
    """
    if not has_driver(root):
        return advice.no_driver() if has_card(root) else advice.no_card()
    return _memory.recall(root)


def ask_probe(patience: float = PATIENCE) -> Finding:
    """Try the GPU in a process, which is ended where it does not answer in time."""
    home = str(Path(__file__).resolve().parents[3])
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    process = subprocess.Popen(
        [sys.executable, "-m", _PROBE],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONSAFEPATH": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        creationflags=_HIDDEN,
    )
    try:
        out, complaints = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        _end(process)
        return advice.no_answer(patience)
    try:
        return Finding.from_values(json.loads(out.decode(errors="replace").strip().splitlines()[-1]))
    except (IndexError, TypeError, ValueError):
        lines = complaints.decode(errors="replace").strip().splitlines()
        return advice.broken_off(process.returncode, lines[-1] if lines else "")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a process; one that hangs in the driver may not even die, and is left to the system."""
    process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(2.0)
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


class _Memory:
    """The last finding: of this process, or of another one a short while ago."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: tuple[str, Finding, float] | None = None

    def recall(self, root: Path) -> Finding:
        """Return the finding, asked for anew where there is none of this installation, or a refusal of a while ago."""
        with self._lock:
            now, installation = time.monotonic(), _installation(root)
            if self._found is not None:
                of, found, asked = self._found
                if of == installation and (found.usable or now - asked < _ASK_AGAIN):
                    return found
            found = _read(installation) or ask_probe()
            self._found = installation, found, time.monotonic()
            if found.usable:
                _write(installation, found)
            return found


_memory = _Memory()


def _installation(root: Path) -> str:
    """What a finding depends on, as one word."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    parts = (sys.executable, driver_description(root), str(sorted(cupy_packages().items())), visible, *sys.path)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _file(installation: str) -> Path:
    import platformdirs  # what checks a card alone does without

    return Path(platformdirs.user_cache_dir("rnn-workbench", appauthor=False)) / "gpu" / f"{installation}.json"


def _read(installation: str) -> Finding | None:
    """Return what another process has found a short while ago; anything else is as good as nothing."""
    with suppress(ImportError, OSError, RuntimeError, TypeError, ValueError):
        path = _file(installation)
        if 0 <= time.time() - path.stat().st_mtime < _LASTS:
            return Finding.from_values(json.loads(path.read_text(encoding="utf-8")))
    return None


def _write(installation: str, found: Finding) -> None:
    with suppress(ImportError, OSError, RuntimeError):  # a user without a cache asks each time
        path = _file(installation)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        own = path.with_name(f"{path.name}.{os.getpid()}")
        own.write_text(json.dumps(found.values()), encoding="utf-8")
        own.replace(path)
