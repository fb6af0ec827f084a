"""Steps by Up, Down and the wheel: along 1, 2, 5, within the bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.gui.form.fields import FormField, experiment_fields
from workbench.gui.form.stepping import stepped
from workbench.lab.experiment import Experiment

FIELDS = {field.path: field for field in experiment_fields(Experiment)}


@pytest.mark.parametrize(
    ("path", "value", "steps", "expected"),
    [
        ("hidden", 64, 1, 65),
        ("hidden", 64, -10, 54),
        ("hidden", 1, -1, 1),
        ("hidden", 16380, 10, 16384),
        ("learning_rate", 0.001, 1, 0.002),
        ("learning_rate", 0.002, 1, 0.005),
        ("learning_rate", 0.005, 1, 0.01),
        ("learning_rate", 0.003, 1, 0.005),
        ("learning_rate", 0.003, -1, 0.002),
        ("learning_rate", 0.001, -3, 0.0001),
        ("learning_rate", 1000, 1, 1000),
        ("learning_rate", 1e-6, -1, 1e-6),
        ("clip_norm", 0.0, 1, 1.0),
        ("clip_norm", 1e-6, -1, 0.0),
        ("clip_norm", 0.0, -1, 0.0),
        ("momentum", 0.9, 1, 0.95),
        ("momentum", 0.95, 1, 0.95),
        ("momentum", 0.0, -1, 0.0),
    ],
)
def test_a_step(path: str, value: float, steps: int, expected: float) -> None:
    assert stepped(FIELDS[path], value, steps) == expected


@given(
    st.sampled_from([field for field in FIELDS.values() if field.kind == "number"]),
    st.floats(0, 1000),
    st.integers(-5, 5),
)
def test_no_step_leaves_the_bounds(field: FormField, value: float, steps: int) -> None:
    bounds = field.bounds
    if inside(bounds, value):
        assert inside(bounds, stepped(field, value, steps))


def inside(bounds: object, value: float) -> bool:
    assert isinstance(bounds, dict)
    return (
        value >= bounds.get("ge", value)
        and value <= bounds.get("le", value)
        and ("gt" not in bounds or value > bounds["gt"])
        and ("lt" not in bounds or value < bounds["lt"])
    )
