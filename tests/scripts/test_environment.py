import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest
from steps.environment import Environment, SetupError, Stamp, Step, ensure


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(tmp_path / "environment")


@pytest.fixture
def step(tmp_path: Path) -> Step:
    """A step that needs no network: a wheel with one module, made on the spot."""
    wheel = tmp_path / "pebble-1.0-py3-none-any.whl"
    about = "pebble-1.0.dist-info"
    with ZipFile(wheel, "w") as files:
        files.writestr("pebble.py", "weight = 7\n")
        files.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: pebble\nVersion: 1.0\n")
        files.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        files.writestr(f"{about}/RECORD", f"pebble.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n")
    return ("--no-index", "--no-deps", str(wheel))


def printed(environment: Environment, program: str) -> str:
    return subprocess.check_output([environment.python, "-c", program], text=True).strip()


def test_a_new_environment_holds_what_the_steps_install(environment: Environment, step: Step) -> None:
    ensure(environment, [step])
    assert printed(environment, "import pebble; print(pebble.weight)") == "7"


def test_a_finished_environment_is_left_alone(
    environment: Environment, step: Step, capsys: pytest.CaptureFixture[str]
) -> None:
    ensure(environment, [step])
    made = environment.stamp_file.stat()
    capsys.readouterr()
    ensure(environment, [step])
    assert capsys.readouterr().out == ""
    assert environment.stamp_file.stat() == made


def test_an_environment_left_half_made_is_made_anew(environment: Environment, step: Step) -> None:
    ensure(environment, [step])
    environment.stamp_file.unlink()
    leftover = environment.folder / "leftover"
    leftover.touch()
    (environment.site_packages / "pebble.py").unlink()
    ensure(environment, [step])
    assert printed(environment, "import pebble; print(pebble.weight)") == "7"
    assert not leftover.exists()


def test_an_environment_of_another_python_is_made_anew(environment: Environment, step: Step) -> None:
    environment.folder.mkdir()
    Stamp("Python 3.11.0 elsewhere", "", (step,)).write(environment)
    ensure(environment, [step])
    assert printed(environment, "import pebble; print(pebble.weight)") == "7"


def test_what_was_installed_earlier_is_renewed_with_the_pins(environment: Environment, step: Step) -> None:
    ensure(environment, [step])
    stamp = Stamp.read(environment)
    assert stamp is not None
    Stamp(stamp.interpreter, "other pins", stamp.steps).write(environment)
    ensure(environment, [])
    assert Stamp.read(environment) == stamp


def test_a_step_that_fails_leaves_the_environment_unfinished(environment: Environment, step: Step) -> None:
    with pytest.raises(SetupError, match="the same command again"):
        ensure(environment, [step, ("--no-index", "no-such-package")])
    assert Stamp.read(environment) is None


def test_a_file_in_the_place_of_the_environment_gets_a_sentence(environment: Environment, step: Step) -> None:
    environment.folder.touch()
    with pytest.raises(SetupError, match="could not be made"):
        ensure(environment, [step])


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"steps": 1}', '{"steps": []}'])
def test_a_damaged_stamp_counts_as_none(environment: Environment, text: str) -> None:
    environment.folder.mkdir()
    environment.stamp_file.write_text(text, encoding="utf-8")
    assert Stamp.read(environment) is None
