"""What a run was made with; a resumed run has to be made with the same, or its numbers would differ."""

import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from workbench import __version__
from workbench.lab.errors import CannotResume
from workbench.lab.machine import usable_cores

if TYPE_CHECKING:
    from workbench.lab.building import Setup

_SMALL = 1_000_000  # trained numbers below which a product is over before a second thread has woken
_MOST_THREADS = 8  # more only wait for each other: a step's products are small


@dataclass(frozen=True)
class Origin:
    """Versions, hashes and choices that belong to a run's numbers. ``memory`` is in bytes."""

    program: str
    python: str
    numpy: str
    machine: str
    backend: str
    threads: int
    cell_name: str
    task: str
    task_version: int
    data: Mapping[str, str]
    parameters: int
    memory: int
    numba: str = ""  # where it had no part
    device: str = ""
    """The GPU; "" for the processor, as for all that follows."""
    cupy: str = ""
    cuda: str = ""
    """The version that CuPy was built for."""
    driver: str = ""
    """The newest version of CUDA that the driver runs."""
    way: str = ""
    """How the GPU ran the sequences, and why so."""
    reason: str = ""
    """Why this backend, where the choice was left to us and measured."""

    @classmethod
    def of(cls, setup: "Setup") -> Self:
        """Return the origin that a run of this setup has, started here and now."""
        from workbench.backends.installed import numba_version

        backend, parameters = setup.backend_name, setup.requirements.parameters
        return cls(
            **(_gpu() if backend == "cupy" else {}),
            program=__version__,
            python=platform.python_version(),
            numpy=np.__version__,
            machine=f"{platform.system()} {platform.machine()}",
            backend=backend,
            threads=setup.experiment.threads or choose_threads(parameters, backend),
            cell_name=setup.cell.name,
            task=setup.task.name,
            task_version=setup.task.version,
            data=setup.task.data_hashes(),
            parameters=parameters,
            memory=setup.requirements.memory,
            numba=numba_version() if backend == "numba" else "",
        )

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Self:
        """Return the origin kept with a run."""
        return cls(**values)

    def values(self) -> dict[str, Any]:
        """Return the origin as plain values."""
        return asdict(self)

    def changed(self, **values: str) -> Self:
        """Return a copy in which some choices are others."""
        return replace(self, **values)  # type: ignore[arg-type]

    def refuse_other_data(self, now: "Origin") -> None:
        """Raise CannotResume where task or data are no longer those the run began with."""
        if self.task_version != now.task_version:
            raise CannotResume(
                f"The task {self.task} has changed since the run began (protocol {self.task_version}, now "
                f"{now.task_version}). Resume it with RNN Workbench {self.program}, or start a new run."
            )
        changed = [name for name, digest in self.data.items() if now.data.get(name) != digest]
        if changed:
            raise CannotResume(
                f"The task's data ({', '.join(changed)}) are no longer those the run began with. "
                "Bring them back, or start a new run."
            )

    def differences(self, now: "Origin") -> list[str]:
        """Return what else differs, in words: it may change the last digits of the numbers."""
        return [
            f"{name} {getattr(self, name)}, now {getattr(now, name)}"
            for name in ("program", "python", "numpy", "numba", "machine", "device", "cupy", "cuda", "driver")
            if getattr(self, name) != getattr(now, name)
        ]


def _gpu() -> dict[str, str]:
    """What the GPU and its libraries add."""
    from workbench.backends.cupy.looking import find_gpu

    found = find_gpu()
    device = found.gpus[0].name if found.gpus else ""
    return {"device": device, "cupy": found.cupy, "cuda": found.runtime, "driver": found.driver}


def choose_threads(parameters: int, backend: str = "numpy") -> int:
    """Return how many threads suit a network of so many trained numbers.

    Compiled programs share out a batch by themselves, where that pays; one thread feeds a GPU.
    """
    if backend == "cupy":
        return 1
    return min(usable_cores(), _MOST_THREADS) if backend == "numba" or parameters >= _SMALL else 1
