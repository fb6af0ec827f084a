import re
import subprocess
import sys

import pytest

import workbench


def test_importing_the_package_alone_loads_nothing_else() -> None:
    program = "import sys, workbench; print(sorted({'numpy', 'pydantic', 'workbench.api'} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "[]"


def test_the_package_knows_its_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", workbench.__version__)


def test_an_unknown_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        workbench.nothing  # noqa: B018


def test_the_names_of_the_interface_are_listed() -> None:
    assert {"Experiment", "Run", "open_workbook", "train"} <= set(dir(workbench))
