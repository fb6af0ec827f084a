"""What a file is taken for, and which of its columns is what."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.gui.dialogs.own_data.support import arrays, columnar, pairs, poem, reviews, weather, write
from workbench.gui.dialogs.own_data.guesses import best_use, doubt, guessed_columns, known_columns, objection
from workbench.gui.dialogs.own_data.uses import PAIRS, SENTENCES, SERIES, TEXT, Use, uses_of
from workbench.tasks.support.files.look import LOOKED_AT, FileLook, look_at_file


def look(path: Path) -> FileLook:
    return look_at_file(str(path))


def test_sentences_are_told_from_their_labels(tmp_path: Path) -> None:
    found = look(reviews(tmp_path))
    assert best_use(found) == SENTENCES
    assert guessed_columns(SENTENCES, found) == {"text_column": "review", "label_column": "verdict"}


def test_labels_may_be_numbers(tmp_path: Path) -> None:
    lines = (f"The film of the year {row},{row % 2}" for row in range(60))
    found = look(write(tmp_path / "films.csv", "text,label", *lines))
    assert best_use(found) == SENTENCES
    assert guessed_columns(SENTENCES, found) == {"text_column": "text", "label_column": "label"}


def test_two_columns_of_words_are_pairs(tmp_path: Path) -> None:
    found = look(pairs(tmp_path))
    assert best_use(found) == PAIRS
    assert guessed_columns(PAIRS, found) == {"source_column": "english", "target_column": "german"}


def test_measurements_are_a_series_without_the_columns_that_count_rows(tmp_path: Path) -> None:
    found = look(weather(tmp_path))
    assert best_use(found) == SERIES
    assert guessed_columns(SERIES, found) == {"columns": "temperature, pressure"}


def test_of_very_many_measurements_the_first_is_taken(tmp_path: Path) -> None:
    names = [f"sensor {number}" for number in range(20)]
    lines = (",".join(str((row * number) % 7) for number in range(20)) for row in range(60))
    found = look(write(tmp_path / "sensors.csv", ",".join(names), *lines))
    assert guessed_columns(SERIES, found) == {"columns": "sensor 1"}, "sensor 0 is always 0"


def test_arrays_of_different_lengths_are_not_taken_together(tmp_path: Path) -> None:
    np.savez(tmp_path / "uneven.npz", long=np.sin(np.arange(50.0)), short=np.cos(np.arange(20.0)))
    found = look(tmp_path / "uneven.npz")
    assert guessed_columns(SERIES, found) == {"columns": "long"}


@pytest.mark.parametrize(("make", "use"), [(columnar, SERIES), (arrays, SERIES), (poem, TEXT)])
def test_each_kind_of_file_has_its_use(tmp_path: Path, make: Callable[[Path], Path], use: Use) -> None:
    assert best_use(look(make(tmp_path))) == use


def test_what_is_text_by_its_bytes_can_always_be_read_as_running_text(tmp_path: Path) -> None:
    assert TEXT in uses_of(look(weather(tmp_path)))
    assert TEXT not in uses_of(look(columnar(tmp_path)))


def test_a_column_of_lines_is_running_text(tmp_path: Path) -> None:
    found = look(write(tmp_path / "lines.csv", "line", *(f"line number {row}" for row in range(40))))
    assert best_use(found) == TEXT


def test_columns_that_the_settings_name_are_kept_where_the_file_has_them(tmp_path: Path) -> None:
    found = look(reviews(tmp_path))
    named = {"text_column": "review", "label_column": "stars"}
    assert known_columns(SENTENCES, found, named) == named
    elsewhere = {"text_column": "text", "label_column": "stars"}
    assert known_columns(SENTENCES, found, elsewhere) == guessed_columns(SENTENCES, found)


@pytest.mark.parametrize(
    ("use", "columns", "words"),
    [
        (SENTENCES, {"text_column": "review", "label_column": "review"}, "the same column"),
        (SENTENCES, {"text_column": "review", "label_column": "number"}, "200 different labels"),
        (SERIES, {"columns": ""}, "Tick at least one column."),
        (SENTENCES, {"text_column": "review", "label_column": "verdict"}, ""),
        (PAIRS, {"source_column": "number", "target_column": "review"}, ""),
    ],
)
def test_what_cannot_work_is_said(tmp_path: Path, use: Use, columns: dict[str, str], words: str) -> None:
    said = objection(use, columns, look(reviews(tmp_path)))
    assert words in said
    assert bool(said) == bool(words)


def test_a_table_without_numbers_is_no_series(tmp_path: Path) -> None:
    found = look(pairs(tmp_path))
    assert "no column of numbers" in objection(SERIES, guessed_columns(SERIES, found), found)


def test_one_label_alone_is_refused_in_a_whole_file_and_doubted_at_the_head_of_a_long_one(tmp_path: Path) -> None:
    few = look(reviews(tmp_path, labels=("good",)))
    columns = {"text_column": "review", "label_column": "verdict"}
    assert "holds a single label" in objection(SENTENCES, columns, few)
    lines = (f"film {row},{'good' if row < 2 * LOOKED_AT else 'bad'}" for row in range(4 * LOOKED_AT))
    many = look(write(tmp_path / "sorted.csv", "review,verdict", *lines))
    assert objection(SENTENCES, columns, many) == ""
    assert "others further down" in doubt(SENTENCES, columns, many)
