"""Training, resuming and steering runs from the command line."""

import re
from pathlib import Path

import numpy as np
import pytest

from tests.cli.support import QUICK, Terminal, in_a_process, press_ctrl_c
from tests.lab.support import assert_same_numbers, wait_until
from workbench.lab.running import cell_of
from workbench.lab.workbook import open_workbook


def test_run_trains_a_preset_and_prints_its_result_as_json_last(terminal: Terminal, book: Path) -> None:
    said = terminal("run", "adding-lstm", *QUICK, "--steps", 20, "--workbook", book, "--json")
    assert said.status == 0
    result = said.json
    assert (result["run"], result["status"], result["step"], result["backend"]) == (1, "finished", 20, "numpy")
    assert result["name"] == "lstm 4, adding"
    assert np.isfinite([result["loss"], result["validation_loss"], result["seconds"]]).all()
    assert set(result["metrics"]) >= {"mse"}


def test_run_shows_a_bar_with_loss_speed_and_time_left_on_the_error_stream(terminal: Terminal, book: Path) -> None:
    said = terminal("run", "adding-lstm", *QUICK, "--steps", 20, "--workbook", book)
    last = said.err.replace("\r", "\n").strip().splitlines()[-1]
    assert "20/20" in last
    assert re.search(r"loss \d+\.\d+", last)
    assert "steps/s" in last
    assert last.endswith("left")


