"""Initial values: the law of each rule, copies, streams of their own, and what is refused."""

import numpy as np
import pytest
from numpy.typing import NDArray

from workbench.cells import Cell, CellError, catalogue

HIDDEN, INPUTS = 200, 50


def drawn(
    rule: float | str, name: str = "W", *, length: int | None = None, seed: int = 0, hidden: int = HIDDEN
) -> NDArray[np.float64]:
    """A parameter of h = tanh(W @ h + U @ x + b) under a rule: W (H, H), U (H, D), b (H,)."""
    cell = Cell.from_equations("h = tanh(W @ h + U @ x + b)", states=["h"], init={name: rule})
    return cell.initial_parameters(INPUTS, hidden, seed=seed, length=length, dtype="float64")[name]


def test_left_out_matrices_are_glorot_and_vectors_zero() -> None:
    cell = Cell.from_equations("h = tanh(U @ x + b)", states=["h"])
    parameters = cell.initial_parameters(INPUTS, HIDDEN, seed=0, dtype="float64")
    np.testing.assert_array_equal(parameters["U"], drawn("glorot", "U"))
    assert not parameters["b"].any()


@pytest.mark.parametrize("name", ["W", "U"])
def test_glorot_fills_its_bounds_evenly(name: str) -> None:
    values = drawn("glorot", name)
    bound = np.sqrt(6.0 / sum(values.shape))  # Glorot & Bengio 2010, equation 16
    assert np.abs(values).max() <= bound
    assert np.abs(values).max() > 0.999 * bound
    np.testing.assert_allclose(values.std(), bound / np.sqrt(3), rtol=0.02)


@pytest.mark.parametrize("name", ["W", "U"])
def test_orthogonal_has_orthonormal_columns_times_the_gain(name: str) -> None:
    values = drawn("orthogonal(1.5)", name)
    np.testing.assert_allclose(values.T @ values, 1.5**2 * np.eye(values.shape[1]), atol=1e-12)


def test_orthogonal_of_a_wide_matrix_has_orthonormal_rows() -> None:
    values = drawn("orthogonal", "U", hidden=20)
    np.testing.assert_allclose(values @ values.T, np.eye(20), atol=1e-12)


def test_orthogonal_favours_no_side() -> None:
    # Without the correction of signs a QR has a diagonal of one sign (Mezzadri 2007).
    signs = [np.sign(drawn("orthogonal", seed=seed, hidden=1).item()) for seed in range(40)]
    assert -1 in signs
    assert 1 in signs


def test_identity_is_the_identity_times_the_gain() -> None:
    np.testing.assert_array_equal(drawn("identity(0.5)"), 0.5 * np.eye(HIDDEN))
    np.testing.assert_array_equal(drawn("identity"), np.eye(HIDDEN))
    np.testing.assert_array_equal(drawn("identity", "U"), np.eye(HIDDEN, INPUTS))


@pytest.mark.parametrize("name", ["W", "b"])
def test_uniform_stays_between_its_numbers(name: str) -> None:
    values = drawn("uniform(-1, 3)", name)
    assert -1 <= values.min() < -0.9
    assert 2.9 < values.max() <= 3


def test_normal_has_its_deviation_and_mean_zero() -> None:
    values = drawn("normal(0.1)")
    np.testing.assert_allclose(values.std(), 0.1, rtol=0.02)
    assert abs(values.mean()) < 0.002


def test_chrono_spreads_time_constants_up_to_the_length_of_the_task() -> None:
    times = np.exp(drawn("chrono", "b", length=1000))  # Tallec & Ollivier 2018: b_f = log U(1, T - 1)
    assert 1 <= times.min() < 20
    assert 980 < times.max() <= 999
    np.testing.assert_allclose(times.mean(), 500, rtol=0.1)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_chrono_serves_the_shortest_tasks(length: int) -> None:
    assert np.isfinite(drawn("chrono", "b", length=length)).all()


def test_ring_gives_radii_uniform_over_the_area_of_the_ring() -> None:
    radius = np.exp(-np.exp(drawn("ring(0.5, 0.9)", "b", hidden=2000)))  # Orvieto et al. 2023, lemma 3.2
    assert radius.min() >= 0.5
    assert radius.max() <= 0.9
    np.testing.assert_allclose((radius**2).mean(), (0.5**2 + 0.9**2) / 2, rtol=0.03)


def test_angle_gives_the_logarithm_of_angles_uniform_up_to_the_largest() -> None:
    angles = np.exp(drawn("angle(0.5)", "b", hidden=2000))  # Orvieto et al. 2023
    assert 0.0 < angles.min() < 0.01
    assert 0.49 < angles.max() <= 0.5
    np.testing.assert_allclose(angles.mean(), 0.25, rtol=0.05)


@pytest.mark.parametrize(
    ("hidden", "expected"),
    [
        (16, [1, 1, 2, 2, 4, 4, 8, 8, 16, 16, 32, 32, 64, 64, 128, 128]),
        (8, [1, 2, 4, 8, 16, 32, 64, 128]),
        (3, [1, 2, 4]),
        (1, [1]),
    ],
)
def test_periods_are_powers_of_two_in_equal_groups(hidden: int, expected: list[float]) -> None:
    assert drawn("periods", "b", hidden=hidden).tolist() == expected  # Koutnik et al. 2014


def test_periods_divide_any_number_of_units_as_evenly_as_can_be() -> None:
    _, counts = np.unique(drawn("periods", "b", hidden=100), return_counts=True)
    assert len(counts) == 8
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("name", ["W", "U", "b"])
def test_a_number_fills_the_parameter(name: str) -> None:
    assert np.unique(drawn(-2.5, name)).tolist() == [-2.5]
    assert np.unique(drawn(1, name)).tolist() == [1.0]


