"""Generated source as importable modules, compiled once for each machine and kept in the user's cache.

A module's folder bears the hash of all that its machine code depends on. It is made under another name and moved into
place whole, with a digest of every file: processes that compile at once do not meet, and a damaged folder is noticed
and made again.
"""

import atexit
import hashlib
import importlib.util
import json
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import platformdirs

_MANIFEST = "manifest.json"
_MAKING = ".making-"
_A_DAY = 86_400.0  # seconds
_OWN_SOURCES = ("functions.py", "lanes.py", "machine.py", "products.py", "tile.py", "vectors.py")


def cache_folder() -> Path:
    """Where compiled cells are kept."""
    return Path(platformdirs.user_cache_dir("rnn-workbench", appauthor=False)) / "compiled"


def load_module(name: str, source: str) -> ModuleType:
    """Return the module of a source, compiled now or earlier."""
    module_name = f"rnn_workbench_{_digest(name, source)[:16]}_{name}"
    if module_name not in sys.modules:
        folder = cache_folder() / module_name
        if not _is_whole(folder):
            folder = _make(folder, module_name, source)
        _import(folder, module_name)
    return sys.modules[module_name]


def is_compiled(name: str, source: str) -> bool:
    """Whether a source has been compiled on this machine."""
    module_name = f"rnn_workbench_{_digest(name, source)[:16]}_{name}"
    return module_name in sys.modules or _is_whole(cache_folder() / module_name)


def _digest(name: str, source: str) -> str:
    return hashlib.sha256("\n".join((name, source, _surroundings())).encode()).hexdigest()


@cache
def _surroundings() -> str:
    """All that machine code depends on beside its source."""
    own = [(Path(__file__).parent / name).read_text(encoding="utf-8") for name in _OWN_SOURCES]
    from workbench.backends.numba.machine import describe_processor

    versions = (sys.version, *(version(package) for package in ("numba", "llvmlite", "numpy")), describe_processor())
    return "\n".join([*versions, *own])


def _make(folder: Path, module_name: str, source: str) -> Path:
    """Compile into a folder of this process's own, then move it into place; return where it lies."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _clear_away(folder.parent)
        own = Path(tempfile.mkdtemp(prefix=_MAKING, dir=folder.parent))
    except OSError:
        # Nowhere to keep it: compile for this process alone.
        return _compile(_passing_folder(), module_name, source)
    try:
        _compile(own, module_name, source)
        _write_manifest(own)
        sys.modules.pop(module_name)
        return _move_into_place(own, folder)
    except BaseException:
        shutil.rmtree(own, ignore_errors=True)
        raise


def _clear_away(parent: Path) -> None:
    """Remove what processes that were killed while compiling have left behind."""
    for left in parent.glob(f"{_MAKING}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _A_DAY:
                shutil.rmtree(left, ignore_errors=True)


@cache
def _passing_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="rnn-workbench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _compile(folder: Path, module_name: str, source: str) -> Path:
    (folder / f"{module_name}.py").write_text(source, encoding="utf-8")
    _import(folder, module_name)
    return folder


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


def _files(folder: Path) -> dict[str, str]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != _MANIFEST)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def _write_manifest(folder: Path) -> None:
    (folder / _MANIFEST).write_text(json.dumps(_files(folder)), encoding="utf-8")


def _is_whole(folder: Path) -> bool:
    try:
        return bool(json.loads((folder / _MANIFEST).read_text(encoding="utf-8")) == _files(folder))
    except (OSError, ValueError):
        return False


def _move_into_place(own: Path, folder: Path) -> Path:
    """Another process may have been first, or left a damaged folder behind."""
    if _is_whole(folder):
        shutil.rmtree(own, ignore_errors=True)
        return folder
    try:
        shutil.rmtree(folder, ignore_errors=True)
        own.replace(folder)
    except OSError:
        return folder if _is_whole(folder) else own
    return folder
