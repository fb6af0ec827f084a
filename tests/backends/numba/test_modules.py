"""Compiled modules in the cache: kept, found again, and made again when they are damaged."""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from workbench.backends.numba import modules

SOURCE = '''"""A program that answers."""

from workbench.backends.numba.vectors import compiled, words

write = words("float64").write


@compiled
def answer(table):
    write(table, 0, 42.0)
'''


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test's own."""
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(tmp_path / "caches"))
    return modules.cache_folder()


def load() -> ModuleType:
    """Load the module as a process that has not loaded it before."""
    for name in [name for name in sys.modules if name.startswith("rnn_workbench_") and name.endswith("_answer")]:
        del sys.modules[name]
    return modules.load_module("answer", SOURCE)


def answer(module: ModuleType) -> float:
    table = np.zeros(1)
    module.answer(table.ctypes.data)
    return float(table[0])


def times_compiled(module: ModuleType) -> int:
    return sum(module.answer.stats.cache_misses.values())


def folder_of(module: ModuleType) -> Path:
    return Path(str(module.__file__)).parent


def is_kept() -> bool:
    """Whether another process would find the module."""
    loaded = {name: sys.modules.pop(name) for name in list(sys.modules) if name.endswith("_answer")}
    kept = modules.is_compiled("answer", SOURCE)
    sys.modules.update(loaded)
    return kept


def test_a_module_is_compiled_once_and_then_found(cache: Path) -> None:
    assert not is_kept()
    first = load()
    assert is_kept()
    files = {path: path.stat().st_mtime_ns for path in cache.rglob("*") if path.is_file()}
    second = load()
    assert second is not first
    assert (answer(first), answer(second)) == (42.0, 42.0)
    assert second.answer.stats.cache_hits
    assert times_compiled(second) == 0
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*") if path.is_file()} == files


def test_a_module_that_is_loaded_is_not_loaded_again() -> None:
    assert load() is modules.load_module("answer", SOURCE)


def test_another_source_is_another_module(cache: Path) -> None:
    first, other = load(), modules.load_module("answer", SOURCE.replace("42.0", "43.0"))
    assert (answer(first), answer(other)) == (42.0, 43.0)
    assert len(list(cache.iterdir())) == 2


def test_nothing_else_is_left_in_the_cache(cache: Path) -> None:
    module = load()
    assert list(cache.iterdir()) == [folder_of(module)]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_nobody_else_can_read_or_write_what_is_run(cache: Path) -> None:
    module = load()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (cache, folder_of(module))] == [0o700, 0o700]


def one(folder: Path, pattern: str) -> Path:
    return next(iter(sorted(folder.rglob(pattern))))


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "machine code cut short": lambda folder: cut_short(one(folder, "*.nbc")),
    "machine code with another byte": lambda folder: flip(one(folder, "*.nbc")),
    "machine code missing": lambda folder: one(folder, "*.nbc").unlink(),
    "machine code empty": lambda folder: one(folder, "*.nbc").write_bytes(b""),
    "index cut short": lambda folder: cut_short(one(folder, "*.nbi")),
    "index missing": lambda folder: one(folder, "*.nbi").unlink(),
    "source edited": lambda folder: one(folder, "*.py").write_text(SOURCE.replace("42.0", "13.0"), encoding="utf-8"),
    "source missing": lambda folder: one(folder, "*.py").unlink(),
    "manifest missing": lambda folder: (folder / "manifest.json").unlink(),
    "manifest empty": lambda folder: (folder / "manifest.json").write_text("", encoding="utf-8"),
    "manifest no JSON": lambda folder: (folder / "manifest.json").write_bytes(b"\xff\xfe{"),
    "manifest of something else": lambda folder: (folder / "manifest.json").write_text("[1, 2]", encoding="utf-8"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_folder_is_noticed_and_made_again(cache: Path, what: str) -> None:
    folder = folder_of(load())
    DAMAGE[what](folder)
    assert not is_kept()
    assert answer(load()) == 42.0
    assert is_kept()
    # What was damaged may lie about hidden until it is cleared away.
    assert [path for path in cache.iterdir() if not path.name.startswith(".")] == [folder]
    again = load()
    assert answer(again) == 42.0
    assert times_compiled(again) == 0


def test_a_file_where_the_folder_should_be_does_no_harm(cache: Path) -> None:
    folder = folder_of(load())
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    folder.rmdir()
    folder.write_text("in the way", encoding="utf-8")
    assert not is_kept()
    assert answer(load()) == 42.0


def test_a_cache_that_cannot_be_made_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "caches").write_text("a file where the caches should be", encoding="utf-8")
    assert not is_kept()
    assert answer(load()) == 42.0
    assert (tmp_path / "caches").read_text(encoding="utf-8") == "a file where the caches should be"


def test_a_module_that_does_not_compile_leaves_nothing_behind(cache: Path) -> None:
    with pytest.raises(NameError, match="nowhere"):
        modules.load_module("answer", SOURCE.replace('words("float64").write', "nowhere"))
    assert not list(cache.iterdir())
    assert answer(load()) == 42.0
