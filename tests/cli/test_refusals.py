"""What is asked for wrongly gets a sentence, exit status 2, and loses nothing."""

import re
from pathlib import Path

import pytest

from tests.cli.support import Terminal

JPEG = bytes.fromhex("ffd8ffe000104a46494600010101004800480000") * 100


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("hidden=0", "hidden: must be at least 1"),
        ("hidden=1000000000", "hidden: must be at most"),
        ("learning_rate=nan", "learning_rate: "),
        ("learning_rate=-1", "learning_rate: must be above 0"),
        ("task.length=0", "task.length: must be"),
        ("hiden=3", "hidden"),
        ("task.name=sums", "adding"),
        ("cell=lsmt", "lstm"),
        ("hidden", "write KEY=VALUE"),
    ],
)
def test_a_wrong_setting_names_its_field_and_the_reason(
    terminal: Terminal, book: Path, setting: str, sentence: str
) -> None:
    said = terminal("run", "adding-lstm", "--set", setting, "--workbook", book)
    assert said.status == 2
    assert sentence in said.err
    assert not book.exists()


def test_what_cannot_fit_into_memory_is_refused_with_the_numbers_and_what_to_lower(
    terminal: Terminal, book: Path
) -> None:
    huge = ("--set", "hidden=16384", "--set", "batch=65536", "--set", "layers=8")
    said = terminal("run", "adding-lstm", *huge, "--workbook", book)
    assert said.status == 2
    assert "GiB" in said.err
    assert "batch" in said.err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"hidden = ", "not valid TOML"),
        (b"", "cell"),
        (b'cell = "lstm"\nflavour = "sweet"\n[task]\nname = "adding"\n', "flavour"),
        (b'cell = "lstm"\n[task]\nname = "adding"\nspeed = 3\n', "speed"),
        (JPEG, "not a text file"),
    ],
)
def test_a_wrong_experiment_file_gets_a_sentence(
    terminal: Terminal, tmp_path: Path, book: Path, text: bytes, sentence: str
) -> None:
    file = tmp_path / "experiment.toml"
    file.write_bytes(text)
    said = terminal("run", file, "--workbook", book)
    assert said.status == 2
    assert sentence in said.err
    assert file.read_bytes() == text


@pytest.mark.parametrize(
    ("contents", "sentence"),
    [(b"", "empty"), (bytes(range(256)) * 50, "text"), (b"too short", "give a longer text")],
)
def test_a_text_file_that_cannot_be_learned_gets_a_sentence_before_a_run_begins(
    terminal: Terminal, tmp_path: Path, book: Path, contents: bytes, sentence: str
) -> None:
    text = tmp_path / "text.txt"
    text.write_bytes(contents)
    said = terminal("run", "language-model-lstm", "--set", f"task.path={text}", "--workbook", book)
    assert said.status == 2
    assert sentence in said.err
    assert text.read_bytes() == contents


def test_obeying_what_is_said_of_an_encoding_reads_the_file(terminal: Terminal, tmp_path: Path, book: Path) -> None:
    text = tmp_path / "latin.txt"
    text.write_bytes("Déjà vu, encore une fois.\n".encode("latin-1") * 400)
    start = "run", "language-model-lstm", "--set", f"task.path={text}", "--workbook", book
    said = terminal(*start)
    (field,) = re.findall(r"Set (\S+) to one of", said.err)
    small = ["--set", "hidden=4", "--set", "task.length=8", "--set", "batch=2", "--steps", 2]
    assert terminal(*start, "--set", f"{field}=latin-1", *small, "--backend", "numpy").status == 0


def test_a_text_of_more_than_a_gigabyte_is_refused_unread(terminal: Terminal, tmp_path: Path, book: Path) -> None:
    text = tmp_path / "huge.txt"
    with text.open("wb") as file:
        file.truncate(2**30 + 1)
    said = terminal("run", "language-model-lstm", "--set", f"task.path={text}", "--workbook", book)
    assert (said.status, "the limit is 1.0 GiB" in said.err) == (2, True)


def test_a_csv_without_the_column_lists_the_columns_there_are(terminal: Terminal, tmp_path: Path, book: Path) -> None:
    table = tmp_path / "reviews.csv"
    table.write_text("review,stars\ngood,1\nbad,0\n")
    said = terminal("run", "sentiment-lstm", "--set", f"task.path={table}", "--workbook", book)
    assert said.status == 2
    assert "review" in said.err
    assert "stars" in said.err


