"""The process that tries the GPU says yes where all went well, and else what is missing and what to do."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.backends.cupy.installations import CARD, install_stand_in
from workbench.backends.cupy import advice
from workbench.backends.cupy.finding import Finding
from workbench.backends.cupy.looking import ask_probe
from workbench.backends.installed import has_cupy

ROOT = Path(__file__).resolve().parents[3]


def probed(environment: dict[str, str]) -> Finding:
    """Run the probe as a process and return what it printed."""
    paths = os.pathsep.join(filter(None, (environment.get("PYTHONPATH"), str(ROOT))))
    command = [sys.executable, "-m", "workbench.backends.cupy.probe"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env=os.environ | environment | {"PYTHONPATH": paths}
    )
    values: dict[str, Any] = json.loads(done.stdout)
    return Finding.from_values(values)


def test_a_card_that_computes_rightly_is_described(tmp_path: Path) -> None:
    found = probed(install_stand_in(tmp_path))
    assert found.usable
    assert found.about == "CuPy 14.2.0, CUDA 12.9, compute capability 9.0"
    assert (found.cupy, found.runtime, found.driver) == ("14.2.0", "12.9", "12.8")
    assert [(gpu.name, gpu.memory, gpu.architecture, gpu.multiprocessors) for gpu in found.gpus] == [
        (CARD, 8 << 30, 90, 4)
    ]


@pytest.mark.parametrize(
    ("broken", "about", "remedy"),
    [
        ("import", r"cannot be loaded \(ImportError: libcudart.so.12: cannot open", r'"cupy-cuda12x\[ctk\]"'),
        ("old", "the driver runs CUDA 12.4, too old for CUDA 13.0", r'Update it.*"rnn-workbench\[cuda12\]"'),
        ("none", "driver of the NVIDIA GPU is not installed", "--gpus all"),
        ("device", "the driver finds no GPU", "CUDA_VISIBLE_DEVICES"),
        ("busy", "in use by another program", "nvidia-smi"),
        ("memory", "memory is taken by other programs", "nvidia-smi"),
        ("small", f"{CARD} has compute capability 6.0, and 7.5 is needed", "2018"),
        ("headers", "CUDA headers that CuPy compiles with are missing", r'"rnn-workbench\[cuda12\]".*\[ctk\]'),
        ("compiler", r"could not be compiled \(NVRTC_ERROR_INVALID_OPTION", "--upgrade"),
        ("library", r"cannot be loaded \(Failure finding .libcublasLt", r'"cupy-cuda12x\[ctk\]"'),
        ("illegal", r"could not be run \(cudaErrorIllegalAddress", "Restart"),
        ("wrong", "computed a kernel wrongly", "damaged"),
    ],
)
def test_what_is_wrong_becomes_a_sentence_with_a_remedy(tmp_path: Path, broken: str, about: str, remedy: str) -> None:
    import re

    found = probed(install_stand_in(tmp_path, broken))
    assert not found.usable
    assert re.search(about, found.about), found.about
    assert re.search(remedy, found.advice), found.advice
    assert found.refusal.startswith(f"The GPU cannot be used: {found.about}. ")


def test_two_builds_of_cupy_are_told_apart_before_either_is_loaded(tmp_path: Path) -> None:
    found = probed(install_stand_in(tmp_path, "import", packages=("cupy_cuda12x", "cupy_cuda13x")))
    assert found.about == "2 builds of CuPy are installed at once"
    assert "pip uninstall cupy-cuda12x cupy-cuda13x" in found.advice


@pytest.mark.skipif(has_cupy(), reason="CuPy is installed here")
def test_without_cupy_the_line_that_installs_it_is_told() -> None:
    found = ask_probe()
    assert not found.usable
    assert 'pip install "rnn-workbench[cuda1' in found.advice


@pytest.mark.parametrize(
    ("driver", "line"),
    [
        (0, 'pip install "rnn-workbench[cuda12]"'),
        (12080, 'pip install "rnn-workbench[cuda12]"'),
        (13010, 'pip install "rnn-workbench[cuda13]"'),
    ],
)
def test_the_extra_is_the_one_that_the_driver_can_run(driver: int, line: str) -> None:
    assert line in advice.no_cupy(driver).advice


def test_a_driver_of_before_cuda_12_has_to_be_updated_first() -> None:
    found = advice.no_cupy(11040)
    assert found.about == "the driver runs CUDA 11.4, too old for CUDA 12.0"
    assert "rnn-workbench[" not in found.advice


def test_a_driver_that_hangs_is_waited_for_no_longer_than_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in install_stand_in(tmp_path, "hang").items():
        monkeypatch.setenv(name, value)
    found = ask_probe(patience=1.0)
    assert found.about == "the GPU did not answer within 1 seconds"


def test_a_driver_that_takes_the_process_with_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in install_stand_in(tmp_path, "crash").items():
        monkeypatch.setenv(name, value)
    assert "broke off (exit status -6)" in ask_probe().about
