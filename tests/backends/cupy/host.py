"""A device for tests: kernels are compiled for the host, their threads are fibres, and arrays are NumPy's.

``shim.h`` says what kernels may use. Threads take turns in an order that is always the same (``backward`` turns it
around: a result that depends on it lacks a barrier). Reported as BackendError, with the kernel's name and the line of
the source: barriers that not all threads reach, blocks or threads that wait for ever, shuffles from lanes that take no
part, writes behind the shared memory, and arguments that are not what the kernel declares.
"""

import ctypes
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from tests.backends.cupy.host_compiler import LETTERS, KernelLibrary, compile_kernels, runtime
from workbench.backends.cupy.device import Array, Card, Kernel
from workbench.backends.cupy.layouts import gemm_arguments
from workbench.backends.errors import BackendError

_ONE_AT_A_TIME = threading.Lock()
_INT = range(-(2**31), 2**31)

HOST_CARD = Card(
    name="host", architecture=90, multiprocessors=4, shared_memory=227 * 1024, registers=65536, memory=2**30
)


class HostRecording:
    """The launches and products of a recording, in order."""

    def __init__(self, calls: Sequence[Callable[[], None]]) -> None:
        self._calls = tuple(calls)

    def replay(self) -> None:
        """Do them again."""
        for call in self._calls:
            call()


@dataclass
class HostDevice:
    """The protocol ``Device`` on NumPy's arrays.

    ``blocks_per_multiprocessor`` bounds how many blocks run together, besides threads and shared memory.
    """

    card: Card = HOST_CARD
    backward: bool = False
    blocks_per_multiprocessor: int = 2
    xp: Any = np
    _recorded: list[Callable[[], None]] | None = field(default=None, init=False)

    def build(self, source: str, names: Sequence[str], options: Sequence[str]) -> dict[str, Kernel]:
        """Compile a source with the host's compiler; of the options, definitions (``-D``) alone are its own."""
        library = compile_kernels(source, tuple(names), tuple(option for option in options if option.startswith("-D")))
        return {name: HostKernel(self, library, name) for name in names}

    def multiply(self, left: Array, right: Array, out: Array, *, add: bool = False) -> None:
        """Multiply what a card could multiply without copies."""
        gemm_arguments(left, right, out)

        def work() -> None:
            with np.errstate(all="ignore"):  # a card tells of no number that is not finite
                if add:
                    out[...] += left @ right
                else:
                    np.matmul(left, right, out=out)

        self.do(work)

    def record(self, work: Callable[[], None]) -> HostRecording:
        """Note the launches and products of ``work`` instead of doing them."""
        if self._recorded is not None:
            raise BackendError("A recording is going on already: one cannot begin inside another.")
        self._recorded = []
        try:
            work()
            return HostRecording(self._recorded)
        finally:
            self._recorded = None

    def use(self) -> None:
        """Do nothing: all is done in one row."""

    def self_test(self) -> str:
        """Return "": tests record on purpose."""
        return ""

    def do(self, work: Callable[[], None]) -> None:
        """Do it now, or note it where a recording is going on."""
        if self._recorded is None:
            work()
        else:
            self._recorded.append(work)


class HostKernel:
    """The protocol ``Kernel`` for one function of a compiled source."""

    def __init__(self, device: HostDevice, library: KernelLibrary, name: str) -> None:
        self.name = name
        self._device = device
        self._entry, self._letters = library.entry(name)

    def launch(
        self, blocks: int, threads: int, arguments: Sequence[Any], *, shared: int = 0, together: bool = False
    ) -> None:
        """Run it, or note it where a recording is going on; what a card would refuse is refused at once."""
        self._check_sizes(blocks, threads, shared)
        if together and blocks > (most := self.blocks_at_once(threads, shared)):
            raise BackendError(f"{self.name}: {blocks} blocks cannot run together, {most} can.")
        values = self._converted(arguments)
        self._device.do(partial(self._run, blocks, threads, values, shared, together))

    def blocks_at_once(self, threads: int, shared: int) -> int:
        """How many blocks the card could run at once, if registers were no matter."""
        self._check_sizes(1, threads, shared)
        card = self._device.card
        by_shared = (card.shared_memory + 1024) // (shared + 1024)
        return card.multiprocessors * min(self._device.blocks_per_multiprocessor, 2048 // threads, by_shared)

    def _check_sizes(self, blocks: int, threads: int, shared: int) -> None:
        if not (1 <= blocks < 2**31 and 1 <= threads <= 1024):
            raise BackendError(f"{self.name}: no card runs {blocks} blocks of {threads} threads.")
        if not 0 <= shared <= self._device.card.shared_memory:
            raise BackendError(f"{self.name}: no block has {shared} bytes of shared memory.")

    def _converted(self, arguments: Sequence[Any]) -> list[Any]:
        """Return the arguments as C sees them; raises BackendError unless they are what the kernel declares."""
        if len(arguments) != len(self._letters):
            raise BackendError(f"{self.name} takes {len(self._letters)} arguments, not {len(arguments)}.")
        pairs = enumerate(zip(arguments, self._letters, strict=True))
        return [self._converted_one(place, argument, letter) for place, (argument, letter) in pairs]

    def _converted_one(self, place: int, argument: Any, letter: str) -> Any:
        if isinstance(argument, np.ndarray) and letter != "=":
            declared = argument.dtype if letter == "*" else np.dtype(LETTERS[letter])
            if argument.dtype != declared:
                raise BackendError(f"{self.name}: argument {place} is of {argument.dtype}, not of {declared}.")
            return argument.ctypes.data_as(ctypes.c_void_p)  # which keeps the array, as long as a recording of it
        if isinstance(argument, (int, np.integer)) and not isinstance(argument, bool) and letter == "=":
            if int(argument) not in _INT:
                raise BackendError(f"{self.name}: argument {place} is {argument}, which is no int of 32 bits.")
            return ctypes.c_int(int(argument))
        wanted = "a whole number" if letter == "=" else "an array"
        raise BackendError(f"{self.name}: argument {place} is {type(argument).__name__}, the kernel takes {wanted}.")

    def _run(self, blocks: int, threads: int, values: Sequence[Any], shared: int, together: bool) -> None:
        addresses = (ctypes.c_void_p * max(1, len(values)))(*(ctypes.addressof(value) for value in values))
        message = ctypes.create_string_buffer(400)
        sizes = (blocks, threads, ctypes.c_long(shared), int(together), int(self._device.backward))
        with _ONE_AT_A_TIME:
            failed = runtime().host_launch(self._entry, addresses, *sizes, message, len(message))
        if failed:
            raise BackendError(f"{self.name}: {message.value.decode()}.")
