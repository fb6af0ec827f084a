"""Fixtures of the lab's tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lab.support import LONG, assert_same_numbers, ended, small_experiment, worker
from workbench.lab.running import start_run
from workbench.lab.workbook import Workbook, open_workbook


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.rnnw"


@pytest.fixture
def workbook(path: Path) -> Iterator[Workbook]:
    with open_workbook(path, create=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Workbook, int], None]]:
    """A check that a run of the long experiment has the very numbers of one that nobody interrupted."""
    path = tmp_path_factory.mktemp("undisturbed") / "book.rnnw"
    with open_workbook(path, create=True) as reference:
        run = start_run(reference, small_experiment(steps=LONG))
        with worker(reference, run) as process:
            assert ended(process) == 0
        yield lambda workbook, disturbed: assert_same_numbers(workbook, disturbed, run, reference)
