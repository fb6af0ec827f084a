"""The film of the parameters: read once, in the equations' order, and painted as growth or as update ratios."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.gui.support import small_experiment
from workbench.cells import catalogue
from workbench.gui.panels.parameter_film import ParameterFilm, ParameterFilms, _place, typeset_name
from workbench.gui.panels.parameter_picture import GrowthScale, UpdateScale, paint
from workbench.gui.plots.scale import MISSING
from workbench.lab.running import start_run
from workbench.lab.workbook import Workbook, open_workbook


@pytest.fixture
def workbook(tmp_path: Path) -> Iterator[Workbook]:
    with open_workbook(tmp_path / "film.rnnw", create=True) as opened:
        start_run(opened, small_experiment())
        yield opened


@pytest.fixture
def cell(workbook: Workbook) -> str:
    return workbook.runs.get(1).cell


def arrays(norm: float, **others: float) -> dict[str, np.ndarray]:
    return {"norm/1.W_fh": np.array(norm)} | {f"norm/{name}": np.array(value) for name, value in others.items()}


def film(norms: list[list[float]], updates: list[list[float]] | None = None) -> ParameterFilm:
    rows = np.array(norms)
    names = ("1.W_fh", "1.W_fx", "1.b_f")[: len(rows)]
    known = np.full(rows.shape, np.nan) if updates is None else np.array(updates)
    return ParameterFilm(1, tuple(range(0, 10 * rows.shape[1], 10)), names, rows, known)


def test_parameters_come_as_in_the_equations_between_embedding_and_read_out(workbook: Workbook, cell: str) -> None:
    names = ["readout.W", "1.b_f", "1.W_ch", "embedding.E", "2.W_fh", "1.W_fh"]
    workbook.film.append(1, 0, {f"norm/{name}": np.array(1.0) for name in names})

    assert ParameterFilms(workbook).of(1, cell).names == (
        "embedding.E",
        "1.W_fh",
        "1.W_ch",
        "1.b_f",
        "2.W_fh",
        "readout.W",
    )


def test_only_new_snapshots_are_read_and_thinned_ones_go(workbook: Workbook, cell: str) -> None:
    films = ParameterFilms(workbook)
    for step in (0, 10, 20):
        workbook.film.append(1, step, arrays(step + 1.0))
    assert films.of(1, cell).norms.tolist() == [[1, 11, 21]]

    workbook.film.append(1, 10, arrays(-1.0))
    workbook.film.append(1, 30, arrays(31.0))
    assert films.of(1, cell).norms.tolist() == [[1, 11, 21, 31]]

    workbook.film.drop_from(1, 20)
    kept = films.of(1, cell)
    assert kept.steps == (0, 10)
    assert films.of(1, cell) is kept


def test_a_snapshot_without_a_number_leaves_a_gap(workbook: Workbook, cell: str) -> None:
    workbook.film.append(1, 0, arrays(1.0))
    workbook.film.append(1, 5, arrays(2.0) | {"update-ratio/1.W_fh": np.array(1e-3)})

    read = ParameterFilms(workbook).of(1, cell)

    np.testing.assert_array_equal(read.updates, [[np.nan, 1e-3]])


def test_a_film_of_old_snapshots_has_no_parameters(workbook: Workbook, cell: str) -> None:
    workbook.film.append(1, 0, {"values/1.h": np.zeros((3, 2))})

    assert ParameterFilms(workbook).of(1, cell).names == ()


def test_growth_counts_doublings_since_the_first_norm() -> None:
    np.testing.assert_allclose(film([[2, 4, 1], [3, 3, 3]]).growth(), [[0, 1, -1], [0, 0, 0]])


def test_a_bias_that_began_at_zero_grows_from_its_first_norm_that_is_not() -> None:
    np.testing.assert_allclose(film([[0, 0.5, 1], [0, 0, 0]]).growth(), [[np.nan, 0, 1], [np.nan] * 3])


def test_grown_norms_are_red_shrunk_ones_blue_and_missing_ones_neither(cell: str) -> None:
    picture = paint(film([[1, 2, 0.5], [0, 1, 1], [1, np.nan, 1]]), "norm", cell)

    assert picture.scale == GrowthScale(True, 1.0)
    assert picture.scale.ends == ("÷ 2", "× 2")
    assert picture.image.tolist() == [[128, 255, 1], [MISSING, 128, 128], [128, MISSING, 128]]


def test_update_ratios_are_painted_by_powers_of_ten(cell: str) -> None:
    picture = paint(film([[1, 1, 1, 1, 1]], [[np.nan, 1e-7, 1e-5, 1e-3, 1]]), "update", cell)

    assert picture.scale == UpdateScale(False, 1.0)
    assert picture.image.tolist() == [[MISSING, 1, 1, 128, 255]]


def test_a_field_is_said_in_words(cell: str) -> None:
    both = film([[2, 3]], [[np.nan, 1e-3]])

    assert paint(both, "norm", cell).said_of(0, 1) == "<i>W</i><sup>f,h</sup>, step 10: 3, 1.5 × its first"
    assert paint(both, "update", cell).said_of(0, 1) == "<i>W</i><sup>f,h</sup>, step 10: 0.001"
    assert paint(both, "update", cell).said_of(0, 0) == "<i>W</i><sup>f,h</sup>, step 0: no update"


def test_the_layer_is_named_where_there_are_several() -> None:
    cell = catalogue()["lstm"].equations
    text = f'states = ["h", "c"]\nequations = """\n{cell}\n"""'

    assert typeset_name("2.b_f", text, True) == "2&nbsp;&nbsp;<i>b</i><sub>f</sub>"
    assert typeset_name("1.b_f", text, False) == "<i>b</i><sub>f</sub>"
    assert typeset_name("readout.W", text, True) == "read-out <i>W</i>"


def test_parameters_come_as_data_pass_through_encoder_and_decoder(cell: str) -> None:
    names = ["readout.W", "1.W_fh", "attention.v", "decoder.E", "encoder.1r.W_fh", "encoder.1.W_fh", "embedding.E"]
    ordered = sorted(names, key=lambda name: _place(name, cell))
    assert ordered == [
        "embedding.E", "encoder.1.W_fh", "encoder.1r.W_fh", "attention.v", "decoder.E", "1.W_fh", "readout.W",
    ]  # fmt: skip
    assert [typeset_name(name, cell, True).partition("&nbsp;&nbsp;")[0] for name in ordered[1:3]] == [
        "enc&nbsp;1",
        "enc&nbsp;1←",
    ]
