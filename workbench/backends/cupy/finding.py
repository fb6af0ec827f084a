"""What was found out about the GPU of this machine, as a value that travels between processes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Gpu:
    """One card. ``memory`` in bytes, ``architecture`` is its compute capability times ten."""

    name: str
    memory: int
    architecture: int
    multiprocessors: int


@dataclass(frozen=True)
class Finding:
    """Whether a GPU can be used, in a clause; where it cannot, what to do about it, in sentences."""

    usable: bool
    about: str
    advice: str = ""
    cupy: str = ""
    runtime: str = ""
    """The version of CUDA that CuPy was built for."""
    driver: str = ""
    """The newest version of CUDA that the driver can run."""
    gpus: tuple[Gpu, ...] = field(default=())

    @property
    def refusal(self) -> str:
        """Why no GPU can be used, as sentences."""
        return f"The GPU cannot be used: {self.about}. {self.advice}".strip()

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Self:
        """Return what ``values`` described. Raises TypeError or ValueError where that is no finding."""
        found = cls(**{**values, "gpus": tuple(Gpu(**gpu) for gpu in values.get("gpus", ()))})
        if not isinstance(found.usable, bool) or not isinstance(found.about, str) or (found.usable and not found.gpus):
            raise ValueError("this is no finding")
        return found

    def values(self) -> dict[str, Any]:
        """Return the finding as plain values."""
        return asdict(self)
