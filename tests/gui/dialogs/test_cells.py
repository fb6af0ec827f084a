"""The catalogue: read, used, taken as a start."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
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
    assert browser.cell.name == list(catalogue())[1]


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
