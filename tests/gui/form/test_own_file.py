"""A file of one's own in the form: dropped, shown by its name, read otherwise, given up, and changed meanwhile."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from tests.gui.form.support import drop, line
from tests.gui.support import choose, click, small_experiment
from workbench.gui.dialogs.own_data import OwnDataDialog
from workbench.gui.form.editors import HashField
from workbench.gui.form.form import ExperimentForm
from workbench.gui.form.path_field import PathField
from workbench.lab.experiment import save_experiment

SENTENCE = "The sea is calm tonight. The tide is full. "


@pytest.fixture(autouse=True)
def _closed(form: ExperimentForm) -> Iterator[None]:
    yield
    for dialog in form.findChildren(OwnDataDialog):
        dialog.reject()


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "a_rather_long_name_for_a_poem_of_the_sea.txt"
    path.write_text(SENTENCE * 200)
    return path


@pytest.fixture
def films(tmp_path: Path) -> Path:
    rows = (f"a film number {row},{row % 5},{'bad' if row % 2 else 'good'}" for row in range(60))
    path = tmp_path / "films.csv"
    path.write_text("\n".join(["text,stars,label", *rows]))
    return path


def dialog_of(form: ExperimentForm, qtbot: QtBot) -> OwnDataDialog:
    """Return the dialog that is open, once it has read its file."""
    qtbot.waitUntil(lambda: any(own.isVisible() and own.fields for own in form.findChildren(OwnDataDialog)))
    return next(own for own in form.findChildren(OwnDataDialog) if own.isVisible())


def use(form: ExperimentForm, path: Path, qtbot: QtBot) -> PathField:
    """Drop a file, use it as it is proposed, and return the field that shows it."""
    assert drop(form, path)
    click(dialog_of(form, qtbot).use_it, qtbot)
    qtbot.waitUntil(lambda: form.draft.value("task.path") == str(path))
    editor = form.row("task.path").editor
    assert isinstance(editor, PathField)
    return editor


def cross(editor: PathField) -> QToolButton:
    return next(own for own in editor.line.findChildren(QToolButton) if own.isVisible())


# Dropped.


def test_a_text_dropped_on_the_form_is_learned_and_can_be_undone(
    qtbot: QtBot, form: ExperimentForm, text: Path
) -> None:
    use(form, text, qtbot)
    assert form.draft.undo_stack.undoText() == f"Load {text.name}"
    assert form.task.choice.currentText() == "Language model"
    qtbot.waitUntil(lambda: "The tide is full" in form.task.preview.text())
    form.draft.undo_stack.undo()
    assert form.draft.value("task.name") == "adding"


def test_what_a_short_text_shortens_is_said(qtbot: QtBot, form: ExperimentForm, tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text(SENTENCE * 8)
    use(form, tmp_path / "short.txt", qtbot)
    length = form.draft.value("task.length")
    assert form.task.note.text() == f"The file is short: length {length} in place of 100."


def test_of_several_files_the_first_is_taken_and_that_is_said(
    qtbot: QtBot, form: ExperimentForm, films: Path, text: Path
) -> None:
    assert drop(form, films, text)
    assert dialog_of(form, qtbot).name.text() == "films.csv"
    assert form.task.note.text() == "One file at a time: films.csv is taken, the others are not."


def test_an_experiment_is_loaded_without_a_question(qtbot: QtBot, form: ExperimentForm, tmp_path: Path) -> None:
    other = small_experiment(cell="gru", hidden=5)
    save_experiment(other, tmp_path / "other.toml")
    assert drop(form, tmp_path / "other.toml")
    qtbot.waitUntil(lambda: form.draft.experiment == other)


def test_what_is_wrong_with_an_experiment_is_said_and_scrolled_into_view(
    qtbot: QtBot, form: ExperimentForm, tmp_path: Path
) -> None:
    form.resize(284, 420)
    (tmp_path / "broken.toml").write_text("hidden = ")
    assert drop(form, tmp_path / "broken.toml")
    qtbot.waitUntil(lambda: "not valid TOML" in form.task.note.text())
    qtbot.waitUntil(lambda: not form.task.note.visibleRegion().isEmpty())


def test_a_workbook_is_left_to_the_window(form: ExperimentForm, tmp_path: Path) -> None:
    assert not drop(form, tmp_path / "runs.rnnw")
    assert not drop(form, tmp_path / "runs.rnnw", tmp_path / "a.txt")


# In its field.


def test_the_name_is_shown_and_the_whole_path_while_it_is_typed(qtbot: QtBot, form: ExperimentForm, text: Path) -> None:
    editor = use(form, text, qtbot)
    shown = editor.line.text()
    assert shown.startswith("a_")
    assert shown.endswith(".txt")
    assert len(shown) < len(text.name), "as much as there is room for"
    assert editor.line.toolTip() == str(text)
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    qtbot.mouseClick(editor.line, Qt.MouseButton.LeftButton)
    assert editor.line.text() == str(text)
    form.row("hidden").editor.setFocus()
    assert editor.line.text() == shown
    assert form.draft.value("task.path") == str(text)


def test_the_columns_are_chosen_again(qtbot: QtBot, form: ExperimentForm, films: Path) -> None:
    editor = use(form, films, qtbot)
    assert editor.reading.text() == "columns…"
    click(editor.reading, qtbot)
    dialog = dialog_of(form, qtbot)
    assert dialog.fields is not None
    assert dialog.fields.choices["label_column"].currentText() == "label"
    choose(dialog.fields.choices["label_column"], "stars", qtbot)
    click(dialog.use_it, qtbot)
    qtbot.waitUntil(lambda: form.draft.value("task.label_column") == "stars")
    assert line(form, "task.label_column").text() == "stars"


def test_a_text_has_no_columns_to_choose(qtbot: QtBot, form: ExperimentForm, text: Path) -> None:
    assert use(form, text, qtbot).reading.text() == "reading…"


def test_the_cross_leads_back_to_the_built_in_data(qtbot: QtBot, form: ExperimentForm, films: Path) -> None:
    editor = use(form, films, qtbot)
    click(cross(editor), qtbot)
    assert form.draft.value("task.path") == ""
    assert not editor.reading.isVisible()
    assert editor.button.isVisible()
    assert not form.row("task.text_column").isVisible()
    form.draft.undo_stack.undo()
    assert form.draft.value("task.path") == str(films)
    assert form.row("task.text_column").isVisible()


# When the file is another one by now.


def test_a_file_that_changed_is_marked_and_can_be_taken_as_it_is(
    qtbot: QtBot, form: ExperimentForm, text: Path
) -> None:
    editor = use(form, text, qtbot)
    held = sha256(text.read_bytes()).hexdigest()
    form.draft.load(form.draft.last_valid.changed({"task.sha256": held}))
    hash_field = form.row("task.sha256")
    assert isinstance(hash_field.editor, HashField)
    assert hash_field.isVisible()
    assert hash_field.editor.text() == f"{held[:12]}…"
    qtbot.waitUntil(lambda: form.needs.outlook is not None)
    assert not editor.renewal.isVisible()
    text.write_text("Another sea. " * 1000)
    form.draft.set("hidden", 9)
    qtbot.waitUntil(editor.renewal.isVisible)
    assert "is no longer the one it was" in form.row("task.path").reason.text().replace("\u200b", "")
    click(editor.renewal, qtbot)
    qtbot.waitUntil(lambda: form.refusal == "" and form.needs.outlook is not None)
    assert form.draft.value("task.sha256") == ""
    assert not hash_field.isVisible()
    assert not editor.renewal.isVisible()


def test_another_path_does_not_keep_the_hash_of_the_file_before(form: ExperimentForm, text: Path, films: Path) -> None:
    form.draft.set("task.name", "sentiment")
    form.draft.set("task.path", str(films))
    form.draft.set("task.sha256", "ab" * 32)
    form.draft.enter("task.path", str(text))
    assert form.draft.value("task.sha256") == ""
    form.draft.undo_stack.undo()
    assert form.draft.value("task.sha256") == "ab" * 32
