"""What the programs of generated CUDA code ask of a device: arrays, kernels, matrix products, recordings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Array = Any
"""An array of the device's."""


@dataclass(frozen=True)
class Card:
    """What decides how a sequence is run. Sizes in bytes."""

    name: str
    architecture: int
    """The compute capability times ten: 75, 80, 90."""
    multiprocessors: int
    shared_memory: int
    """Of one block, at most."""
    registers: int
    """Of one multiprocessor, 32 bits each."""
    memory: int
    cooperative: bool = True
    """Whether blocks can wait for one another."""


class Kernel(Protocol):
    """A function that a device runs."""

    def launch(
        self, blocks: int, threads: int, arguments: Sequence[Any], *, shared: int = 0, together: bool = False
    ) -> None:
        """Run ``blocks`` of ``threads`` each, in a row with all that the device was given before.

        ``arguments``: arrays, contiguous or not, of which the address of the first number is passed, and whole numbers,
        passed as ``int``. ``shared``: bytes of dynamic shared memory of a block. ``together``: all blocks run at once,
        so that they can wait for one another. Raises BackendError where they cannot.
        """

    def blocks_at_once(self, threads: int, shared: int) -> int:
        """How many blocks the device can run at once."""


class Recording(Protocol):
    """Work that was recorded, and all arrays it needs."""

    def replay(self) -> None:
        """Do it again, on the same arrays."""


class Device(Protocol):
    """One device, and the stream on which all of its work is done in order."""

    xp: Any
    card: Card

    def use(self) -> None:
        """Let the array operations of this thread go in one row with kernels and products."""

    def build(self, source: str, names: Sequence[str], options: Sequence[str]) -> dict[str, Kernel]:
        """Compile a source, in which the kernels are ``extern "C"``; options are such as ``-DHIDDEN=64``.

        Raises BackendError with the compiler's words.
        """

    def multiply(self, left: Array, right: Array, out: Array, *, add: bool = False) -> None:
        """``out = left @ right``, or ``out += left @ right``.

        All have two axes, one type of float32 or float64, and numbers side by side along one axis (out: along the
        last). Never by way of copies, and the same to the last bit each time.
        """

    def record(self, work: Callable[[], None]) -> Recording:
        """Record what ``work`` launches and multiplies, without doing it. Raises BackendError where it cannot."""

    def self_test(self) -> str:
        """Record work and do it again, once; return "", or the sentence why recording does not work here."""
