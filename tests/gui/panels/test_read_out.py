"""The read-out: the numbers at the cursor, or at the last step without one."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.support import small_experiment
from workbench.api import train
from workbench.gui.format import number
from workbench.gui.panels.read_out import ReadOutPanel
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.session.film import Snapshot
from workbench.gui.theme import theme
from workbench.lab.running import start_run
from workbench.lab.workbook import open_workbook


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(290, 300)
    return widget


@pytest.fixture
def panel(session: Session, clock: Clock, window: QWidget, qtbot: QtBot) -> ReadOutPanel:
    widget = ReadOutPanel(session, clock)
    widget.setParent(window)
    widget.resize(290, 300)
    with qtbot.waitExposed(window):
        window.show()
    return widget


@pytest.fixture
def look_at(panel: ReadOutPanel, session: Session, qtbot: QtBot) -> Callable[[Path, int], None]:
    """Open a workbook and look at one of its runs, until its numbers are shown."""

    def look(path: Path, run: int) -> None:
        session.open(path)
        qtbot.waitUntil(lambda: session.workbook is not None and session.workbook.path == path)
        qtbot.waitUntil(lambda: bool(session.runs.records))
        session.runs.select(run)
        qtbot.waitUntil(lambda: session.film.snapshot is not None and session.film.snapshot.run == run)
        qtbot.waitUntil(lambda: not session.reader.busy and bool(rows(panel)))

    return look


@pytest.fixture
def lstm(panel: ReadOutPanel, look_at: Callable[[Path, int], None], two_runs: Path) -> ReadOutPanel:
    """The panel on an LSTM of 8 units that read 12 steps."""
    look_at(two_runs, 1)
    return panel


def rows(panel: ReadOutPanel) -> dict[str, str]:
    return {label.text(): value.text() for label, value in panel.labels if label.isVisibleTo(panel)}


def title(panel: ReadOutPanel) -> str:
    return next(label.text() for label in panel.findChildren(QLabel) if label.text().startswith("At "))


def snapshot(panel: ReadOutPanel) -> Snapshot:
    assert panel.session.film.snapshot is not None
    return panel.session.film.snapshot


def test_without_a_run_it_says_what_to_do(panel: ReadOutPanel) -> None:
    assert any("Press Train" in label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel))


def test_the_numbers_are_those_at_the_cursor(lstm: ReadOutPanel) -> None:
    lstm.session.cursor.hover(7, 3)
    arrays, shown = snapshot(lstm).arrays, rows(lstm)
    assert title(lstm) == "At t = 7"
    assert "unit 3 of" in lstm.where.text()
    assert "follows the cursor" in lstm.where.text()
    first, marker = (number(float(value)) for value in arrays["inputs"][7])
    assert shown["input number, marker"] == f"{first}, {marker}"
    for name in "fio":
        assert shown[name] == number(float(arrays[f"values/1.{name}"][7, 3]))
    for name in "hc":
        assert shown[f"state {name}"].lstrip("+") == number(float(arrays[f"values/1.{name}"][7, 3]))
        assert shown[f"state {name}"][0] in "+−0"
        norm = np.linalg.norm(arrays[f"gradient/1.{name}"][7].astype(np.float64))
        assert shown[f"|dL/d{name}|, all units"] == number(float(norm))
    assert shown["output at the end"] == f"{float(arrays['outputs'][0]):.3f}"
    assert list(shown)[:6] == ["input number, marker", "state h", "state c", "f", "i", "o"]


def test_without_a_cursor_it_shows_the_last_step_and_the_unit_whose_state_is_largest(lstm: ReadOutPanel) -> None:
    states = snapshot(lstm).arrays["values/1.h"][-1]
    unit = int(np.abs(states).argmax())
    assert title(lstm) == "At t = 11"
    assert lstm.where.text() == f"the last step; unit {unit}, whose state is largest"
    assert rows(lstm)["state h"].lstrip("+") == number(float(states[unit]))


def test_a_step_without_a_unit_shows_the_unit_whose_state_is_largest_there(lstm: ReadOutPanel) -> None:
    lstm.session.cursor.hover(4)
    unit = int(np.abs(snapshot(lstm).arrays["values/1.h"][4]).argmax())
    assert title(lstm) == "At t = 4"
    assert f"unit {unit}, whose state is largest" in lstm.where.text()


def test_it_says_that_the_cursor_is_pinned(lstm: ReadOutPanel) -> None:
    lstm.session.cursor.pin(7, 3)
    assert "pinned; click it to let go" in lstm.where.text()
    lstm.session.cursor.release()
    assert title(lstm) == "At t = 11"


def test_the_film_moves_the_numbers_at_a_pinned_cursor(lstm: ReadOutPanel, qtbot: QtBot) -> None:
    lstm.session.cursor.pin(7, 3)
    after = rows(lstm)["state h"]
    lstm.session.film.go_to(0)
    qtbot.waitUntil(lambda: rows(lstm)["state h"] != after)
    expected = number(float(snapshot(lstm).arrays["values/1.h"][7, 3]))
    assert snapshot(lstm).step == 0
    assert rows(lstm)["state h"].lstrip("+") == expected


def test_whatever_stands_in_it_it_keeps_its_width(lstm: ReadOutPanel) -> None:
    width = lstm.minimumSizeHint().width()
    for t in range(12):
        for unit in range(8):
            lstm.session.cursor.hover(t, unit)
            assert lstm.minimumSizeHint().width() == width


def test_another_cell_has_other_rows_and_leaves_none_of_the_last_one(
    lstm: ReadOutPanel, two_runs: Path, qtbot: QtBot
) -> None:
    lstm.session.runs.select(2)
    qtbot.waitUntil(lambda: "state s" in rows(lstm))
    assert list(rows(lstm)) == [
        "input number, marker",
        "state s",
        "target at the end",
        "output at the end",
        "|dL/ds|, all units",
    ]


def test_symbols_targets_and_outputs_are_texts_of_the_step(
    panel: ReadOutPanel, look_at: Callable[[Path, int], None], tmp_path: Path
) -> None:
    train(small_experiment(task={"name": "copy", "delay": 5, "count": 3}, steps=5), tmp_path / "copy.rnnw")
    look_at(tmp_path / "copy.rnnw", 1)
    panel.session.cursor.hover(0, 0)
    first = rows(panel)
    length = snapshot(panel).length
    panel.session.cursor.hover(length - 3, 0)
    assert first["input"] == rows(panel)["target"]
    assert first["input"].isalpha()
    assert len(rows(panel)["output"]) == 1


def test_the_layer_of_the_hidden_state_is_read_out(
    panel: ReadOutPanel, look_at: Callable[[Path, int], None], tmp_path: Path
) -> None:
    train(small_experiment(layers=2, steps=5), tmp_path / "deep.rnnw")
    look_at(tmp_path / "deep.rnnw", 1)
    panel.session.cursor.hover(5, 2)
    panel.set_layer("2")
    assert "layer 2" in panel.where.text()
    assert rows(panel)["state h"].lstrip("+") == number(float(snapshot(panel).arrays["values/2.h"][5, 2]))


def test_snapshots_without_words_and_gradients_are_read_out(
    panel: ReadOutPanel, look_at: Callable[[Path, int], None], two_runs: Path
) -> None:
    with open_workbook(two_runs) as workbook:
        last = workbook.film.steps(1)[-1]
        arrays = workbook.film.read(1, last)
        kept = {name: arrays[name] for name in ("length", "inputs", "targets", "outputs", "values/1.h")}
        workbook.film.append(1, last + 1, kept)
    look_at(two_runs, 1)
    assert list(rows(panel)) == ["input", "state h", "target at the end", "output at the end"]
    assert rows(panel)["target at the end"] == number(float(kept["targets"][0]))


def test_values_that_are_no_numbers_are_said(
    panel: ReadOutPanel, look_at: Callable[[Path, int], None], two_runs: Path
) -> None:
    with open_workbook(two_runs) as workbook:
        last = workbook.film.steps(1)[-1]
        arrays = workbook.film.read(1, last)
        values = np.full_like(arrays["values/1.h"], np.nan)
        workbook.film.append(1, last + 1, {**arrays, "values/1.h": values})
    look_at(two_runs, 1)
    panel.session.cursor.hover(3, 1)
    assert rows(panel)["state h"] == "NaN"


def test_a_run_that_has_not_begun_says_so(panel: ReadOutPanel, tmp_path: Path, qtbot: QtBot) -> None:
    with open_workbook(tmp_path / "idle.rnnw", create=True) as workbook:
        start_run(workbook, small_experiment())
    panel.session.open(tmp_path / "idle.rnnw")
    qtbot.waitUntil(
        lambda: any("has not begun" in own.text() for own in panel.findChildren(QLabel) if own.isVisibleTo(panel))
    )


def test_a_new_name_of_the_run_is_taken_up(lstm: ReadOutPanel, qtbot: QtBot) -> None:
    lstm.session.cursor.pin(7, 3)
    workbook = lstm.session.workbook
    assert workbook is not None
    workbook.runs.rename(1, "Bob")
    qtbot.waitUntil(lambda: "unit 3 of Bob" in lstm.where.text())


def test_it_is_drawn_in_both_themes(lstm: ReadOutPanel) -> None:
    light = lstm.grab().toImage()
    theme().apply("dark")
    assert lstm.grab().toImage().pixelColor(280, 200).lightness() < light.pixelColor(280, 200).lightness()
