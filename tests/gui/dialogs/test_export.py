"""The export dialog: what is chosen is drawn, and what is drawn is what is written."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.support import choose, click, enter
from workbench.figures.registry import FIGURES
from workbench.figures.renderer import Renderer
from workbench.gui.background import Background
from workbench.gui.dialogs.export import ExportDialog, Wish
from workbench.gui.form.editors import ChoiceField
from workbench.gui.form.lines import LineField
from workbench.gui.memory import Memory
from workbench.lab.workbook import Workbook, open_workbook

PATIENCE = 30_000  # milliseconds
Open = Callable[..., ExportDialog]


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as drawing:
        yield drawing


@pytest.fixture
def workbook(two_runs: Path) -> Iterator[Workbook]:
    with open_workbook(two_runs) as opened:
        yield opened


@pytest.fixture
def open_dialog(
    workbook: Workbook, background: Background, renderer: Renderer, dressed: QApplication, qtbot: QtBot
) -> Iterator[Open]:
    dialogs: list[ExportDialog] = []

    def open_one(kind: str = "loss", runs: tuple[int, ...] = (1,), **options: object) -> ExportDialog:
        dialog = ExportDialog(workbook, Wish(kind, runs, options), background, renderer, Memory())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        dialogs.append(dialog)
        dialog.show()
        return dialog

    yield open_one
    for dialog in dialogs:
        dialog.close()
        dialog.deleteLater()


def drawn(dialog: ExportDialog, qtbot: QtBot) -> bytes:
    """Wait for the picture of what is chosen now and return its pixels."""
    qtbot.waitUntil(lambda: not dialog.is_drawing, timeout=PATIENCE)
    assert not dialog.preview.image.isNull(), dialog.preview.sentence
    return bytes(dialog.preview.image.constBits())


_OF_SOME_RUNS = {"by-length": "one length only", "by-window": "feed-forward cell", "attention": "no attention"}
"""Kinds that not every run has, and what is said of one that has not."""


@pytest.mark.parametrize("kind", [kind for kind in FIGURES if kind not in _OF_SOME_RUNS])
def test_every_figure_of_a_run_is_drawn(open_dialog: Open, qtbot: QtBot, kind: str) -> None:
    dialog = open_dialog(kind)
    drawn(dialog, qtbot)
    assert dialog.save_button.isEnabled()


@pytest.mark.parametrize("kind", _OF_SOME_RUNS)
def test_a_figure_that_the_run_does_not_have_says_why(open_dialog: Open, qtbot: QtBot, kind: str) -> None:
    dialog = open_dialog(kind)
    qtbot.waitUntil(lambda: _OF_SOME_RUNS[kind] in dialog.preview.sentence, timeout=PATIENCE)


def test_another_kind_of_figure_is_drawn_when_it_is_chosen(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog("loss")
    before = drawn(dialog, qtbot)
    choose(dialog.controls.kinds, FIGURES["states"].title, qtbot)
    assert drawn(dialog, qtbot) != before
    assert dialog.wish.kind == "states"


def test_the_values_of_the_runs_own_cell_are_offered(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog("states")
    before = drawn(dialog, qtbot)
    editor = dialog.controls.editors["value"]
    assert isinstance(editor, ChoiceField)
    assert [editor.itemText(index) for index in range(editor.count())] == ["First state", "h", "c", "f", "i", "o"]
    choose(editor, "f", qtbot)
    assert dialog.wish.options == {"value": "f"}
    assert drawn(dialog, qtbot) != before


def test_the_preview_is_what_is_written(open_dialog: Open, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = open_dialog("loss", (1, 2))
    enter(dialog.controls.editors["dpi"], "200", qtbot)  # what the preview has
    enter(dialog.controls.editors["title"], "Two cells", qtbot)
    shown = drawn(dialog, qtbot)
    dialog.save(tmp_path / "loss.png")
    qtbot.waitUntil(lambda: "Saved" in dialog.note.text(), timeout=PATIENCE)
    dialog.preview.show_picture((tmp_path / "loss.png").read_bytes())
    assert bytes(dialog.preview.image.constBits()) == shown


def test_copying_puts_an_opaque_picture_on_the_clipboard(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog("loss")
    drawn(dialog, qtbot)
    click(dialog.copy_button, qtbot)
    qtbot.waitUntil(lambda: dialog.note.text() == "Copied", timeout=PATIENCE)
    image = QGuiApplication.clipboard().image()
    assert image.width() == pytest.approx(85 / 25.4 * 300, abs=1)
    assert image.pixelColor(2, 2).getRgb() == (255, 255, 255, 255)


@pytest.mark.parametrize(("text", "reason"), [("3", "between 4 and 48"), ("large", "a number")])
def test_a_font_size_that_makes_no_sense_is_marked_and_not_taken(
    open_dialog: Open, qtbot: QtBot, text: str, reason: str
) -> None:
    dialog = open_dialog("loss")
    editor = dialog.controls.editors["font_size"]
    enter(editor, text, qtbot)
    assert dialog.wish.font_size is None
    assert editor.marked.property("wrong") is True


def test_the_empty_font_size_says_which_one_the_chosen_size_has(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog("loss")
    font_size, style = dialog.controls.editors["font_size"], dialog.controls.editors["style"]
    assert isinstance(font_size, LineField)
    assert isinstance(style, ChoiceField)
    assert (font_size.text(), font_size.placeholderText()) == ("", "8")
    choose(style, "Slide (254 × 143 mm)", qtbot)
    assert (font_size.text(), font_size.placeholderText()) == ("", "18")


def test_a_file_that_cannot_be_written_is_told(open_dialog: Open, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = open_dialog("loss")
    drawn(dialog, qtbot)
    dialog.save(tmp_path / "nowhere" / "loss.pdf")
    qtbot.waitUntil(lambda: "no folder" in dialog.note.text(), timeout=PATIENCE)


def test_the_page_is_remembered_for_the_next_figure(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog("loss")
    drawn(dialog, qtbot)
    editor = dialog.controls.editors["style"]
    assert isinstance(editor, ChoiceField)
    choose(editor, "Two columns (178 mm)", qtbot)
    enter(dialog.controls.editors["font_size"], "11", qtbot)
    dialog.close()
    again = open_dialog("states")
    assert (again.wish.style, again.wish.font_size) == ("double", 11.0)


@pytest.mark.parametrize("way", ["button", "Escape"])
def test_it_closes(open_dialog: Open, qtbot: QtBot, way: str) -> None:
    dialog = open_dialog()
    drawn(dialog, qtbot)
    if way == "button":
        click(next(button for button in dialog.findChildren(QPushButton) if button.text() == "Close"), qtbot)
    else:
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isHidden()
