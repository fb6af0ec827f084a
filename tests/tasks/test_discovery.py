import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

import workbench.tasks
from workbench.tasks import TaskError, discovery, parse_task, task_types

NEW_TASK = """
from typing import ClassVar, Literal
from workbench.tasks.adding import Adding, AddingSettings
from workbench.tasks.base import TaskSettings

class NewSettings(TaskSettings):
    title: ClassVar[str] = "New"
    about: ClassVar[str] = "A task in a file of its own."
    name: Literal["new"] = "new"

    def build(self, seed):
        return Adding(AddingSettings(length=10), seed)
"""


def test_the_tasks_of_the_room_are_found() -> None:
    expected = """
        adding copy delayed-echo latch parity temporal-order two-lag-echo
        counting dyck embedded-reber reber
        add-strings reverse sort translate
        language-model sentiment
        mackey-glass narma10 series sine sunspots
        digits
    """
    assert sorted(task_types()) == sorted(expected.split())


def test_one_new_file_is_a_new_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "new_task_of_a_test.py").write_text(NEW_TASK)
    monkeypatch.setattr(workbench.tasks, "__path__", [*workbench.tasks.__path__, str(tmp_path)])
    discovery.task_types.cache_clear()
    try:
        assert parse_task({"name": "new"}).build(0).length == 10
    finally:
        discovery.task_types.cache_clear()
        sys.modules.pop("workbench.tasks.new_task_of_a_test", None)


def test_settings_keep_what_was_asked() -> None:
    assert parse_task({"name": "adding", "length": 7}).model_dump() == {"name": "adding", "length": 7, "test_length": 0}


def test_an_unknown_name_gets_the_nearest_and_all_names() -> None:
    with pytest.raises(TaskError, match=r'no task "sentimant"\. Did you mean "sentiment"\?.*adding, copy'):
        parse_task({"name": "sentimant"})


def test_a_missing_name_gets_all_names() -> None:
    with pytest.raises(TaskError, match=r"has no name.*adding, copy"):
        parse_task({"length": 7})


@pytest.mark.parametrize(
    "values",
    [
        {"name": "adding", "length": 1},
        {"name": "adding", "length": 10**9},
        {"name": "adding", "lenght": 50},
        {"name": "digits", "order": "column"},
        {"name": "sentiment", "delimiter": "colon"},
    ],
)
def test_a_field_that_does_not_fit_is_refused_by_its_name(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        parse_task(values)
    assert refused.value.errors()[0]["loc"] == (list(values)[1],)


def test_settings_cannot_be_changed() -> None:
    settings = parse_task({"name": "adding"})
    with pytest.raises(ValidationError, match="frozen"):
        settings.name = "copy"  # type: ignore[misc]
