"""Generated source as importable modules, compiled once for each machine and kept in the user's cache.

A module's folder bears the hash of all that its machine code depends on. It is made under another name and moved into
place whole, with a digest of every file: processes that compile at once do not meet, and a damaged folder is noticed
and made again.
"""

import atexit
import hashlib
import importlib.util
import json
import os
import shutil
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType

import platformdirs

_MANIFEST = "manifest.json"
_MAKING = ".making-"
_A_DAY = 86_400.0  # seconds
# A module is known to Python before all of it has run.
_one_at_a_time = threading.RLock()
_OWN_SOURCES = ("functions.py", "lanes.py", "machine.py", "products.py", "tile.py", "vectors.py")


def cache_folder() -> Path:
    """Where compiled cells are kept."""
    return Path(platformdirs.user_cache_dir("rnn-workbench", appauthor=False)) / "compiled"


def load_module(name: str, source: str) -> ModuleType:
    """Return the module of a source, compiled now or earlier."""
    module_name = f"rnn_workbench_{_digest(name, source)[:16]}_{name}"
    with _one_at_a_time:
        if module_name not in sys.modules:
            _load(module_name, source)
        return sys.modules[module_name]


def _load(module_name: str, source: str) -> None:
    try:
        folder = cache_folder() / module_name
        if not _is_whole(folder):
            _make(folder, module_name, source)
        _import(folder, module_name)
    except (OSError, RuntimeError):
        # There is no cache or it cannot be written, and Numba reads only where it could write.
        _import(_borrow(module_name, source), module_name)


def is_compiled(name: str, source: str) -> bool:
    """Whether a source has been compiled on this machine."""
    module_name = f"rnn_workbench_{_digest(name, source)[:16]}_{name}"
    if module_name in sys.modules:
        return True
    try:
        return _is_whole(cache_folder() / module_name)
    except RuntimeError:  # a user without a home has no cache
        return False


def _digest(name: str, source: str) -> str:
    return hashlib.sha256("\n".join((name, source, _surroundings())).encode()).hexdigest()


@cache
def _surroundings() -> str:
    """All that machine code depends on beside its source."""
    own = [(Path(__file__).parent / name).read_text(encoding="utf-8") for name in _OWN_SOURCES]
    from workbench.backends.numba.machine import describe_processor

    versions = (sys.version, *(_version(package) for package in ("numba", "llvmlite", "numpy")), describe_processor())
    return "\n".join([*versions, *own])


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # a copy that no installer knows of
        return ""


def _make(folder: Path, module_name: str, source: str) -> None:
    """Compile into a folder of this process's own, then move it into place."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _clear_away(folder.parent)
    own = Path(tempfile.mkdtemp(prefix=_MAKING, dir=folder.parent))
    try:
        (own / f"{module_name}.py").write_text(source, encoding="utf-8")
        _import(own, module_name)
        del sys.modules[module_name]
        _write_manifest(own)
        _move_into_place(own, folder)
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _borrow(module_name: str, source: str) -> Path:
    """A folder for this process alone with what the cache has of a module, or with its source."""
    own = Path(tempfile.mkdtemp(prefix="rnn-workbench-"))
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    with suppress(OSError, RuntimeError):
        folder = cache_folder() / module_name
        if _is_whole(folder):
            return shutil.copytree(folder, own / module_name)
    (own / f"{module_name}.py").write_text(source, encoding="utf-8")
    return own


def _clear_away(parent: Path) -> None:
    """Remove what processes that were killed while compiling have left behind."""
    for left in parent.glob(f"{_MAKING}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _A_DAY:
                shutil.rmtree(left, ignore_errors=True)


def _import(folder: Path, module_name: str) -> None:
    """Functions have their types written down, so that importing compiles them, or loads what was compiled."""
    spec = importlib.util.spec_from_file_location(module_name, folder / f"{module_name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[module_name]
        raise


def _digests(folder: Path, names: Iterable[str]) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


def _write_manifest(folder: Path) -> None:
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    (folder / _MANIFEST).write_text(json.dumps(_digests(folder, names)), encoding="utf-8")


def _is_whole(folder: Path) -> bool:
    """Whether a folder is ours and holds every file as it was made; Python may have added some of its own."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        ours = _is_ours(folder) and _is_ours(folder.parent)
        return bool(ours and manifest and _digests(folder, manifest) == manifest)
    except (OSError, ValueError, TypeError):
        return False


def _is_ours(folder: Path) -> bool:
    """Whether nobody else could have written what would be run from it."""
    if os.name != "posix":
        return True
    status = folder.stat()
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _move_into_place(own: Path, folder: Path) -> None:
    """Another process may have been first, or left a damaged folder behind, which goes out of the way."""
    with suppress(OSError):
        own.replace(folder)
        return
    if not _is_whole(folder):
        with suppress(OSError):
            folder.replace(Path(tempfile.mkdtemp(prefix=_MAKING, dir=folder.parent)))
        own.replace(folder)
