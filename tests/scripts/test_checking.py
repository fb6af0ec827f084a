import re

import pytest
from steps.checking import CheckFailed, main, peer_requirement, require_trained, requirements_without_qt
from steps.environment import CONSTRAINTS, SetupError

PINS = [line for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


def test_linux_asks_for_the_cpu_build_of_the_peer() -> None:
    assert peer_requirement("numpy==2.4.6\ntorch==2.13.0\n", "linux") == "torch==2.13.0+cpu"


def test_elsewhere_the_registry_has_the_cpu_build() -> None:
    assert peer_requirement("torch==2.13.0\n", "darwin") == "torch==2.13.0"


def test_constraints_without_the_peer_get_a_sentence() -> None:
    with pytest.raises(SetupError, match="no pin of torch"):
        peer_requirement("torchvision==0.1\n", "linux")


def test_every_constraint_is_a_name_and_one_version() -> None:
    assert [pin for pin in PINS if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*", pin)] == []


def test_no_package_has_two_pins() -> None:
    names = [re.sub(r"[-_.]+", "-", pin.split("==")[0].lower()) for pin in PINS]
    assert sorted(set(names)) == sorted(names)


def test_the_environment_without_qt_has_the_rest() -> None:
    names = {re.split(r"[<>=\[]", requirement)[0] for requirement in requirements_without_qt()}
    assert {"numpy", "pydantic", "pytest", "hypothesis"} <= names
    assert names.isdisjoint({"PySide6-Essentials", "pyqtgraph", "pytest-qt"})


def test_a_finished_run_of_the_installed_command_passes() -> None:
    require_trained('ready\n{"status": "finished", "step": 20}\n', steps=20)


@pytest.mark.parametrize(
    "output",
    [
        "",
        "no JSON",
        "[]",
        '{"step": 20}',
        '{"status": "failed", "step": 20}',
        '{"status": "finished", "step": 3}',
    ],
)
def test_anything_else_that_the_installed_command_prints_fails(output: str) -> None:
    with pytest.raises(CheckFailed):
        require_trained(output, steps=20)


def test_an_unknown_stage_is_refused_with_the_names(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["speed"])
    assert left.value.code == 2
    assert "there is no stage speed; the stages are style, types" in capsys.readouterr().err
