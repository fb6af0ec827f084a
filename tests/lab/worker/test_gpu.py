"""Runs on a card that NumPy stands in for: chosen by measuring, kept, lost, too small."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.backends.cupy.installations import CARD, install_training
from tests.backends.cupy.numpy_in_place import WAY
from tests.lab.support import assert_same_numbers, ended, small_experiment, wait_until, worker
from workbench.backends.cupy.finding import Finding, Gpu
from workbench.backends.registry import processor_backend
from workbench.cells import catalogue
from workbench.lab.choices import Choice, choices_folder, keep_choice, kept_choice
from workbench.lab.errors import LabError
from workbench.lab.following import train_here
from workbench.lab.origin import Origin
from workbench.lab.running import send_command, start_run
from workbench.lab.workbook import RunRecord, Workbook

Install = Callable[..., None]
CPU = processor_backend()
FOUND = Finding(
    True, "CuPy 14.2.0, CUDA 12.9, compute capability 9.0", "", "14.2.0", "12.9", "12.8", (Gpu(CARD, 8 << 30, 90, 4),)
)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a card and its CuPy before what workers would find, with a cache of the test's own."""
    before = Path(__file__).resolve().parents[3]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def put(broken: str = "", at: int = 0) -> None:
        monkeypatch.setenv("PYTHONPATH", str(before))
        for name, value in install_training(tmp_path / "installation", broken, at).items():
            monkeypatch.setenv(name, value)
        monkeypatch.syspath_prepend(tmp_path / "installation")

    return put


def origin_of(workbook: Workbook, run: int) -> Origin:
    return Origin.from_values(workbook.runs.get(run).origin)


def said(workbook: Workbook, run: int) -> list[tuple[str, str]]:
    return [(message.level, message.text) for message in workbook.messages.read(run)]


def test_a_run_left_to_us_is_measured_on_both_once_and_says_why(workbook: Workbook, install: Install) -> None:
    install("slow")
    told: list[set[str]] = []
    for _ in range(2):
        own: set[str] = set()
        told.append(own)

        def listen(record: RunRecord, own: set[str] = own) -> None:
            own.add(record.sentence)

        run = start_run(workbook, small_experiment(backend="auto"))
        assert train_here(workbook, run, listen).status == "finished"
        origin = origin_of(workbook, run)
        assert (origin.backend, origin.device) == (CPU, "")
        assert origin.reason.startswith("CPU: ")
        assert origin.reason.endswith(" times faster for H=4, B=4.")
        assert ("info", origin.reason) in said(workbook, run)
    measuring = "Measuring this experiment on the CPU and the GPU, once."
    assert measuring in told[0]
    assert measuring not in told[1]
    plain = start_run(workbook, small_experiment(backend=CPU))
    assert train_here(workbook, plain).status == "finished"
    assert_same_numbers(workbook, run, plain)


def test_a_run_for_which_the_gpu_is_faster_is_made_with_it_and_keeps_all_that_belongs_to_it(
    workbook: Workbook, install: Install
) -> None:
    install()
    experiment = small_experiment(backend="auto")
    keep_choice(Choice("cupy", "GPU: 3.1 times faster for H=4, B=4."), experiment, catalogue()["gru"], FOUND)
    run = start_run(workbook, experiment)
    assert origin_of(workbook, run).backend == CPU
    assert train_here(workbook, run).status == "finished"
    origin = origin_of(workbook, run)
    assert (origin.backend, origin.device, origin.cupy, origin.cuda, origin.driver, origin.threads) == (
        ("cupy", CARD, "14.2.0", "12.9", "12.8", 1)
    )
    assert (origin.reason, origin.way) == ("GPU: 3.1 times faster for H=4, B=4.", WAY)


@pytest.mark.parametrize("broken", ["memory", "lost"])
def test_where_the_gpu_cannot_be_measured_the_cpu_is_taken_and_says_why(
    workbook: Workbook, install: Install, broken: str
) -> None:
    install(broken)
    run = start_run(workbook, small_experiment(backend="auto"))
    assert train_here(workbook, run).status == "finished"
    origin = origin_of(workbook, run)
    assert origin.backend == CPU
    assert origin.reason.startswith("CPU: the GPU could not be measured. The GPU")
    assert not choices_folder().exists()


