"""A workbook that one process has open more than once: a window, a script and a notebook cell do that."""

import os
import subprocess
import sys
from pathlib import Path

from tests.lab.support import add_run
from workbench.lab.workbook import Workbook, open_workbook
from workbench.lab.workbook.header import wal_path

ELSEWHERE = """
import sys
from workbench.lab.workbook import open_workbook
with open_workbook(sys.argv[1]) as workbook:
    workbook.runs.rename(1, "renamed elsewhere")
"""


def test_opening_it_again_keeps_the_locks_of_the_first(workbook: Workbook, path: Path) -> None:
    # Without these locks the other process takes itself for the last one and removes the -wal under us.
    add_run(workbook)
    open_workbook(path).close()
    root = str(Path(__file__).resolve().parents[3])
    subprocess.run([sys.executable, "-c", ELSEWHERE, path], env=os.environ | {"PYTHONPATH": root}, check=True)
    assert wal_path(path).exists()
    with open_workbook(path) as again:
        assert again.runs.get(1).name == workbook.runs.get(1).name == "renamed elsewhere"


def test_the_locks_stay_also_while_nothing_was_written(path: Path) -> None:
    # An empty -wal would invite a look at the file without locks, whose end drops those of the first.
    with open_workbook(path, create=True) as workbook:
        add_run(workbook)
    with open_workbook(path) as first:
        open_workbook(path).close()
        root = str(Path(__file__).resolve().parents[3])
        subprocess.run([sys.executable, "-c", ELSEWHERE, path], env=os.environ | {"PYTHONPATH": root}, check=True)
        assert wal_path(path).exists()
        assert first.runs.get(1).name == "renamed elsewhere"


def test_closed_everywhere_its_header_is_looked_at_again(path: Path) -> None:
    first = open_workbook(path, create=True)
    second = open_workbook(path)
    first.close()
    first.close()
    second.close()
    with open_workbook(path) as again:
        assert again.runs.all() == ()
