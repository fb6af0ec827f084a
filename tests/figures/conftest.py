"""Fixtures of the figures' tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import workbench
from tests.figures.support import add_run, experiment
from workbench.figures.renderer import Renderer
from workbench.lab.workbook import Workbook, open_workbook


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    with Renderer() as started:
        yield started


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    """A workbook of made-up numbers that tests only read: run 1 "first", run 2 "second"."""
    with open_workbook(tmp_path_factory.mktemp("book") / "book.rnnw", create=True) as opened:
        add_run(opened, name="first")
        add_run(opened, name="second", fall=60.0)
        yield opened


@pytest.fixture
def workbook(tmp_path: Path) -> Iterator[Workbook]:
    with open_workbook(tmp_path / "own.rnnw", create=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    """A workbook with a short run that was really trained."""
    path = tmp_path_factory.mktemp("trained") / "trained.rnnw"
    workbench.train(experiment(name="trained", validate_every=20), workbook=path)
    with open_workbook(path) as opened:
        yield opened
