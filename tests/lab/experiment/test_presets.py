"""The experiments that come with the program: found by name, told apart by title, each with where it comes from."""

import re
from collections import Counter
from typing import get_args

import pytest

from workbench.lab.building import prepare
from workbench.lab.experiment import preset_names, presets
from workbench.resources import resource_path
from workbench.tasks.base import Use

LONGEST_TITLE = 45  # letters that a menu shows without growing wide


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_can_be_trained(name: str) -> None:
    assert prepare(presets()[name]).requirements.parameters > 0


@pytest.mark.parametrize("name", preset_names())
def test_a_presets_name_says_what_is_learned_and_its_title_fits_a_menu(name: str) -> None:
    preset = presets()[name]
    assert name.startswith((preset.task.name, "window"))
    assert 0 < len(preset.name) <= LONGEST_TITLE


def test_no_two_presets_bear_one_title() -> None:
    titles = Counter(preset.name for preset in presets().values())
    assert max(titles.values()) == 1


def test_each_use_of_a_sequence_has_presets() -> None:
    assert {preset.task.use for preset in presets().values()} == set(get_args(Use))


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_says_in_a_comment_who_published_what_it_shows(name: str) -> None:
    comment = resource_path("presets", f"{name}.toml").read_text(encoding="utf-8").split("name =")[0]
    assert re.search(r"^# .*((19|20)\d\d|Keras)", comment, flags=re.MULTILINE)
