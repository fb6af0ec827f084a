"""The cache between processes: compiled once, by two at once, and where nothing can be written."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.backends.numba.support import output_of, start_process

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="moves the cache by XDG_CACHE_HOME, as on Linux")

RUN = """
import hashlib, json
import numpy as np
from workbench.backends import get_backend
from workbench.cells import catalogue
cell, backend = catalogue()["elman"], get_backend("numba")
before = backend.is_compiled(cell)
program = backend.compile(cell, inputs=3, hidden=5)
parameters = cell.initial_parameters(3, 5, seed=0)
trace = program.forward(parameters, np.ones((4, 2, 3)))
gradient = program.backward(parameters, trace, {"s": np.ones((4, 2, 5))}).parameters["W_ss"]
functions = [program.module.forward, program.module.backward]
print(json.dumps({
    "bits": hashlib.sha256(gradient.tobytes()).hexdigest(),
    "found": before,
    "compiled": sum(sum(function.stats.cache_misses.values()) for function in functions),
    "kept": backend.is_compiled(cell),
}))
"""


def run(cache: Path) -> dict[str, Any]:
    return dict(json.loads(output_of(start_process(RUN, XDG_CACHE_HOME=str(cache)))))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that two processes filled at once."""
    cache = tmp_path_factory.mktemp("cache")
    processes = [start_process(RUN, XDG_CACHE_HOME=str(cache)) for _ in range(2)]
    one, other = (json.loads(output_of(process)) for process in processes)
    assert one["bits"] == other["bits"]
    assert one["kept"]
    assert other["kept"]
    return cache


@pytest.fixture
def cache(filled: Path, tmp_path: Path) -> Path:
    """A filled cache of a test's own."""
    return Path(shutil.copytree(filled, tmp_path / "cache"))


def folders(cache: Path) -> list[Path]:
    return sorted((cache / "rnn-workbench" / "compiled").iterdir())


def test_two_processes_that_compile_at_once_leave_one_whole_folder_for_each_module(filled: Path) -> None:
    assert [folder.name.rpartition("_")[0].count("making") for folder in folders(filled)] == [0, 0]
    assert {folder.name.split("_", 3)[3] for folder in folders(filled)} == {"float32", "kernels_float32"}


def test_a_later_process_loads_what_was_compiled(cache: Path) -> None:
    files = {path: path.stat().st_mtime_ns for path in cache.rglob("*") if path.is_file()}
    found = run(cache)
    assert found["found"]
    assert found["compiled"] == 0
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*") if path.is_file()} == files


def test_damaged_machine_code_is_compiled_again_with_the_same_result(cache: Path) -> None:
    expected = run(cache)
    for folder in folders(cache):
        for path in folder.rglob("*.nbc"):
            path.write_bytes(path.read_bytes()[:-100] + bytes(100))
    found = run(cache)
    assert not found["found"]
    assert found["kept"]
    assert found["bits"] == expected["bits"]


def test_programs_run_where_no_cache_can_be_made(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = run(tmp_path / "file" / "below")
    assert not found["found"]
    assert found["bits"] == run(cache)["bits"]


def in_a_world_of_its_own(script: str, cache: Path) -> dict[str, Any]:
    """Run after changes to the file system that no other process sees. Skips where the system does not allow them."""
    enter = ["unshare", "--map-root-user", "--mount", "sh", "-ec"]
    if not shutil.which("unshare") or subprocess.run([*enter, "mount -t tmpfs none /mnt"], check=False).returncode:
        pytest.skip("this system lets nobody mount")
    done = subprocess.run(
        [*enter, f'{script}; exec "$@"', "sh", sys.executable, "-c", RUN],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "XDG_CACHE_HOME": str(cache), "CACHE": str(cache)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


READ_ONLY = 'mount --bind "$CACHE" "$CACHE"; mount -o remount,ro,bind "$CACHE"'


def test_programs_run_where_an_empty_cache_can_only_be_read(tmp_path: Path) -> None:
    assert not in_a_world_of_its_own(READ_ONLY, tmp_path)["found"]
    assert not list(tmp_path.iterdir())


def test_what_was_compiled_is_found_where_it_can_only_be_read(cache: Path) -> None:
    expected = run(cache)
    assert in_a_world_of_its_own(READ_ONLY, cache) == expected


def test_programs_run_where_the_cache_is_full(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    found = in_a_world_of_its_own('mount -t tmpfs -o size=64k none "$CACHE"', tmp_path / "full")
    assert found["bits"] == run(cache)["bits"]
