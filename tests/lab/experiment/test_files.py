"""Experiments as files, settings on the command line, presets."""

import math
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.support import small_experiment
from workbench.lab.errors import ExperimentError
from workbench.lab.experiment import (
    Experiment,
    apply_settings,
    dump_experiment,
    dump_toml,
    load_experiment,
    preset_names,
    presets,
    save_experiment,
)

TEXT = """
name = "LSTM remembers: adding problem"
cell = "lstm"
hidden = 32
learning_rate = 0.002

[task]
name = "adding"
length = 50
"""
OWN_CELL = """
[cell]
states = ["h"]
equations = '''
g = sigmoid(W_g @ h + U_g @ x)
h = (1 - g) * h + g * tanh(U @ x)
'''
[cell.init]
W_g = "orthogonal(1.0)"
[task]
name = "adding"
"""
TOML_NAMES = st.text(min_size=1, max_size=8)
TOML_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TOML_VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), TOML_TEXT),
    lambda inner: st.one_of(
        st.lists(inner.filter(lambda value: not isinstance(value, dict)), max_size=3),
        st.dictionaries(TOML_TEXT, inner, max_size=3),
    ),
    max_leaves=8,
)


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "experiment.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_file_gives_its_experiment(tmp_path: Path) -> None:
    experiment = load_experiment(written(tmp_path, TEXT))

    assert (experiment.cell, experiment.hidden, experiment.learning_rate) == ("lstm", 32, 0.002)
    assert experiment.task.model_dump() == {"name": "adding", "length": 50, "test_length": 0}


@pytest.mark.parametrize("text", [TEXT, OWN_CELL])
def test_an_experiment_written_to_a_file_comes_back(tmp_path: Path, text: str) -> None:
    experiment = load_experiment(written(tmp_path, text))
    save_experiment(experiment, tmp_path / "again.toml")

    assert load_experiment(tmp_path / "again.toml") == experiment


@given(st.dictionaries(TOML_TEXT, TOML_VALUES, max_size=4))
def test_toml_reads_back_as_it_was_written(values: dict[str, object]) -> None:
    assert tomllib.loads(dump_toml(values)) == values


def test_toml_keeps_infinite_numbers() -> None:
    assert tomllib.loads(dump_toml({"a": math.inf, "b": -math.inf})) == {"a": math.inf, "b": -math.inf}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("hidden = = 3", "is not valid TOML: Invalid value (at line 1"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "is not a text file"),
        (b"# " + b"x" * 1_000_001, "larger than 1,000,000 bytes"),
        ('cell = "lstm"\nhidden = 0\n[task]\nname = "adding"\n', "hidden: must be at least 1"),
        ("", "cell: is missing"),
    ],
)
def test_an_unfit_file_gets_a_sentence(tmp_path: Path, content: str | bytes, sentence: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        load_experiment(written(tmp_path, content))
    assert sentence in str(caught.value)


def test_a_file_that_is_not_there_or_a_folder_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="cannot be read: No such file"):
        load_experiment(tmp_path / "nowhere.toml")
    with pytest.raises(ExperimentError, match="cannot be read"):
        load_experiment(tmp_path)


def test_a_relative_path_of_a_task_is_relative_to_its_file(tmp_path: Path) -> None:
    path = written(tmp_path, 'cell = "gru"\n[task]\nname = "language-model"\npath = "text.txt"\n')

    assert load_experiment(path).task.model_dump()["path"] == str(tmp_path / "text.txt")


def test_settings_change_fields() -> None:
    experiment = apply_settings(
        presets()["adding-lstm"],
        ["hidden=8", "task.length = 20", "learning_rate=1", "cell=gru", "name=My net"],
    )

    assert (experiment.hidden, experiment.learning_rate, experiment.cell) == (8, 1.0, "gru")
    assert experiment.name == "My net"
    assert experiment.task.model_dump()["length"] == 20


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("hidden", "is no setting; write KEY=VALUE"),
        ("=3", "is no setting; write KEY=VALUE"),
        ("hiden=3", "hiden: there is no such field; did you mean hidden?"),
        ("hidden=0", "hidden: must be at least 1"),
        ("learning_rate=nan", "learning_rate: must be a finite number"),
        ("task.length=many", "task.length: must be"),
    ],
)
def test_a_wrong_setting_gets_a_sentence(setting: str, sentence: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        apply_settings(presets()["adding-lstm"], [setting])
    assert sentence in str(caught.value)


@pytest.mark.parametrize("setting", ["cell=gru", "hidden=128", "task.name=copy", "layers=2"])
def test_a_preset_changed_in_what_its_title_speaks_of_loses_the_title(setting: str) -> None:
    changed = apply_settings(load_experiment("adding-lstm"), [setting])
    assert changed.label == f"{changed.cell_name} {changed.hidden}, {changed.task.name}"


def test_a_preset_without_its_attention_loses_the_title_that_speaks_of_it() -> None:
    preset = load_experiment("translate-attention")
    assert apply_settings(preset, ["attention=true"]).name == preset.name
    assert apply_settings(preset, ["attention=false"]).name == ""


@pytest.mark.parametrize("settings", [["steps=5"], ["hidden=64"], ["task.length=7"]])
def test_a_preset_changed_elsewhere_keeps_its_title(settings: list[str]) -> None:
    assert apply_settings(load_experiment("adding-lstm"), settings).name == "LSTM remembers: adding problem"


def test_a_name_of_ones_own_stays() -> None:
    own = small_experiment(name="mine")
    assert apply_settings(own, ["hidden=128"]).name == "mine"
    assert apply_settings(load_experiment("adding-lstm"), ["hidden=128", "name=mine"]).name == "mine"


def test_the_presets_that_are_promised_are_there() -> None:
    assert set(preset_names()) >= {
        "adding-lstm",
        "adding-elman",
        "digits-gated",
        "language-model-lstm",
        "sentiment-lstm",
        "copy-gru",
        "window-feedforward",
    }


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_loads_has_a_name_and_keeps_its_values(name: str) -> None:
    preset = load_experiment(name)

    assert preset.name
    assert Experiment(**tomllib.loads(dump_experiment(preset))) == preset


def test_the_adding_presets_differ_in_their_cell_alone() -> None:
    lstm, elman = presets()["adding-lstm"].values(), presets()["adding-elman"].values()

    assert {field for field in lstm if lstm[field] != elman[field]} == {"name", "cell"}
    assert lstm["task"] == {"name": "adding", "length": 100, "test_length": 0}


def test_an_unknown_preset_is_answered_with_the_nearest() -> None:
    with pytest.raises(ExperimentError, match="did you mean adding-lstm"):
        load_experiment("adding-lstn")


def test_a_name_near_to_none_is_answered_with_sentences() -> None:
    with pytest.raises(ExperimentError, match=r"no file 'qqqq'\. The presets are add"):
        load_experiment("qqqq")


def test_a_tasks_name_is_answered_with_its_presets_or_how_to_choose_the_task() -> None:
    with pytest.raises(ExperimentError, match=r"'adding' is a task, not a preset: run .*adding-elman or adding-lstm"):
        load_experiment("adding")
    with pytest.raises(
        ExperimentError, match=r"'series' is a task, not a preset: run adding-lstm --set task.name=series"
    ):
        load_experiment("series")
