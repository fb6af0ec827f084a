"""What there is to draw over training, and how it is called."""

import pytest

from workbench.gui.panels.quantities import label, levels, natural_scale, quantities
from workbench.tasks import Baseline, Task, task_class, task_types

BASELINES = (Baseline("chance", 2.3, 0.1, "", ""),)


@pytest.mark.parametrize("name", task_types())
def test_every_task_s_class_is_known_without_building_it(name: str) -> None:
    found = task_class(task_types()[name].model_validate({"name": name}))
    assert found is not Task
    assert issubclass(found, Task)
    assert label("loss", found) in ("squared error", "cross-entropy (nats)")


def kind(name: str) -> type[Task]:
    return task_class(task_types()[name].model_validate({"name": name}))


def test_the_loss_comes_first_then_metrics_and_the_clock_is_none() -> None:
    training = ("learning_rate", "loss", "gradient_norm", "seconds")
    assert quantities(training, ("loss", "accuracy")) == ("loss", "accuracy", "gradient_norm", "learning_rate")
    assert quantities((), ()) == ("loss",)


def test_scores_by_length_do_not_crowd_the_quantities() -> None:
    validation = ("loss", "accuracy", "accuracy at length 20", "accuracy at length 100")
    assert quantities(("loss",), validation) == ("loss", "accuracy")


def test_the_loss_has_the_baselines_losses_and_the_main_metric_their_scores() -> None:
    assert [level.text for level in levels("loss", kind("digits"), BASELINES)] == ["chance · 2.3"]
    assert [level.text for level in levels("accuracy", kind("digits"), BASELINES)] == ["chance · 0.1"]
    assert levels("gradient_norm", kind("digits"), BASELINES) == ()


def test_baselines_of_one_value_share_a_line_and_its_name() -> None:
    baselines = [Baseline(name, value, 0.1, "", "") for name, value in (("unigram", 4.746), ("uniform", 5.1))]
    baselines.append(Baseline("copy the source", 4.746, 0.2, "", ""))
    found = [level.text for level in levels("loss", kind("translate"), baselines)]
    assert found == ["unigram, copy the source · 4.746", "uniform · 5.1"]


def test_what_shrinks_towards_0_is_drawn_in_powers_of_ten() -> None:
    assert natural_scale("loss", kind("digits")) == "log"
    assert natural_scale("accuracy", kind("digits")) == "linear"
    assert natural_scale("mse", kind("adding")) == "log"
    assert natural_scale("learning_rate", kind("adding")) == "linear"
    assert natural_scale("loss", None) == "log"
