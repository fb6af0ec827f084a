"""Looking for a GPU: at once where there is none, in a process where there may be one, and not twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.backends.cupy.installations import CARD, install_stand_in
from workbench.backends.cupy.driver import cuda_of_driver, cuda_words, has_card, has_driver
from workbench.backends.cupy.looking import find_gpu, may_have_gpu

ROOT = Path(__file__).resolve().parents[3]
FIND = "from workbench.backends.cupy.looking import find_gpu; found = find_gpu(); print(found.about, '|', found.advice)"


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The root of a computer that has nothing."""
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    root = tmp_path / "root"
    root.mkdir()
    return root


def add_device(root: Path, name: str, vendor: str, kind: str) -> None:
    device = root / "sys/bus/pci/devices" / name
    device.mkdir(parents=True)
    (device / "vendor").write_text(f"{vendor}\n")
    (device / "class").write_text(f"{kind}\n")


def found_by_a_process(environment: dict[str, str], cache: Path, before: str = "") -> str:
    paths = os.pathsep.join(filter(None, (environment.get("PYTHONPATH"), str(ROOT))))
    done = subprocess.run(
        [sys.executable, "-c", before + FIND],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=os.environ | environment | {"PYTHONPATH": paths, "XDG_CACHE_HOME": str(cache)},
    )
    return done.stdout.strip()


def test_a_computer_without_a_card_says_so_in_a_calm_line_and_starts_nothing(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    found = find_gpu(bare)
    assert (found.about, found.advice) == ("no NVIDIA GPU in this machine", "")
    assert not may_have_gpu(bare)


def test_a_card_of_another_maker_is_none(bare: Path) -> None:
    add_device(bare, "0000:01:00.0", "0x1002", "0x030000")
    assert not has_card(bare)


def test_the_sound_of_a_card_is_no_card(bare: Path) -> None:
    add_device(bare, "0000:01:00.1", "0x10de", "0x040300")
    assert not has_card(bare)


def test_a_card_without_its_driver_is_told_with_where_to_get_it(bare: Path) -> None:
    add_device(bare, "0000:01:00.0", "0x10de", "0x030200")
    found = find_gpu(bare)
    assert found.about == "the driver of the NVIDIA GPU is not installed"
    assert "nvidia.com/drivers" in found.advice


@pytest.mark.parametrize("file", ["proc/driver/nvidia/version", "dev/nvidiactl", "usr/lib/wsl/lib/libcuda.so.1"])
@pytest.mark.skipif(sys.platform == "win32", reason="where a driver lies on Linux")
def test_a_driver_is_known_by_its_files(bare: Path, file: str) -> None:
    assert not has_driver(bare)
    (bare / file).parent.mkdir(parents=True)
    (bare / file).touch()
    assert has_driver(bare)


def test_versions_of_cuda_are_written_as_people_do() -> None:
    assert [cuda_words(version) for version in (12080, 13000, 0)] == ["12.8", "13.0", ""]
    assert cuda_of_driver() in (0, *range(9000, 30000))


def test_what_one_process_found_another_believes_for_a_while(tmp_path: Path) -> None:
    environment = install_stand_in(tmp_path / "installation")
    first = found_by_a_process(environment, tmp_path / "cache")
    assert first.startswith("CuPy 14.2.0")
    crashing = environment | {"STAND_IN_BROKEN": "crash"}
    assert found_by_a_process(crashing, tmp_path / "cache") == first
    assert "broke off" in found_by_a_process(crashing, tmp_path / "another cache")


def test_a_refusal_is_not_kept(tmp_path: Path) -> None:
    environment = install_stand_in(tmp_path / "installation", "busy")
    assert "in use" in found_by_a_process(environment, tmp_path / "cache")
    mended = environment | {"STAND_IN_BROKEN": ""}
    assert found_by_a_process(mended, tmp_path / "cache").startswith("CuPy 14.2.0")


def test_a_damaged_finding_is_as_good_as_none(tmp_path: Path) -> None:
    environment = install_stand_in(tmp_path / "installation")
    cache = tmp_path / "cache"
    found = found_by_a_process(environment, cache)
    (kept,) = cache.rglob("gpu/*.json")
    assert CARD in kept.read_text()
    for damage in ("", "[]", '{"usable": true}', '{"usable": true, "about": "yes", "gpus": []}', "\0"):
        kept.write_text(damage)
        assert found_by_a_process(environment, cache) == found


def test_looking_loads_no_cupy(tmp_path: Path) -> None:
    environment = install_stand_in(tmp_path / "installation")
    said = found_by_a_process(
        environment, tmp_path / "cache", "import atexit, sys; atexit.register(lambda: print('cupy' in sys.modules)); "
    )
    assert said.endswith("False")