def test_an_unknown_preset_lists_the_presets(terminal: Terminal) -> None:
    said = terminal("run", "adding-lsmt")
    assert said.status == 2
    assert "did you mean adding-lstm?" in said.err


@pytest.mark.parametrize("command", [("runs",), ("resume", 1), ("pause", 1)])
def test_a_picture_is_no_workbook_and_stays_as_it_was(
    terminal: Terminal, tmp_path: Path, command: tuple[object, ...]
) -> None:
    picture = tmp_path / "holiday.rnnw"
    picture.write_bytes(JPEG)
    said = terminal(command[0], picture, *command[1:])
    assert said.status == 2
    assert "not a workbook" in said.err
    assert picture.read_bytes() == JPEG
    assert list(tmp_path.iterdir()) == [picture]


def test_a_workbook_that_is_not_there_is_not_made(terminal: Terminal, book: Path) -> None:
    assert terminal("runs", book).status == 2
    assert not book.exists()


def test_a_workbook_in_a_folder_that_is_not_there_names_the_folder(terminal: Terminal, tmp_path: Path) -> None:
    said = terminal("run", "adding-lstm", "--workbook", tmp_path / "nowhere" / "book.rnnw")
    assert said.status == 2
    assert f"There is no folder {tmp_path / 'nowhere'}" in said.err


def test_a_run_number_beyond_all_numbers_is_wrong(terminal: Terminal, book: Path) -> None:
    assert terminal("resume", book, 10**30).status == 2


def test_a_name_that_is_too_long_for_a_file_gets_a_sentence(terminal: Terminal, tmp_path: Path) -> None:
    said = terminal("run", "x" * 300 + ".toml")
    assert said.status == 2
    assert "too long" in said.err


@pytest.mark.parametrize("text", ["hidden = " + "9" * 5000, "hidden = " + "[" * 5000])
def test_numbers_and_brackets_without_end_get_a_sentence(
    terminal: Terminal, tmp_path: Path, book: Path, text: str
) -> None:
    file = tmp_path / "endless.toml"
    file.write_text(text)
    said = terminal("run", file, "--workbook", book)
    assert said.status == 2
    assert "not valid TOML" in said.err


def test_an_experiment_that_is_refused_leaves_no_workbook(terminal: Terminal, book: Path) -> None:
    said = terminal("run", "adding-lstm", "--set", "hidden=16384", "--set", "batch=65536", "--workbook", book)
    assert said.status == 2
    assert not book.exists()


def test_a_field_that_is_not_there_lists_those_that_are(terminal: Terminal, book: Path) -> None:
    said = terminal("run", "copy-gru", "--set", "task.foo=1", "--workbook", book)
    assert said.status == 2
    assert "there are name, delay, test_delay, count, alphabet" in said.err


def test_an_unknown_run_gets_a_sentence(terminal: Terminal, book: Path) -> None:
    terminal("run", "adding-elman", "--set", "task.length=3", "--steps", 1, "--workbook", book)
    said = terminal("resume", book, 7)
    assert (said.status, "There is no run 7" in said.err) == (2, True)


def test_steering_a_run_that_nobody_trains_gets_a_sentence(terminal: Terminal, book: Path) -> None:
    terminal("run", "adding-elman", "--set", "task.length=3", "--steps", 1, "--workbook", book)
    said = terminal("pause", book, 1)
    assert said.status == 2
    assert "nobody is training it" in said.err


def test_a_finished_run_is_not_resumed(terminal: Terminal, book: Path) -> None:
    terminal("run", "adding-elman", "--set", "task.length=3", "--steps", 1, "--workbook", book)
    said = terminal("resume", book, 1)
    assert said.status == 2
    assert "finished" in said.err


def test_a_backend_that_is_not_there_gets_a_sentence(
    terminal: Terminal, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    said = terminal("run", "adding-lstm", "--backend", "cupy", "--workbook", book)
    assert said.status == 2
    assert "numpy" in said.err


def test_a_word_that_is_no_command_lists_the_commands(terminal: Terminal) -> None:
    said = terminal("trian")
    assert said.status == 2
    assert "run, resume" in said.err


def test_an_error_is_json_too_when_json_was_asked_for(terminal: Terminal) -> None:
    said = terminal("run", "nothing-like-it", "--json")
    assert said.status == 2
    assert "nothing-like-it" in said.json["error"]
