"""Starting runs: what is checked and what is kept before anything is trained."""

import platform

import numpy as np
import pytest

import workbench
from tests.lab.support import small_experiment
from workbench.backends import BackendError
from workbench.backends.numba.threads import VARIABLE
from workbench.lab import origin
from workbench.lab.errors import LabError, RunNotActive
from workbench.lab.machine import available_memory, thread_environment, usable_cores
from workbench.lab.running import cell_of, experiment_of, launch_worker, send_command, start_run
from workbench.lab.workbook import Workbook
from workbench.training.errors import TrainingError


def test_a_run_keeps_what_defines_it(workbook: Workbook) -> None:
    experiment = small_experiment(threads=2, task={"name": "language-model", "length": 8})

    record = workbook.runs.get(start_run(workbook, experiment))

    assert experiment_of(record) == experiment
    assert cell_of(record).equations == experiment.build_cell().equations
    assert record.name == "gru 4, language-model"
    kept = origin.Origin.from_values(record.origin)
    assert (kept.program, kept.python, kept.numpy) == (
        workbench.__version__,
        platform.python_version(),
        np.__version__,
    )
    assert (kept.backend, kept.threads, kept.task, kept.task_version) == ("numpy", 2, "language-model", 1)
    assert all(len(digest) == 64 for digest in kept.data.values())
    assert kept.parameters > 0


def test_a_cell_of_ones_own_is_kept_as_text(workbook: Workbook) -> None:
    cell = {"states": ["h"], "equations": "h = tanh(W @ h + U @ x + b)", "init": {"W": "orthogonal(1.0)"}}

    record = workbook.runs.get(start_run(workbook, small_experiment(cell=cell)))

    assert cell_of(record).init == {"W": "orthogonal(1.0)"}


def test_what_cannot_fit_into_memory_is_refused_with_numbers_and_what_to_lower(workbook: Workbook) -> None:
    with pytest.raises(TrainingError, match=r"needs [\d.,]+ TiB .* parameters\), but .* are free.*Lower"):
        start_run(workbook, small_experiment(hidden=16384, batch=65536, task={"name": "adding", "length": 10000}))
    assert workbook.runs.all() == ()


def test_what_does_not_fit_together_is_refused(workbook: Workbook) -> None:
    with pytest.raises(TrainingError, match="embedding = 0"):
        start_run(workbook, small_experiment(embedding=8))


def test_a_gpu_asked_for_by_name_and_missing_is_refused_with_what_is_missing(
    workbook: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    with pytest.raises(BackendError, match=r"The GPU cannot be used: .* choose the backend auto, numba or numpy"):
        start_run(workbook, small_experiment(backend="cupy"))
    assert workbook.runs.all() == ()


def test_commands_that_make_no_sense_are_refused(workbook: Workbook) -> None:
    run = start_run(workbook, small_experiment())

    with pytest.raises(LabError, match="There is no command 'jump'"):
        send_command(workbook, run, "jump")  # type: ignore[arg-type]
    for value in (None, 0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(LabError, match="is not a positive number"):
            send_command(workbook, run, "learning_rate", value)
    for value in (None, -1.0, 0.5, 16.0, float("nan"), float("inf")):
        with pytest.raises(LabError, match="The probe has sequences 0 to 15"):
            send_command(workbook, run, "sequence", value)
    with pytest.raises(RunNotActive, match="Run 1 is idle"):
        send_command(workbook, run, "pause")
    with pytest.raises(RunNotActive, match="Run 1 is idle"):
        send_command(workbook, run, "sequence", 15.0)


def test_a_learning_rate_can_be_left_for_a_run_that_will_go_on(workbook: Workbook) -> None:
    run = start_run(workbook, small_experiment())

    send_command(workbook, run, "learning_rate", 0.5)

    assert [command.value for command in workbook.commands.pending(run)] == [0.5]


def test_a_run_in_the_trash_is_not_trained(workbook: Workbook) -> None:
    run = start_run(workbook, small_experiment())
    workbook.runs.trash(run)

    with pytest.raises(LabError, match="in the trash"):
        launch_worker(workbook, run)


def test_libraries_are_held_to_the_thread_count() -> None:
    assert thread_environment(3)["OPENBLAS_NUM_THREADS"] == "3"
    assert thread_environment(3)["OMP_NUM_THREADS"] == "3"


def test_compiled_programs_have_the_threads_that_libraries_have_not() -> None:
    held = thread_environment(3, "numba")
    assert (held[VARIABLE], held["OPENBLAS_NUM_THREADS"], held["OMP_NUM_THREADS"]) == ("3", "1", "1")


def test_the_machine_knows_its_memory_and_cores() -> None:
    assert available_memory() > 1 << 20
    assert usable_cores() >= 1


@pytest.mark.parametrize("name", ["program", "python", "numpy", "numba", "machine"])
def test_other_conditions_are_named(workbook: Workbook, name: str) -> None:
    values = dict(workbook.runs.get(start_run(workbook, small_experiment())).origin)
    then, now = origin.Origin.from_values({**values, name: "old"}), origin.Origin.from_values(values)

    assert then.differences(now) == [f"{name} old, now {values[name]}"]


def test_small_networks_get_one_thread_and_large_ones_no_more_than_they_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(origin, "usable_cores", lambda: 64)

    assert origin.choose_threads(17_000) == 1
    assert origin.choose_threads(5_000_000) == 8
    assert origin.choose_threads(17_000, "numba") == 8


def test_a_run_of_an_earlier_version_knows_no_numba(workbook: Workbook) -> None:
    values = dict(workbook.runs.get(start_run(workbook, small_experiment())).origin)
    del values["numba"]
    assert origin.Origin.from_values(values).differences(origin.Origin.from_values(values)) == []
