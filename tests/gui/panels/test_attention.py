"""Attention in the window: the words of source and answer, the weights between them, the film, cursor and mouse."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui.support import small_experiment
from workbench.api import train
from workbench.gui.panels.attention import AttentionPanel, Looks
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.session.film import Snapshot

REVERSE = {"name": "reverse", "alphabet": 4, "length": 6}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook with a run that reverses letters with attention, for a few steps."""
    path = tmp_path_factory.mktemp("attention") / "attention.rnnw"
    train(small_experiment(cell="gru", task=REVERSE, attention=True, steps=30, probe_sequence=3), path)
    return path


@pytest.fixture
def panel(session: Session, clock: Clock, qtbot: QtBot) -> AttentionPanel:
    widget = AttentionPanel(session, clock)
    qtbot.addWidget(widget)
    widget.resize(660, 270)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


@pytest.fixture
def drawn(panel: AttentionPanel, run: Path, qtbot: QtBot) -> AttentionPanel:
    panel.session.open(run)
    qtbot.waitUntil(lambda: panel._looks is not None)
    return panel


def _snapshot(panel: AttentionPanel) -> Snapshot:
    assert panel.session.film.snapshot is not None
    return panel.session.film.snapshot


def _looks(panel: AttentionPanel) -> Looks:
    assert panel._looks is not None
    return panel._looks


def _at(panel: AttentionPanel, column: int, row: int) -> QPoint:
    return QPoint(panel.map.mapFromScene(panel.map.box.mapViewToScene(QPointF(column, row))))


def test_without_a_workbook_a_sentence_invites_to_train(panel: AttentionPanel) -> None:
    assert "Press Train" in panel.accessibleDescription()


def test_a_run_without_attention_says_what_it_belongs_to(panel: AttentionPanel, opened: Session, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "tasks that write an answer" in panel.accessibleDescription())
    assert panel.bar.isHidden()


def test_columns_are_what_is_read_and_rows_what_is_written(drawn: AttentionPanel) -> None:
    looks, arrays = _looks(drawn), _snapshot(drawn).arrays
    switch, words = int(arrays["switch"]), looks.sequence.words
    assert words is not None
    assert words.inputs is not None
    assert words.outputs is not None
    assert looks.source == words.inputs[:switch]
    assert looks.written == words.outputs[switch:]
    np.testing.assert_array_equal(looks.weights, arrays["attention"])
    assert looks.weights.shape == (len(looks.written), len(looks.source))
    rows, columns = drawn.map.row_words, drawn.map.columns
    assert rows.tickStrings([0.0, 1.0], 1.0, 1.0) == list(looks.written[:2])
    assert columns.tickStrings([0.0, 1.0], 1.0, 1.0) == list(looks.source[:2])


def test_colours_run_from_a_weight_of_0_to_1(drawn: AttentionPanel) -> None:
    looks = _looks(drawn)
    np.testing.assert_allclose(looks.image, 1 + 254 * looks.weights, atol=0.51)
    assert drawn.bar.accessibleName() == "Colours from 0 to 1"


def test_the_summary_says_where_each_word_looks_most(drawn: AttentionPanel) -> None:
    looks = _looks(drawn)
    most = looks.source[int(looks.weights[0].argmax())]
    assert f"step 30: {looks.written[0]} looks at {most} with" in drawn.summary()
    assert drawn.accessibleDescription() == drawn.summary()


def test_it_follows_the_film(drawn: AttentionPanel, qtbot: QtBot) -> None:
    drawn.session.film.go_to(0)
    qtbot.waitUntil(lambda: "training step 0:" in drawn.summary())
    np.testing.assert_array_equal(_looks(drawn).weights, _snapshot(drawn).arrays["attention"])
    assert drawn.figure() == ("attention", {"step": 0})


def test_pointing_reads_a_field_and_moves_the_one_cursor(drawn: AttentionPanel, qtbot: QtBot) -> None:
    looks = _looks(drawn)
    QTest.mouseMove(drawn.map.viewport(), _at(drawn, 1, 2))
    qtbot.waitUntil(lambda: drawn.session.cursor.t == len(looks.source) + 2)
    caption = drawn._caption.text()
    assert caption.startswith(f"writing {looks.written[2]}")
    assert f"it looks at {looks.source[1]}:" in caption
    QTest.mouseMove(drawn.map.viewport(), QPoint(2, 2))
    qtbot.waitUntil(lambda: drawn.session.cursor.t is None)
    assert "validation sequence 3" in drawn._caption.text()


def test_the_cursor_of_other_panels_marks_a_column_or_a_row(drawn: AttentionPanel) -> None:
    drawn.session.cursor.hover(1)
    assert (drawn.map._mark.isVisible(), drawn.map._mark.value()) == (True, 1)
    assert not drawn.map._row_mark.isVisible()
    drawn.session.cursor.hover(len(_looks(drawn).source) + 1)
    assert not drawn.map._mark.isVisible()
    assert (drawn.map._row_mark.isVisible(), drawn.map._row_mark.value()) == (True, 1)


def test_the_arrow_keys_go_through_the_answer_and_stay_in_it(drawn: AttentionPanel, qtbot: QtBot) -> None:
    first, rows = len(_looks(drawn).source), len(_looks(drawn).written)
    drawn.map.setFocus()
    qtbot.waitUntil(drawn.map.hasFocus)
    qtbot.keyClick(drawn.map, Qt.Key.Key_Down)
    assert drawn.session.cursor.t == first
    for _ in range(rows + 2):
        qtbot.keyClick(drawn.map, Qt.Key.Key_Down)
    assert drawn.session.cursor.t == first + rows - 1
    qtbot.keyClick(drawn.map, Qt.Key.Key_Up)
    assert drawn.session.cursor.t == first + rows - 2
    qtbot.keyClick(drawn.map, Qt.Key.Key_Escape)
    assert drawn.session.cursor.t is None
