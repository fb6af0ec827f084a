"""Which backend an experiment was found to be faster with: kept in the user's cache, so that it is measured once.

A choice bears the hash of all that a training step's time depends on; what is damaged is as good as nothing.
"""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import platformdirs

from workbench import __version__
from workbench.backends.cupy.finding import Finding
from workbench.backends.installed import numba_version
from workbench.backends.registry import processor_backend
from workbench.cells import Cell
from workbench.lab.experiment import Experiment, dump_toml
from workbench.lab.machine import usable_cores

GPU = "cupy"
_EVEN = 1.05
"""Times as fast from which one is called faster."""
# What a run is called, when it is looked at and where it starts changes nothing of a step's time.
_IRRELEVANT = frozenset(
    {"backend", "cell", "learning_rate", "name", "probe_sequence", "probe_size", "seed", "steps", "tf32"}
    | {"validate_every", "warmup"}
)


@dataclass(frozen=True)
class Choice:
    """A backend, and why this one, in a sentence."""

    backend: str
    reason: str

    @classmethod
    def between(cls, experiment: Experiment, processor: float, gpu: float) -> Self:
        """Choose by the seconds that a training step takes on each; where they are even, what needs no GPU."""
        sizes = f"for H={experiment.hidden}, B={experiment.batch}"
        if processor >= gpu * _EVEN:
            return cls(GPU, f"GPU: {_times(processor / gpu)} faster {sizes}.")
        if gpu >= processor * _EVEN:
            return cls(processor_backend(), f"CPU: {_times(gpu / processor)} faster {sizes}.")
        return cls(processor_backend(), f"CPU: as fast as the GPU {sizes}.")


def _times(ratio: float) -> str:
    return f"{ratio:.2f} times" if ratio < 1.1 else f"{ratio:.1f} times" if ratio < 10 else f"{ratio:.0f} times"


def kept_choice(experiment: Experiment, cell: Cell, gpu: Finding) -> Choice | None:
    """Return the choice that was measured before under these very conditions, None where there is none."""
    with suppress(OSError, RuntimeError, TypeError, ValueError, KeyError):
        values = json.loads(_file(experiment, cell, gpu).read_text(encoding="utf-8"))
        choice = Choice(values["backend"], values["reason"])
        if choice.backend in (GPU, processor_backend()) and isinstance(choice.reason, str) and choice.reason:
            return choice
    return None


def keep_choice(choice: Choice, experiment: Experiment, cell: Cell, gpu: Finding) -> None:
    """Keep a choice for the next run alike; a user without a cache measures each time."""
    with suppress(OSError, RuntimeError):
        path = _file(experiment, cell, gpu)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        own = path.with_name(f"{path.name}.{os.getpid()}")
        own.write_text(json.dumps(asdict(choice)), encoding="utf-8")
        own.replace(path)


def choices_folder() -> Path:
    """Where choices are kept."""
    return Path(platformdirs.user_cache_dir("rnn-workbench", appauthor=False)) / "choices"


def _file(experiment: Experiment, cell: Cell, gpu: Finding) -> Path:
    text = json.dumps(_conditions(experiment, cell, gpu), sort_keys=True, default=str)
    return choices_folder() / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"


def _conditions(experiment: Experiment, cell: Cell, gpu: Finding) -> dict[str, Any]:
    """All that the time of a training step depends on."""
    sizes = {name: value for name, value in experiment.values().items() if name not in _IRRELEVANT}
    return {
        "cell": dump_toml(cell.values),
        "experiment": sizes,
        "tf32": experiment.uses_tf32,
        "gpu": gpu.values(),
        "processor": [processor_backend(), numba_version(), np.__version__, usable_cores()],
        "program": __version__,
    }
