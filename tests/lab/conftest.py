"""Fixtures of the lab's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.lab.workbook import Workbook, open_workbook


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.rnnw"


@pytest.fixture
def workbook(path: Path) -> Iterator[Workbook]:
    with open_workbook(path, create=True) as opened:
        yield opened
