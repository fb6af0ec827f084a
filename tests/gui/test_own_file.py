"""A user's file behind the form: read in a process of its own, which keeps nobody waiting."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.support import end_all_runs, small_experiment
from workbench.gui.background import Background
from workbench.gui.control import RunControl
from workbench.gui.form.draft import Draft
from workbench.gui.form.form import ExperimentForm
from workbench.gui.session import Session
from workbench.lab.apart import look_apart, shared_helper, stop_answers
from workbench.lab.experiment import Experiment
from workbench.lab.running import experiment_of


@pytest.fixture
def experiment(tmp_path: Path) -> Iterator[Experiment]:
    path = tmp_path / "sentences.csv"
    lines = (f"{' '.join(str(number))} it is,{'good' if number % 3 else 'bad'}\n" for number in range(90))
    path.write_text("text,label\n" + "".join(lines), encoding="utf-8")
    yield small_experiment(task={"name": "sentiment", "path": str(path)}, steps=20)
    stop_answers()


def test_examples_needs_and_a_run_of_a_users_file_come_from_another_process(
    qtbot: QtBot, opened: Session, background: Background, experiment: Experiment
) -> None:
    draft = Draft(experiment)
    form = ExperimentForm(draft, background, tuple)
    qtbot.addWidget(form)
    with qtbot.waitExposed(form):
        form.show()
    qtbot.waitUntil(lambda: form.needs.outlook is not None and "it is" in form.task.preview.text())
    assert shared_helper().process is not None
    assert "sentences.csv" in form.task.about.text()
    control = RunControl(opened, draft, lambda: form.refusal)
    control.train()
    qtbot.waitUntil(lambda: len(opened.runs.records) == 3)
    kept = experiment_of(opened.runs.records[-1])
    assert kept.changed({"task.sha256": ""}) == experiment
    assert len(kept.values()["task"]["sha256"]) == 64
    assert opened.workbook is not None
    end_all_runs(opened.workbook.path)
    control.close()


def test_a_file_that_cannot_be_used_is_said_at_the_file(
    qtbot: QtBot, background: Background, experiment: Experiment
) -> None:
    form = ExperimentForm(Draft(experiment.changed({"task.label_column": "mood"})), background, tuple)
    qtbot.addWidget(form)
    with qtbot.waitExposed(form):
        form.show()
    qtbot.waitUntil(lambda: 'no column "mood"' in form.refusal)
    assert "no column" in form.row("task.path").reason.text()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_closing_a_session_waits_for_no_file(dressed: object, experiment: Experiment, qtbot: QtBot) -> None:
    path = str(experiment.values()["task"]["path"])
    look_apart(path)
    process = shared_helper().process
    assert process is not None
    os.kill(process, signal.SIGSTOP)
    session = Session()
    session.estimates.ask("look", lambda: look_apart(path), print, print)
    qtbot.waitUntil(lambda: bool(session.estimates._under_way))
    session.close()
    assert shared_helper().process is None
