"""Fixtures of the scripts' tests."""

from pathlib import Path

import pytest

from tests.scripts.results_support import written


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """The folder of a small grid for the results table."""
    return written(tmp_path / "rows")
