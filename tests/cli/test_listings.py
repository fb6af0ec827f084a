"""What there is: cells, tasks, presets, devices, and the check of a cell."""

import json
import re
import sys
from pathlib import Path

import pytest

from tests.cli.support import Terminal, in_a_process
from workbench.backends.installed import numba_version

CELLS = {"elman", "feedforward", "gated", "gru", "lru", "lstm", "lstm-peephole", "reservoir", "slstm"}
TASKS = {"adding", "copy", "digits", "language-model", "sentiment"}
PRESETS = {
    "adding-elman",
    "adding-lstm",
    "copy-gru",
    "digits-gated",
    "language-model-lstm",
    "sentiment-lstm",
    "window-feedforward",
}


@pytest.mark.parametrize(("command", "names"), [("cells", CELLS), ("tasks", TASKS), ("presets", PRESETS)])
def test_a_listing_names_all_there_is(terminal: Terminal, command: str, names: set[str]) -> None:
    said = terminal(command, "--json")
    assert said.status == 0
    assert names <= {row["name"] for row in said.json[command]}
    plain = terminal(command)
    assert all(name in plain.out for name in names)


def test_cells_say_their_states_and_stages(terminal: Terminal) -> None:
    cells = {row["name"]: row for row in terminal("cells", "--json").json["cells"]}
    assert (cells["lstm"]["states"], cells["lstm"]["stages"]) == (["h", "c"], 1)
    assert cells["gru-reset-before"]["stages"] == 2
    assert cells["feedforward"]["stages"] == 0


def test_cells_are_counted_for_the_sizes_asked_for(terminal: Terminal) -> None:
    said = terminal("cells", "--hidden", 10, "--inputs", 3, "--json")
    cells = {row["name"]: row for row in said.json["cells"]}
    assert (cells["elman"]["learnt"], cells["elman"]["shapes"]["W_sx"]) == (10 * (10 + 3 + 1), [10, 3])
    assert "a layer of 10 units with 3 inputs" in terminal("cells", "--hidden", 10, "--inputs", 3).out


def test_cells_say_what_the_backward_pass_needs(terminal: Terminal) -> None:
    cells = {row["name"]: row for row in terminal("cells", "--json").json["cells"]}
    assert (cells["lstm"]["saved"], cells["lstm"]["saved_unnamed"], cells["lstm"]["kept"]) == (["f", "i", "o"], 2, 7)


def test_sizes_that_no_cell_has_are_refused(terminal: Terminal) -> None:
    said = terminal("cells", "--hidden", 0)
    assert said.status == 2
    assert "inputs and hidden are at least 1" in said.err


def test_devices_say_what_computes_here_and_with_how_many_cores(terminal: Terminal) -> None:
    devices = {device["backend"]: device for device in terminal("devices", "--json").json["devices"]}
    assert (devices["numpy"]["name"], devices["numpy"]["available"]) == ("CPU, NumPy", True)
    assert (devices["numba"]["name"], devices["numba"]["available"]) == ("CPU, compiled", True)
    assert re.fullmatch(rf"Numba {re.escape(numba_version())}, [\w-]+, \d+ cores?", devices["numba"]["about"])


def test_devices_say_how_to_install_what_is_missing(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    devices = {device["backend"]: device for device in terminal("devices", "--json").json["devices"]}
    assert devices["numpy"]["available"]
    assert not devices["numba"]["available"]
    assert "pip install numba" in devices["numba"]["about"]


@pytest.fixture
def new_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a cell that was never compiled, and shall not stay so in the user's cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    file = tmp_path / "new.toml"
    file.write_text('title = "New"\nstates = ["s"]\nequations = "s = 0.8421 * s + 0.1579 * tanh(W @ s + U @ x)"\n')
    return file


def test_cells_are_compiled_ahead_and_only_once(terminal: Terminal, new_cell: Path) -> None:
    said = terminal("cells", "--compile", new_cell, "--json")
    assert said.status == 0
    assert (said.json["compiled"], said.json["ready"], said.json["failed"]) == (1, 0, 0)
    assert "New" in said.err
    again = terminal("cells", "--compile", new_cell)
    assert again.out == "0 compiled, 1 ready before (float32).\n"


def test_cells_cannot_be_compiled_without_numba(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    said = terminal("cells", "--compile", "gru")
    assert said.status == 2
    assert "pip install numba" in said.err


def test_a_cell_that_cannot_be_compiled_is_said_to_have_failed(
    terminal: Terminal, new_cell: Path, tmp_path: Path
) -> None:
    package = tmp_path / "broken" / "numba"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError('a broken copy')")
    process = in_a_process(("cells", "--compile", new_cell, "--dtype", "float64", "--json"), before=package.parent)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert (json.loads(out)["failed"], json.loads(out)["dtype"]) == (1, "float64")
    (cell,) = json.loads(out)["cells"]
    assert (cell["name"], cell["compiled"], cell["ready"]) == ("new", False, False)
    assert "a broken copy" in cell["error"]


def test_check_passes_for_a_cell_file_and_shows_the_errors(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "leaky.toml"
    file.write_text('states = ["s"]\nequations = "s = 0.9 * s + 0.1 * tanh(W @ s + U @ x)"\n')
    said = terminal("check", file, "--json")
    assert (said.status, said.json["passed"], said.json["cell"]) == (0, True, "leaky")
    assert said.json["oracle_error"] < 1e-9
    assert said.json["directional_error"] < 1e-5
    assert "The gradient is right. Checked with the backend numpy, in float64." in terminal("check", file).out


def test_check_holds_the_values_of_mod_whose_gradient_is_0_by_definition(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "modular.toml"
    file.write_text('states = ["s"]\nequations = "s = tanh(U @ s) + mod(W @ x, 3)"\n')
    assert terminal("check", file).status == 0


def test_check_points_at_what_is_wrong_in_a_cell_file(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text('states = ["s"]\nequations = "s = tanhh(W @ s)"\n')
    said = terminal("check", file)
    assert said.status == 2
    assert "line 1, column 5" in said.err
    assert "did you mean tanh?" in said.err


def test_check_says_when_a_cell_gives_no_finite_values(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('states = ["s"]\nequations = "s = log(0 - abs(W @ s) - 1)"\n')
    said = terminal("check", file)
    assert said.status == 2
    assert "not finite" in said.err


def test_without_a_display_it_says_how_to_train_from_here(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)
    said = terminal()
    assert said.status == 2
    assert "rnn-workbench run adding-lstm" in said.err