def test_run_says_what_it_compiles_on_the_error_stream(
    terminal: Terminal, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    said = terminal("run", "adding-elman", *QUICK, "--backend", "auto", "--steps", 20, "--workbook", book, "--json")
    assert (said.status, said.json["backend"]) == (0, "numba")
    assert said.err.count("Compiling Elman, once per cell.") == 1


def test_run_says_why_it_goes_on_with_numpy(
    terminal: Terminal, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "broken" / "numba"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError('a broken copy')")
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    said = terminal("run", "adding-elman", *QUICK, "--backend", "auto", "--steps", 20, "--workbook", book, "--json")
    assert (said.status, said.json["backend"]) == (0, "numpy")
    assert "(a broken copy)" in said.err
    assert "This run is trained with NumPy." in said.err


def test_run_ends_with_the_scores_of_each_length_tested_on_one_line(terminal: Terminal, book: Path) -> None:
    chosen = ["--set", "task.name=parity", "--set", "task.length=5", "--set", "task.test_length=10"]
    said = terminal("run", "adding-lstm", *QUICK, *chosen, "--steps", 20, "--workbook", book, "--json")
    lengths = [name.removeprefix("accuracy at length ") for name in said.json["metrics"] if " at length " in name]
    said = terminal("run", "adding-lstm", *QUICK, *chosen, "--steps", 20, "--workbook", book)
    line = next(line for line in said.out.splitlines() if line.startswith("by length"))
    assert re.findall(r"(\d+): [01]\.?\d*", line) == sorted(lengths, key=int)
    assert "at length" not in said.out


def test_run_ends_with_the_loss_beside_its_baselines_and_where_it_is_kept(terminal: Terminal, book: Path) -> None:
    said = terminal("run", "adding-lstm", *QUICK, "--steps", 20, "--workbook", book)
    assert re.search(r"held out   loss \S+, within 0.04 \S+\n", said.out)  # the mse is the loss
    assert "baseline   always 1: loss 0.1667" in said.out
    assert f"kept as run 1 in {book}" in said.out


def test_run_takes_a_file_with_a_cell_of_ones_own(terminal: Terminal, tmp_path: Path, book: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'name = "mine"\nhidden = 5\nsteps = 5\n[task]\nname = "adding"\nlength = 6\n'
        '[cell]\nstates = ["s"]\nequations = "s = tanh(W_ss @ s + W_sx @ x + b_s)"\n'
    )
    said = terminal("run", file, "--workbook", book, "--json")
    assert (said.status, said.json["name"], said.json["step"]) == (0, "mine", 5)


def test_run_takes_a_cell_file_in_place_of_a_cells_name(terminal: Terminal, tmp_path: Path, book: Path) -> None:
    file = tmp_path / "leaky.toml"
    file.write_text('title = "Leaky"\nstates = ["s"]\nequations = "s = 0.9 * s + 0.1 * tanh(W @ s + U @ x)"\n')
    said = terminal("run", "adding-lstm", *QUICK, "--set", f"cell={file}", "--steps", 5, "--workbook", book, "--json")
    assert (said.status, said.json["step"]) == (0, 5)
    file.unlink()
    with open_workbook(book) as workbook:
        assert cell_of(workbook.runs.get(1)).title == "Leaky"


def test_steps_on_the_command_line_count_before_the_settings_are_judged(terminal: Terminal, book: Path) -> None:
    said = terminal(
        "run",
        "adding-lstm",
        *QUICK,
        "--set",
        "warmup=4000",
        "--steps",
        5000,
        "--set",
        "clip_norm=oops",
        "--workbook",
        book,
    )
    assert said.status == 2
    assert "warmup" not in said.err


def test_run_without_a_workbook_keeps_it_in_the_users_data_folder(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_data_path", lambda *names, **settings: tmp_path)
    terminal("run", "adding-elman", *QUICK, "--steps", 2)
    said = terminal("runs", tmp_path / "runs.rnnw", "--json")
    assert [run["step"] for run in said.json["runs"]] == [2]


def test_a_run_that_diverges_exits_with_1_and_says_what_to_try(terminal: Terminal, book: Path) -> None:
    wild = ("--set", "optimizer=sgd", "--set", "learning_rate=1000", "--set", "clip_norm=0", "--set", "cell=irnn")
    said = terminal("run", "adding-elman", *QUICK, *wild, "--steps", 500, "--workbook", book, "--json")
    assert said.status == 1
    assert said.json["status"] == "failed"
    assert "diverged at step" in said.json["sentence"]
    assert "Lower the learning rate" in said.json["sentence"]


def test_ctrl_c_stops_a_run_with_a_checkpoint_and_resume_ends_as_if_nothing_had_been(
    terminal: Terminal, book: Path
) -> None:
    words = ("run", "adding-elman", *QUICK, "--steps", 4000, "--workbook", book)
    process = in_a_process(words)
    with open_workbook(book, create=True) as workbook:
        wait_until(lambda: any(record.step > 50 for record in workbook.runs.all()), "the run to get going")
        terminal("pause", book, 1)
        wait_until(lambda: workbook.runs.get(1).status == "paused", "the pause")
    said = press_ctrl_c(process)
    assert said.status == 0
    assert "stopped at step" in said.out
    resumed = terminal("resume", book, 1, "--json")
    assert (resumed.status, resumed.json["status"], resumed.json["step"]) == (0, "finished", 4000)
    terminal(*words)
    with open_workbook(book) as workbook:
        assert_same_numbers(workbook, 1, 2)


def test_a_run_is_paused_let_go_on_and_stopped_from_another_terminal(terminal: Terminal, book: Path) -> None:
    process = in_a_process(("run", "adding-elman", *QUICK, "--steps", 10**7, "--workbook", book))
    try:
        with open_workbook(book, create=True) as workbook:
            wait_until(lambda: any(record.step > 0 for record in workbook.runs.all()), "the run to get going")

            def status() -> str:
                return workbook.runs.get(1).status

            assert terminal("pause", book, 1).status == 0
            wait_until(lambda: status() == "paused", "the pause")
            assert terminal("go", book, 1).status == 0
            wait_until(lambda: status() == "running", "the run to go on")
            assert terminal("stop", book, 1).status == 0
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert "stopped at step" in out


def test_runs_lists_every_run_of_a_workbook(terminal: Terminal, book: Path) -> None:
    for preset in ("adding-lstm", "adding-elman"):
        terminal("run", preset, *QUICK, "--steps", 3, "--workbook", book)
    said = terminal("runs", book, "--json")
    assert [run["name"] for run in said.json["runs"]] == [
        "lstm 4, adding",
        "elman 4, adding",
    ]
    assert "elman 4" in terminal("runs", book).out


def test_a_text_file_of_the_users_trains_the_language_model(terminal: Terminal, tmp_path: Path, book: Path) -> None:
    text = tmp_path / "poem.txt"
    text.write_text("the rose is red, the violet's blue, the honey's sweet, and so are you. " * 200)
    settings = ("--set", f"task.path={text}", "--set", "hidden=8", "--set", "batch=4", "--set", "task.length=10")
    said = terminal("run", "language-model-lstm", *settings, "--steps", 10, "--workbook", book, "--json")
    assert (said.status, said.json["step"]) == (0, 10)


def test_settings_without_effect_are_named_on_the_error_stream(terminal: Terminal, book: Path) -> None:
    chosen = ["--set", "attention=true", "--set", "beam=4"]
    said = terminal("run", "adding-lstm", *QUICK, *chosen, "--steps", 20, "--workbook", book, "--json")
    assert said.json["status"] == "finished"
    assert "attention and beam have no effect on adding.\n" in said.err
    said = terminal("run", "adding-lstm", *QUICK, "--steps", 20, "--workbook", book)
    assert "no effect" not in said.err
