"""Files that are opened: what is said of them, and when nothing is."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow

EXPERIMENT = 'cell = "gru"\nhidden = 7\n[task]\nname = "adding"\n'


def test_an_experiment_comes_into_the_form_without_a_word(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(EXPERIMENT)
    context = open_window().context
    context.files.open(path)
    qtbot.waitUntil(lambda: context.draft.last_valid.hidden == 7)
    assert context.notices.sentences == ()


def test_why_train_refused_is_taken_back_when_the_field_is_mended(open_window: OpenWindow, qtbot: QtBot) -> None:
    context = open_window().context
    context.draft.enter("hidden", "many")
    context.control.train()
    assert len(context.notices.sentences) == 1
    context.draft.enter("hidden", "12")
    qtbot.waitUntil(lambda: context.notices.sentences == ())