def test_a_run_can_be_stopped_while_it_is_measured(workbook: Workbook, install: Install) -> None:
    install("slow")
    run = start_run(workbook, small_experiment(backend="auto"))
    with worker(workbook, run) as process:
        wait_until(lambda: workbook.runs.get(run).sentence.startswith("Measuring"), "the measuring")
        send_command(workbook, run, "stop")
        assert ended(process) == 0
    record = workbook.runs.get(run)
    assert (record.status, record.step) == ("stopped", 0)
    assert "while processor and GPU were being compared" in record.sentence


def test_a_gpu_that_disappears_leaves_a_run_that_resumes_to_the_very_numbers(
    workbook: Workbook, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("lost", at=120)
    run = start_run(workbook, small_experiment(backend="cupy"))
    record = train_here(workbook, run)
    assert record.status == "interrupted"
    assert 0 < record.step < 200
    assert record.sentence.startswith("The GPU stopped working (cudaErrorECCUncorrectable: uncorrectable ECC error")
    assert "resume the run" in record.sentence

    monkeypatch.setenv("STAND_IN_BROKEN", "device")
    monkeypatch.setenv("XDG_CACHE_HOME", str(choices_folder().parent / "another"))
    with pytest.raises(LabError, match=r"begun with the backend cupy\. .*finds no GPU.* takes a new run"):
        train_here(workbook, run)
    assert origin_of(workbook, run).backend == "cupy"

    monkeypatch.setenv("STAND_IN_BROKEN", "")
    monkeypatch.setenv("STAND_IN_TRAINING", "")
    assert train_here(workbook, run).status == "finished"
    undisturbed = start_run(workbook, small_experiment(backend="cupy"))
    assert train_here(workbook, undisturbed).status == "finished"
    assert_same_numbers(workbook, run, undisturbed)


def test_memory_of_the_gpu_that_runs_out_fails_the_run_with_what_to_lower(workbook: Workbook, install: Install) -> None:
    install("memory", at=60)
    record = train_here(workbook, start_run(workbook, small_experiment(backend="cupy")))
    assert record.status == "failed"
    assert record.sentence.startswith(
        "The GPU's memory ran out: 1.0 GiB more were asked for, and this run held 512.0 MiB. The whole training needs"
    )
    assert "Lower batch, hidden or layers" in record.sentence
    assert workbook.checkpoints.latest(record.id) is not None


def test_the_reason_compares_what_was_measured() -> None:
    experiment = small_experiment(hidden=256, batch=64)
    assert Choice.between(experiment, 0.31, 0.1) == Choice("cupy", "GPU: 3.1 times faster for H=256, B=64.")
    assert Choice.between(experiment, 0.1, 0.24) == Choice(CPU, "CPU: 2.4 times faster for H=256, B=64.")
    assert Choice.between(experiment, 5.0, 0.1).reason == "GPU: 50 times faster for H=256, B=64."
    assert Choice.between(experiment, 1.02, 1.0) == Choice(CPU, "CPU: as fast as the GPU for H=256, B=64.")


def test_a_choice_is_kept_for_the_very_conditions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    experiment, cell = small_experiment(backend="auto"), catalogue()["gru"]
    choice = Choice("cupy", "GPU: 2.0 times faster for H=4, B=4.")
    assert kept_choice(experiment, cell, FOUND) is None
    keep_choice(choice, experiment, cell, FOUND)
    assert kept_choice(experiment.changed({"seed": 7, "steps": 9, "name": "x"}), cell, FOUND) == choice
    for change in ({"hidden": 5}, {"batch": 5}, {"dtype": "float64"}, {"task.length": 6}, {"layers": 2}):
        assert kept_choice(experiment.changed(change), cell, FOUND) is None
    assert kept_choice(experiment, catalogue()["lstm"], FOUND) is None
    another = Finding(**{**FOUND.values(), "gpus": FOUND.gpus, "driver": "13.0"})
    assert kept_choice(experiment, cell, another) is None


@pytest.mark.parametrize(
    "damage",
    ["", "[]", "{}", '{"backend": "cupy"}', '{"backend": "abacus", "reason": "x"}', '{"backend": 1, "reason": 2}'],
)
def test_a_damaged_choice_is_as_good_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    experiment, cell = small_experiment(backend="auto"), catalogue()["gru"]
    keep_choice(Choice("cupy", "GPU: 2.0 times faster for H=4, B=4."), experiment, cell, FOUND)
    (file,) = choices_folder().iterdir()
    file.write_text(damage)
    assert kept_choice(experiment, cell, FOUND) is None
