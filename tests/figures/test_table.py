"""The table brings back the very numbers."""

import csv
import io

import numpy as np
import pytest

from tests.figures.support import LENGTH, made_up_snapshot, one_curve
from workbench.figures.figure import make_spec
from workbench.figures.spec import FigureSpec
from workbench.figures.table import to_csv
from workbench.lab.workbook import Workbook


def rows_of(spec: FigureSpec) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(to_csv(spec).decode())))


def test_every_step_comes_back_with_all_its_digits(book: Workbook) -> None:
    rows = [row for row in rows_of(make_spec(book, [1], "loss")) if row["series"] == "first: training"]
    kept = book.scalars.read(1)
    assert [int(row["training step"]) for row in rows] == kept.steps.tolist()
    assert [float(row["mean squared error"]) for row in rows] == kept["loss"].tolist()


def test_the_first_line_names_columns_with_units() -> None:
    first = to_csv(one_curve([1], unit="nats")).decode().splitlines()[0]
    assert first == "series,training step,loss (nats)"


def test_gaps_of_the_picture_stay_in_the_table() -> None:
    values = [np.nan, np.inf, -np.inf, 0.0, -1.0, 5e-324]
    found = [row["loss"] for row in rows_of(one_curve(values, scale="log"))]
    assert found == ["nan", "inf", "-inf", "0.0", "-1.0", "5e-324"]


def test_a_baseline_has_a_value_and_no_step(book: Workbook) -> None:
    (row,) = [row for row in rows_of(make_spec(book, [1], "loss")) if row["series"] == "baseline: always 1"]
    assert (row["training step"], float(row["mean squared error"])) == ("", 1 / 6)


def test_a_map_has_a_row_for_each_cell_with_the_units_own_number(book: Workbook) -> None:
    spec = make_spec(book, [1], "states", order="final value")
    rows = [row for row in rows_of(spec) if row["series"] == "h"]
    values = made_up_snapshot(100)["values/1.h"]
    assert len(rows) == values.size
    for row in rows:
        assert np.float32(row["h"]) == values[int(row["time step"]), int(row["unit"])]
    assert sum(row["series"] == "input" for row in rows_of(spec)) == 2 * LENGTH


@pytest.mark.parametrize("name", ["a, b", 'say "hi"', "two\nlines", "=1+1"])
def test_odd_names_come_back(workbook: Workbook, name: str) -> None:
    from tests.figures.support import add_run

    run = add_run(workbook)
    workbook.runs.rename(run, name)
    assert rows_of(make_spec(workbook, [run], "loss"))[0]["series"] == f"{name}: training"
