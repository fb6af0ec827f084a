"""The catalogue: read, used, taken as a start."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from tests.gui.support import small_experiment
from workbench.cells import catalogue
from workbench.gui.background import Background
from workbench.gui.dialogs.cells import CellBrowser
from workbench.gui.form.draft import Draft
from workbench.lab.experiment import CellText


@pytest.fixture
def draft() -> Draft:
    return Draft(small_experiment(cell="elman"))


@pytest.fixture
def browser(qtbot: QtBot, background: Background, draft: Draft) -> CellBrowser:
    shown = CellBrowser(draft, background)
    qtbot.addWidget(shown)
    with qtbot.waitExposed(shown):
        shown.show()
    return shown


names = list(catalogue())


def in_sight(browser: CellBrowser) -> list[str]:
    """The cells in the list, by name."""
    return [name for row, name in enumerate(names) if not browser.list.item(row).isHidden()]


def test_it_opens_at_the_cell_in_use(browser: CellBrowser) -> None:
    assert browser.cell.name == "elman"


def test_every_cell_can_be_read(qtbot: QtBot, browser: CellBrowser) -> None:
    for row, cell in enumerate(catalogue().values()):
        browser.list.setCurrentRow(row)
        assert (browser.title.text(), browser.about.text(), browser.source.text()) == (
            cell.title,
            cell.about,
            cell.source,
        )
        qtbot.waitUntil(lambda: "learnt in all" in browser.view.parameters.text())
        assert cell.states[0] in browser.view.states.text()


def test_the_arrow_keys_go_through_the_list(qtbot: QtBot, browser: CellBrowser) -> None:
    browser.list.setFocus()
    qtbot.keyClick(browser.list, Qt.Key.Key_Down)
    assert browser.cell.name == names[names.index("elman") + 1]


def test_typing_finds_a_cell_by_its_title_or_its_source(qtbot: QtBot, browser: CellBrowser) -> None:
    for typed, name in (("slstm", "slstm"), ("peep", "lstm-peephole"), ("orvieto", "lru"), ("coupled", "lstm-coupled")):
        browser.cells.line.clear()
        qtbot.keyClicks(browser.cells.line, typed)
        assert browser.cell.name == name
        assert browser.title.text() == catalogue()[name].title


def test_only_cells_that_fit_stay_in_the_list_and_the_arrow_keys_go_through_them(
    qtbot: QtBot, browser: CellBrowser
) -> None:
    qtbot.keyClicks(browser.cells.line, "feng")
    assert in_sight(browser) == ["mingru", "minlstm"]
    qtbot.keyClick(browser.cells.line, Qt.Key.Key_Down)
    assert browser.cell.name == "minlstm"
    browser.cells.line.clear()
    assert in_sight(browser) == names
    assert browser.cell.name == "minlstm"


def test_where_nothing_fits_it_says_so_and_nothing_can_be_used(qtbot: QtBot, browser: CellBrowser) -> None:
    qtbot.keyClicks(browser.cells.line, "qqq")
    assert in_sight(browser) == []
    assert browser.cells.nothing.isVisible()
    assert not browser.use.isEnabled()
    qtbot.keyClick(browser.cells.line, Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier)
    assert not browser.cells.nothing.isVisible()
    assert browser.use.isEnabled()


def test_enter_uses_the_cell_that_was_found(qtbot: QtBot, browser: CellBrowser, draft: Draft) -> None:
    qtbot.keyClicks(browser.cells.line, "minlstm")
    qtbot.keyClick(browser.cells.line, Qt.Key.Key_Return)
    assert draft.value("cell") == "minlstm"
    assert not browser.isVisible()


def test_a_cell_says_its_stages_and_what_the_gradient_needs(qtbot: QtBot, browser: CellBrowser) -> None:
    browser.cells.select("gru-reset-before")
    assert browser.view.step.text().startswith("Two stages")
    browser.cells.select("lstm")
    assert browser.view.kept.text().endswith("7 numbers a unit and step.")


def test_a_cell_says_how_many_numbers_it_learns_with_and_without_the_read_out(
    qtbot: QtBot, browser: CellBrowser
) -> None:
    browser.cells.select("elman")
    # 8 units, 2 inputs; the read-out has 8 weights and a bias.
    qtbot.waitUntil(lambda: "88 learnt for 8 units, 2 inputs; 97 learnt in all" in browser.view.parameters.text())


def test_a_parameter_that_is_not_learnt_says_so_and_how_it_starts(qtbot: QtBot, browser: CellBrowser) -> None:
    browser.cells.select("clockwork")
    qtbot.waitUntil(lambda: "8, fixed, starts at periods" in browser.view.parameters.text())


@pytest.mark.parametrize("name", catalogue())
def test_no_equation_is_wider_than_its_card(qtbot: QtBot, browser: CellBrowser, name: str) -> None:
    browser.cells.select(name)
    qtbot.waitUntil(lambda: "learnt in all" in browser.view.parameters.text())
    scroll = browser.view.findChild(QScrollArea)
    assert scroll is not None
    content, viewport = scroll.widget(), scroll.viewport()
    assert content is not None
    assert content.minimumSizeHint().width() <= viewport.width()


def test_use_gives_the_cell_to_the_draft(qtbot: QtBot, browser: CellBrowser, draft: Draft) -> None:
    browser.list.setCurrentRow(list(catalogue()).index("gru"))
    qtbot.mouseClick(browser.use, Qt.MouseButton.LeftButton)
    assert draft.value("cell") == "gru"
    assert not browser.isVisible()


def test_start_own_hands_on_the_words_of_the_cell(qtbot: QtBot, browser: CellBrowser, draft: Draft) -> None:
    with qtbot.waitSignal(browser.own_asked) as asked:
        qtbot.mouseClick(browser.own, Qt.MouseButton.LeftButton)
    text = asked.args[0].cell_text()
    assert isinstance(text, CellText)
    assert text.title == "Own Elman"
    assert draft.value("cell") == "elman"


def test_latex_is_copied(qtbot: QtBot, browser: CellBrowser) -> None:
    qtbot.mouseClick(browser.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == catalogue()["elman"].latex
