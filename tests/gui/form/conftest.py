"""Fixtures of the form's tests."""

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.support import small_experiment
from workbench.gui.background import Background
from workbench.gui.form.draft import Draft
from workbench.gui.form.form import ExperimentForm


@pytest.fixture
def draft() -> Draft:
    return Draft(small_experiment(hidden=8, steps=2000))


@pytest.fixture
def form(qtbot: QtBot, background: Background, draft: Draft) -> ExperimentForm:
    """The form on a small experiment, shown at the drawing's size."""
    shown = ExperimentForm(draft, background, tuple)
    qtbot.addWidget(shown)
    shown.resize(284, 868)
    with qtbot.waitExposed(shown):
        shown.show()
    return shown
