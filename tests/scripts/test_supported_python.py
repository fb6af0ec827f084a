import ast
import os
from pathlib import Path

import pytest
from steps.environment import ROOT
from steps.supported_python import is_supported, refusal, supported_on_path


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_the_three_supported_versions_are_accepted(version: tuple[int, int]) -> None:
    assert is_supported(version)


@pytest.mark.parametrize("version", [(2, 7), (3, 10), (3, 14), (4, 0)])
def test_an_older_or_newer_version_is_refused(version: tuple[int, int]) -> None:
    assert not is_supported(version)


def test_the_refusal_names_what_is_needed_and_what_is_here() -> None:
    sentence = refusal((3, 9), "scripts/start.py", [])
    assert "3.11 to 3.13" in sentence
    assert "this is Python 3.9" in sentence
    assert "install" in sentence


def test_the_refusal_names_the_command_that_would_work() -> None:
    assert refusal((3, 14), "scripts/start.py", ["python3.13"]).endswith("python3.13 scripts/start.py")


@pytest.mark.parametrize("name", ["start.py", "test.py", "steps/__init__.py", "steps/supported_python.py"])
def test_an_old_python_can_read_what_says_the_sentence(name: str) -> None:
    source = (ROOT / "scripts" / name).read_text(encoding="utf-8")
    assert ast.parse(source, feature_version=(3, 6)).body


@pytest.mark.skipif(os.name == "nt", reason="makes commands of the shell")
def test_only_commands_that_start_count_as_another_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, status in (("python3.11", 0), ("python3.12", 127)):
        command = tmp_path / name
        command.write_text(f"#!/bin/sh\nexit {status}\n", encoding="utf-8")
        command.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert supported_on_path() == ["python3.11"]
