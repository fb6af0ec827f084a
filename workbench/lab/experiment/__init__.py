"""The experiment: what a run is to be, as one frozen value."""

from workbench.lab.experiment.effects import without_effect, words_without_effect
from workbench.lab.experiment.experiment import Experiment
from workbench.lab.experiment.files import (
    apply_settings,
    dump_experiment,
    load_experiment,
    preset_names,
    presets,
    save_experiment,
)
from workbench.lab.experiment.parts import CellText
from workbench.lab.experiment.toml import dump_toml

__all__ = [
    "CellText",
    "Experiment",
    "apply_settings",
    "dump_experiment",
    "dump_toml",
    "load_experiment",
    "preset_names",
    "presets",
    "save_experiment",
    "without_effect",
    "words_without_effect",
]
