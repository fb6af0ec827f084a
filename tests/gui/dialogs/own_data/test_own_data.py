"""The dialog about own data: what is chosen there by clicks and keys is what the draft learns."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.dialogs.own_data.conftest import OpenDialog
from tests.gui.dialogs.own_data.support import arrays, columnar, poem, reviews, weather, write
from tests.gui.support import choose, click, enter, small_experiment
from workbench.gui.dialogs.own_data import OwnDataDialog
from workbench.gui.form.draft import Draft
from workbench.gui.form.editors import ChoiceField
from workbench.gui.theme import theme
from workbench.gui.theme.theme import Mode

Make = Callable[[Path], Path]


def read(dialog: OwnDataDialog, qtbot: QtBot) -> OwnDataDialog:
    """Wait until the file was looked at."""
    qtbot.waitUntil(lambda: dialog.fields is not None and dialog.preview.waits is False)
    return dialog


def use(dialog: OwnDataDialog, draft: Draft, qtbot: QtBot) -> dict[str, Any]:
    """Press the button, and return the task that stands in the draft then."""
    click(dialog.use_it, qtbot)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    return dict(draft.values["task"])


def fields_of(dialog: OwnDataDialog) -> list[str]:
    assert dialog.fields is not None
    return [*dialog.fields.choices, *(["columns"] if dialog.fields.ticks else []), *dialog.fields.editors]


def part(task: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: task[name] for name in names}


# Each kind of file.


def test_sentences_with_labels(open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot) -> None:
    path = reviews(tmp_path)
    dialog = read(open_dialog(path), qtbot)
    assert dialog.name.text() == "reviews.csv"
    assert "200 rows · 4 columns" in dialog.facts.text()
    assert dialog.uses.buttons["sentiment"].isChecked()
    task = use(dialog, draft, qtbot)
    assert part(task, "name", "path", "text_column", "label_column", "delimiter", "encoding", "sha256") == {
        "name": "sentiment",
        "path": str(path),
        "text_column": "review",
        "label_column": "verdict",
        "delimiter": "comma",
        "encoding": "utf-8",
        "sha256": "",
    }
    assert draft.undo_stack.undoText() == "Load reviews.csv"
    draft.undo_stack.undo()
    assert draft.value("task.name") == "adding"


def test_another_label_can_be_chosen(open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = read(open_dialog(reviews(tmp_path)), qtbot)
    assert dialog.fields is not None
    choose(dialog.fields.choices["label_column"], "stars", qtbot)
    assert dialog.preview.table.rows.about(2) == "number · label"
    assert dialog.preview.table.rows.about(3) == "text"
    assert use(dialog, draft, qtbot)["label_column"] == "stars"


def test_a_series(open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = read(open_dialog(weather(tmp_path)), qtbot)
    assert dialog.uses.buttons["series"].isChecked()
    assert dialog.fields is not None
    assert dialog.fields.ticks is not None
    assert dialog.fields.ticks.ticked == ["temperature", "pressure"]
    enter(dialog.fields.editors["horizon"], "3", qtbot)
    qtbot.waitUntil(lambda: not dialog.isVisible())  # Return uses it
    assert part(draft.values["task"], "name", "columns", "delimiter", "horizon") == {
        "name": "series",
        "columns": "temperature, pressure",
        "delimiter": "semicolon",
        "horizon": 3,
    }


def test_columns_are_ticked_by_clicks_and_keys(
    open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = read(open_dialog(weather(tmp_path)), qtbot)
    assert dialog.fields is not None
    ticks = dialog.fields.ticks
    assert ticks is not None
    box = ticks.visualItemRect(ticks.item(2))
    box.setWidth(20)
    qtbot.mouseClick(ticks.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert ticks.ticked == ["pressure"]
    ticks.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(3):
        qtbot.keyClick(ticks, Qt.Key.Key_Down)
    qtbot.keyClick(ticks, Qt.Key.Key_Space)
    assert ticks.ticked == []
    assert dialog.note.text() == "Tick at least one column."
    assert not dialog.use_it.isEnabled()
    qtbot.keyClick(ticks, Qt.Key.Key_Space)
    assert dialog.use_it.isEnabled()
    assert use(dialog, draft, qtbot)["columns"] == "pressure"


@pytest.mark.parametrize(("make", "columns"), [(columnar, "load, flow"), (arrays, "tide, wind.0, wind.1")])
def test_parquet_and_arrays_have_neither_delimiter_nor_encoding(
    open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot, make: Make, columns: str
) -> None:
    dialog = read(open_dialog(make(tmp_path)), qtbot)
    assert not dialog.reading.isVisible()
    task = use(dialog, draft, qtbot)
    assert part(task, "name", "path", "columns") == {"name": "series", "path": str(make(tmp_path)), "columns": columns}


def test_a_text(open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = read(open_dialog(poem(tmp_path)), qtbot)
    assert dialog.preview.text.toPlainText().startswith("The sea is calm tonight.")
    assert fields_of(dialog) == ["level", "vocabulary"]
    assert dialog.fields is not None
    level = dialog.fields.editors["level"]
    assert isinstance(level, ChoiceField)
    choose(level, "Word", qtbot)
    enter(dialog.fields.editors["vocabulary"], "12", qtbot)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert part(draft.values["task"], "name", "level", "vocabulary", "encoding") == {
        "name": "language-model",
        "level": "word",
        "vocabulary": 12,
        "encoding": "utf-8",
    }


def test_a_table_can_be_read_as_running_text(
    open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = read(open_dialog(weather(tmp_path)), qtbot)
    qtbot.mouseClick(dialog.uses.buttons["language-model"], Qt.MouseButton.LeftButton, pos=_left(dialog))
    assert dialog.preview.text.isVisible()
    assert dialog.preview.text.toPlainText().startswith("row;date;temperature")
    assert use(dialog, draft, qtbot)["name"] == "language-model"


def _left(dialog: OwnDataDialog) -> Any:
    button = next(iter(dialog.uses.buttons.values()))
    return button.rect().center().transposed() if button.width() < button.height() else button.rect().center() / 2


# How it is read.


def test_another_delimiter_shows_other_columns(
    open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = read(open_dialog(weather(tmp_path)), qtbot)
    choose(dialog.reading.choices["delimiter"], "Bar", qtbot)
    qtbot.waitUntil(lambda: "1 column" in dialog.facts.text())
    assert dialog.uses.buttons["language-model"].isChecked()
    choose(dialog.reading.choices["delimiter"], "Semicolon", qtbot)
    qtbot.waitUntil(lambda: "5 columns" in dialog.facts.text())
    assert dialog.uses.buttons["series"].isChecked(), "nobody chose running text"


def test_a_use_that_was_chosen_stays_when_the_file_is_read_otherwise(
    open_dialog: OpenDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = read(open_dialog(weather(tmp_path)), qtbot)
    qtbot.mouseClick(dialog.uses.buttons["translate"], Qt.MouseButton.LeftButton, pos=_left(dialog))
    choose(dialog.reading.choices["delimiter"], "Comma", qtbot)
    qtbot.waitUntil(lambda: "1 column" in dialog.facts.text())
    assert dialog.uses.buttons["translate"].isChecked()
    assert "two are needed" in dialog.note.text()
    assert not dialog.use_it.isEnabled()


def test_an_encoding_is_guessed_said_and_can_be_changed(
    open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    lines = (f"Tür {row} ist grün;{'auf' if row % 2 else 'zu'}" for row in range(60))
    path = write(tmp_path / "doors.csv", "satz;stand", *lines, encoding="cp1252")
    dialog = read(open_dialog(path), qtbot)
    encoding = dialog.reading.choices["encoding"]
    assert encoding.currentText() == "Windows-1252"
    assert "is read as cp1252" in dialog.note.text()
    assert dialog.use_it.isEnabled()
    choose(encoding, "UTF-8", qtbot)
    qtbot.waitUntil(lambda: "is not utf-8 text" in dialog.preview.sentence.text())
    assert not dialog.use_it.isEnabled()
    choose(encoding, "Latin-1", qtbot)
    qtbot.waitUntil(dialog.use_it.isEnabled)
    assert use(dialog, draft, qtbot)["encoding"] == "latin-1"


# What cannot be used.


def test_one_class_alone_is_said(open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = read(open_dialog(reviews(tmp_path, labels=("good",))), qtbot)
    assert dialog.fields is not None
    choose(dialog.fields.choices["label_column"], "verdict", qtbot)
    assert dialog.note.text() == "“verdict” holds a single label; two or more are needed. Choose another column."
    assert not dialog.use_it.isEnabled()
    choose(dialog.fields.choices["label_column"], "stars", qtbot)
    assert (dialog.note.text(), dialog.use_it.isEnabled()) == ("", True)


def test_a_wrong_number_is_marked(open_dialog: OpenDialog, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = read(open_dialog(poem(tmp_path)), qtbot)
    assert dialog.fields is not None
    vocabulary = dialog.fields.editors["vocabulary"]
    enter(vocabulary, "2", qtbot)
    assert vocabulary.marked.property("wrong") is True
    assert not dialog.use_it.isEnabled()
    assert dialog.isVisible()
    enter(vocabulary, "200", qtbot)
    assert vocabulary.marked.property("wrong") is False
    qtbot.waitUntil(lambda: not dialog.isVisible())


@pytest.mark.parametrize(
    ("name", "contents", "words"),
    [
        ("noise.png", b"\x89PNG\x00" * 40, "is no text"),
        ("empty.csv", b"", "is empty"),
        ("missing.csv", None, "There is no file"),
        ("broken.npz", b"PK\x03\x04" + b"x" * 50, "is damaged"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(
    open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot, name: str, contents: bytes | None, words: str
) -> None:
    if contents is not None:
        (tmp_path / name).write_bytes(contents)
    dialog = open_dialog(tmp_path / name)
    qtbot.waitUntil(lambda: words in dialog.preview.sentence.text().replace("\u200b", ""))
    assert not dialog.use_it.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert draft.undo_stack.count() == 0


def test_what_is_wrong_further_down_is_said_when_it_is_to_be_used(
    open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    lines = (f"{row % 17}.5" for row in range(1200))
    path = write(tmp_path / "gap.csv", "level", *lines, "broken", "3")
    dialog = read(open_dialog(path), qtbot)
    click(dialog.use_it, qtbot)
    qtbot.waitUntil(lambda: dialog.note.text().startswith("“gap.csv”, row 1,202"))
    assert dialog.isVisible()
    assert not dialog.use_it.isEnabled()
    assert draft.undo_stack.count() == 0


def test_what_cannot_go_with_the_task_is_set_back_and_that_is_said(
    open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    draft.load(small_experiment(task={"name": "digits"}, bidirectional=True, hidden=12))
    dialog = read(open_dialog(poem(tmp_path)), qtbot)
    assert "is set back: Language-model predicts what comes next" in dialog.note.text()
    use(dialog, draft, qtbot)
    assert (draft.value("bidirectional"), draft.value("hidden")) == (False, 12)
    draft.undo_stack.undo()
    assert (draft.value("bidirectional"), draft.value("task.name")) == (True, "digits")


def test_a_short_text_shortens_what_it_takes_to_train(
    open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = read(open_dialog(poem(tmp_path, length=300)), qtbot)
    task = use(dialog, draft, qtbot)
    assert task["length"] < 100
    assert draft.experiment is not None
    draft.experiment.task.build(0).training_batch(0, draft.experiment.batch)


def test_a_short_series_shortens_what_it_takes_to_train(
    open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    path = write(tmp_path / "short.csv", "level", *(f"{np.sin(row):.3f}" for row in range(60)))
    task = use(read(open_dialog(path), qtbot), draft, qtbot)
    assert task["length"] < 50


def refusal(dialog: OwnDataDialog, qtbot: QtBot) -> str:
    """Press the button, and return why the file cannot be used so."""
    click(dialog.use_it, qtbot)
    qtbot.waitUntil(lambda: "Reading all" not in dialog.note.text())
    return dialog.note.text()


def series_of(folder: Path, rows: int) -> Path:
    return write(folder / "short.csv", "level", *(f"{np.sin(row):.3f}" for row in range(rows)))


def test_a_series_too_short_for_any_choice_asks_for_more_rows(
    open_dialog: OpenDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    said = refusal(read(open_dialog(series_of(tmp_path, 10)), qtbot), qtbot)
    assert said == "“short.csv” has 10 rows, and a horizon of 1 needs 23 at the least. Give more rows."


def test_a_series_that_needs_other_choices_names_those_of_the_dialog_and_then_is_used(
    open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = read(open_dialog(series_of(tmp_path, 24)), qtbot)
    said = refusal(dialog, qtbot)
    assert said.startswith("“short.csv” has 24 rows: 20 to train on and 4 held out.")
    assert said.endswith("Change the horizon or the share held out, or give more rows.")
    assert dialog.fields is not None
    enter(dialog.fields.editors["held_out"], "0.1", qtbot)
    qtbot.waitUntil(lambda: not dialog.isVisible())  # Return uses it
    task = draft.values["task"]
    assert (task["held_out"], task["length"] < 50) == (0.1, True)


# The window's manners.


def test_it_can_be_left_while_the_file_is_read(
    open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = open_dialog(reviews(tmp_path))
    assert "Reading reviews.csv" in dialog.preview.sentence.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert draft.undo_stack.count() == 0


def test_return_uses_it_wherever_the_focus_is(
    open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = read(open_dialog(reviews(tmp_path)), qtbot)
    radio = dialog.uses.buttons["sentiment"]
    radio.setFocus()
    qtbot.keyClick(radio, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: draft.value("task.name") == "sentiment")


def test_uses_are_chosen_by_arrows_and_tab_goes_from_top_to_bottom(
    open_dialog: OpenDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = read(open_dialog(reviews(tmp_path)), qtbot)
    radio = dialog.uses.buttons["sentiment"]
    radio.setFocus()
    qtbot.keyClick(radio, Qt.Key.Key_Down)
    assert dialog.uses.buttons["translate"].isChecked()
    assert dialog.fields is not None
    assert list(dialog.fields.choices) == ["source_column", "target_column"]
    heights = []
    for _ in range(5):
        focus = QApplication.focusWidget()
        assert focus is not None
        heights.append(focus.mapTo(dialog, focus.rect().center()).y())
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert heights == sorted(heights)


def test_what_was_chosen_before_is_chosen_when_the_file_is_opened_again(
    open_dialog: OpenDialog, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    path = reviews(tmp_path)
    dialog = read(open_dialog(path), qtbot)
    assert dialog.fields is not None
    choose(dialog.fields.choices["label_column"], "stars", qtbot)
    use(dialog, draft, qtbot)
    again = read(open_dialog(path), qtbot)
    assert again.fields is not None
    assert again.fields.choices["label_column"].currentText() == "stars"


@pytest.mark.parametrize("make", [reviews, weather, poem])
def test_everything_that_takes_the_focus_has_a_name(
    open_dialog: OpenDialog, tmp_path: Path, qtbot: QtBot, make: Make
) -> None:
    dialog = read(open_dialog(make(tmp_path)), qtbot)
    nameless = [
        widget
        for widget in dialog.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and not (widget.accessibleName() or (isinstance(widget, QPushButton | QRadioButton) and widget.text()))
    ]
    assert nameless == []


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("make", [reviews, weather, poem, columnar])
def test_nothing_is_cut_off(open_dialog: OpenDialog, tmp_path: Path, qtbot: QtBot, make: Make, mode: Mode) -> None:
    theme().apply(mode)
    dialog = read(open_dialog(make(tmp_path)), qtbot)
    parts = [own for own in dialog.findChildren(QWidget) if isinstance(own, QLabel | QPushButton | QRadioButton)]
    cut = [own for own in parts if own.isVisible() and own.width() < own.minimumSizeHint().width()]
    theme().apply("light")
    assert cut == []
