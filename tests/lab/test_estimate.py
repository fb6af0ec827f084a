"""What an experiment will need, said before it starts."""

from dataclasses import replace

import pytest

from tests.lab.support import small_experiment
from workbench.backends.cupy.finding import Finding, Gpu
from workbench.cells import CellError
from workbench.errors import WorkbenchError
from workbench.lab.building import prepare
from workbench.lab.estimate import FEWEST_STEPS, describe_needs, estimate_time
from workbench.lab.experiment import Experiment, presets
from workbench.lab.running import start_run
from workbench.lab.workbook import RunRecord, Workbook
from workbench.tasks import TaskError
from workbench.training.errors import TrainingError


def ran(workbook: Workbook, experiment: Experiment, *, seconds: float, step: int = 100) -> RunRecord:
    """Return the record of a run that took so long for so many steps."""
    return replace(workbook.runs.get(start_run(workbook, experiment)), seconds=seconds, step=step)


def seconds_of(experiment: Experiment) -> float:
    """Return how long an experiment is expected to take."""
    seconds = describe_needs(experiment).seconds
    assert seconds is not None
    return seconds


def test_an_outlook_has_the_needs_and_the_look_of_the_task() -> None:
    experiment = small_experiment()
    outlook, setup = describe_needs(experiment), prepare(experiment)
    assert (outlook.parameters, outlook.memory) == (setup.requirements.parameters, setup.requirements.memory)
    assert outlook.examples == setup.task.preview()
    assert (outlook.protocol, outlook.solved) == (setup.task.protocol, setup.task.solved)
    assert outlook.baselines == setup.task.baselines()
    assert (outlook.backend, outlook.threads) == ("numpy", 1)
    assert seconds_of(experiment) > 0
    assert outlook.basis.endswith(".")


def test_twice_the_steps_take_twice_the_time() -> None:
    once, twice = (seconds_of(small_experiment(steps=steps)) for steps in (10_000, 20_000))
    assert twice == pytest.approx(2 * once, rel=0.01)


def test_compiled_code_is_expected_to_be_faster_and_the_larger_the_network_the_longer() -> None:
    def seconds(backend: str, hidden: int) -> float:
        task = {"name": "adding", "length": 50}
        experiment = small_experiment(cell="lstm", hidden=hidden, task=task, batch=32, backend=backend, threads=1)
        return seconds_of(experiment)

    assert seconds("numba", 128) < seconds("numpy", 128) / 2
    assert seconds("numba", 32) < seconds("numba", 128) < seconds("numba", 512)


def test_compiled_code_shares_a_step_among_threads() -> None:
    one, two = (
        seconds_of(small_experiment(hidden=256, batch=64, backend="numba", threads=threads)) for threads in (1, 2)
    )
    assert one / 2 < two < one


def test_validating_at_each_step_takes_its_time() -> None:
    rarely, always = (seconds_of(small_experiment(validate_every=every)) for every in (100, 1))
    assert always > 2 * rarely


@pytest.mark.parametrize("name", presets())
def test_every_preset_has_an_outlook(name: str) -> None:
    """They are made to be watched: some take a second, none an hour."""
    assert 0.2 < seconds_of(presets()[name]) < 600


def test_a_run_of_the_same_experiment_tells_its_own_time(workbook: Workbook) -> None:
    experiment = small_experiment(steps=200)
    record = ran(workbook, experiment, seconds=7.0, step=200)
    outlook = describe_needs(experiment, [record])
    assert outlook.seconds == pytest.approx(7.0)
    assert f"run {record.id}" in outlook.basis


def test_the_time_on_a_gpu_is_told_only_from_runs_on_one(workbook: Workbook) -> None:
    setup = prepare(small_experiment(steps=200), backend="cupy")
    unknown = estimate_time(setup)
    assert unknown.seconds is None
    assert "once a run of this cell and task was trained on this GPU" in unknown.basis
    record = ran(workbook, small_experiment(steps=200), seconds=7.0, step=200)
    on_gpu = replace(record, origin={**record.origin, "backend": "cupy"})
    assert estimate_time(setup, [record]).seconds is None
    assert estimate_time(setup, [on_gpu]).seconds == pytest.approx(7.0)


def test_memory_is_compared_with_the_card_where_it_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    card = Finding(True, "works", gpus=(Gpu("Small Card", 1 << 20, 80, 4),))
    monkeypatch.setattr("workbench.lab.building.find_gpu", lambda: card)
    with pytest.raises(TrainingError, match=r"but 1\.0 MiB are all that the GPU has \(Small Card\)\. .*Lower"):
        prepare(small_experiment(hidden=256, batch=64), backend="cupy")


def test_the_run_nearest_in_size_tells_the_pace(workbook: Workbook) -> None:
    far, near = (
        ran(workbook, small_experiment(hidden=hidden), seconds=seconds) for hidden, seconds in ((4, 1), (9, 50))
    )
    setup = prepare(small_experiment(hidden=10))
    assert estimate_time(setup, [near, far]) == estimate_time(setup, [near]) != estimate_time(setup, [far])


@pytest.mark.parametrize(
    "other",
    [
        {"cell": "lstm"},
        {"task": {"name": "adding", "length": 50}},
        {"hidden": 512},
        {"dtype": "float64"},
        {"backend": "numba"},
    ],
    ids=str,
)
def test_a_run_that_is_not_alike_tells_nothing(workbook: Workbook, other: dict[str, object]) -> None:
    setup = prepare(small_experiment())
    record = ran(workbook, small_experiment(**other), seconds=1000.0)
    assert estimate_time(setup, [record]) == estimate_time(setup)


def test_a_run_that_this_version_cannot_read_tells_nothing(workbook: Workbook) -> None:
    setup = prepare(small_experiment())
    record = ran(workbook, small_experiment(), seconds=1000.0)
    older = replace(record, experiment=record.experiment.replace('"hidden"', '"units"'))
    assert estimate_time(setup, [older]) == estimate_time(setup)


def test_a_run_of_few_steps_tells_nothing(workbook: Workbook) -> None:
    setup = prepare(small_experiment())
    record = ran(workbook, small_experiment(), seconds=1000.0, step=FEWEST_STEPS - 1)
    assert estimate_time(setup, [record]) == estimate_time(setup)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"hidden": 16384, "batch": 65536, "layers": 8}, TrainingError),
        ({"task": {"name": "language-model", "path": "/there/is/none.txt"}}, TaskError),
        ({"cell": {"states": ["h"], "equations": "h = x"}, "hidden": 4}, CellError),
    ],
)
def test_what_cannot_be_trained_is_refused_as_when_it_is_started(
    values: dict[str, object], error: type[WorkbenchError]
) -> None:
    with pytest.raises(error):
        describe_needs(small_experiment(**values))