@pytest.mark.parametrize(("sign", "factor"), [("-", -1), ("+", 1)])
def test_a_copy_has_the_values_of_the_other_parameter_with_its_sign(sign: str, factor: int) -> None:
    equations = "h = tanh(U @ x + b_f) + b_i"
    init: dict[str, float | str] = {"b_i": f"{sign}b_f", "b_f": "chrono"}
    cell = Cell.from_equations(equations, states=["h"], init=init)
    parameters = cell.initial_parameters(2, 9, seed=3, length=50)
    np.testing.assert_array_equal(parameters["b_i"], factor * parameters["b_f"])
    assert not np.shares_memory(parameters["b_i"], parameters["b_f"])


def test_the_same_seed_gives_the_same_values_and_another_seed_others() -> None:
    np.testing.assert_array_equal(drawn("glorot", seed=5), drawn("glorot", seed=5))
    assert not np.array_equal(drawn("glorot", seed=5), drawn("glorot", seed=6))


def test_a_parameter_keeps_its_values_when_others_come_and_go() -> None:
    small = Cell.from_equations("h = tanh(W @ h + U @ x)", states=["h"])
    large = Cell.from_equations("g = sigmoid(V @ x + b)\nh = g * tanh(W @ h + U @ x)", states=["h"])
    one, other = (cell.initial_parameters(3, 4, seed=7) for cell in (small, large))
    np.testing.assert_array_equal(one["W"], other["W"])
    np.testing.assert_array_equal(one["U"], other["U"])


def test_two_matrices_of_one_shape_start_differently() -> None:
    parameters = catalogue()["lstm"].initial_parameters(3, 4, seed=0)
    assert not np.array_equal(parameters["W_fh"], parameters["W_ih"])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_parameters_have_the_type_and_order_that_programs_read(dtype: str) -> None:
    for array in catalogue()["lstm"].initial_parameters(3, 4, seed=0, dtype=dtype).values():
        assert array.dtype == dtype
        assert array.flags.c_contiguous


def test_the_catalogue_starts_as_its_papers_say() -> None:
    lstm = catalogue()["lstm"].initial_parameters(3, 4, seed=0)
    assert lstm["b_f"].tolist() == [1, 1, 1, 1]
    assert lstm["b_i"].tolist() == [0, 0, 0, 0]
    irnn = catalogue()["irnn"].initial_parameters(3, 4, seed=0)
    np.testing.assert_array_equal(irnn["W_ss"], np.eye(4))


@pytest.mark.parametrize(
    ("name", "rule", "wrong"),
    [
        ("V", 1.0, "names 'V', which is no parameter of the equations"),
        ("w", 1.0, "there are W, U, b"),
        ("b", float("nan"), "b is not finite or too large; numbers go up to 1e\\+30"),
        ("b", float("inf"), "b is not finite or too large"),
        ("b", 10**400, "b is not finite or too large"),
        ("b", True, "b is neither a number nor a rule"),
        ("b", None, "b is neither a number nor a rule"),
        ("b", [1.0], "b is neither a number nor a rule"),
        ("b", "", "'' is no rule; use a number, one of glorot, orthogonal"),
        ("b", "gaussian(1)", "'gaussian\\(1\\)' is no rule"),
        ("b", "Normal(1)", "is no rule"),
        ("b", "normal(1", "is no rule"),
        ("b", "normal(1)(2)", "is no rule"),
        ("b", "1.0", "is no rule"),
        ("b", "x" * 200, "a text of 200 characters"),
        ("b", "normal", "normal takes 1 number"),
        ("b", "normal(1, 2)", "normal takes 1 number"),
        ("b", "uniform(1)", "uniform takes 2 numbers"),
        ("W", "orthogonal(1, 2)", "orthogonal takes 0 to 1 number"),
        ("b", "normal(a)", "the arguments of normal are numbers"),
        ("b", "normal(nan)", "normal takes 1 number"),
        ("b", "normal(inf)", "normal takes 1 number"),
        ("b", "normal(-1)", "needs a deviation of 0 or more"),
        ("b", "uniform(2, 1)", "needs the lower number first"),
        ("b", "ring(0.9, 0.5)", "needs 0 < inner < outer < 1"),
        ("b", "angle(0)", "needs a largest angle above 0"),
        ("b", "ring(0.5, 1.5)", "needs 0 < inner < outer < 1"),
        ("b", "orthogonal", "orthogonal is for matrices, and this parameter is a vector"),
        ("b", "identity(1.0)", "identity is for matrices"),
        ("b", "glorot", "glorot is for matrices"),
        ("W", "periods", "periods is for vectors, and this parameter is a matrix"),
        ("b", "-W", "b copies 'W', which is no parameter of the same kind"),
        ("W", "-V", "W copies 'V', which is no parameter of the same kind"),
        ("b", "-b", "b copies 'b', which is itself a copy"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused_when_the_cell_is_made(name: str, rule: object, wrong: str) -> None:
    with pytest.raises(CellError, match=wrong) as caught:
        Cell.from_equations("h = tanh(W @ h + U @ x + b)", states=["h"], init={name: rule})  # type: ignore[dict-item]
    assert f"[init] {name}" in str(caught.value) or f"[init] names {name!r}" in str(caught.value)


def test_a_copy_of_a_copy_is_refused() -> None:
    with pytest.raises(CellError, match="a copies 'b', which is itself a copy; name the original"):
        Cell.from_equations("h = tanh(a + b + c + x)", states=["h"], init={"a": "-b", "b": "-c"})


def test_chrono_without_a_length_says_so() -> None:
    with pytest.raises(CellError, match="chrono needs the length of the task; give length"):
        drawn("chrono", "b")
