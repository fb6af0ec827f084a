"""Settings that change nothing in an experiment are found, and said to change nothing."""

import pytest

from workbench.lab.experiment import Experiment, presets, without_effect, words_without_effect


def experiment(task: str = "adding", **values: object) -> Experiment:
    return Experiment(cell="lstm", task={"name": task}, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"attention": True, "beam": 4}, {"attention": "on adding", "beam": "on adding"}),
        ({"teacher_forcing": 0.5}, {"teacher_forcing": "on adding"}),
        ({"task": "parity", "representation": "mean"}, {"representation": "on parity"}),
        ({"momentum": 0.9}, {"momentum": "with optimizer = adam"}),
        ({"tf32": True}, {"tf32": "with backend = auto"}),
        ({"tf32": True, "backend": "cupy", "dtype": "float64"}, {"tf32": "with dtype = float64"}),
        ({"task": "reverse", "attention": True, "beam": 4, "teacher_forcing": 0.5}, {}),
        ({"representation": "mean", "momentum": 0.9, "optimizer": "sgd"}, {}),
        ({"attention": False, "beam": 1}, {}),
    ],
)
def test_what_is_not_at_its_default_and_has_no_meaning_is_found(
    values: dict[str, object], expected: dict[str, str]
) -> None:
    assert without_effect(experiment(**values)) == expected  # type: ignore[arg-type]


def test_fields_of_one_reason_share_a_sentence() -> None:
    said = words_without_effect(experiment(attention=True, beam=4, teacher_forcing=0.5, momentum=0.9))
    assert said == (
        "attention, teacher_forcing and beam have no effect on adding.",
        "momentum has no effect with optimizer = adam.",
    )


@pytest.mark.parametrize("name", presets())
def test_every_setting_of_a_preset_has_an_effect(name: str) -> None:
    assert words_without_effect(presets()[name]) == ()
