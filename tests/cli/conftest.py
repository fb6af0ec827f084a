"""Fixtures of the command line's tests."""

from pathlib import Path

import pytest

from tests.cli.support import Terminal


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "book.rnnw"
