"""The device that CuPy gives: the only file that knows CuPy. It is imported where a card is to be used, not before."""

import ctypes
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

import cupy
import numpy as np
from cuda.pathfinder import load_nvidia_dynamic_lib
from cupy.cuda import driver, runtime
from cupy.cuda.compiler import CompileException
from cupy_backends.cuda.libs.cublas import CUBLASError

from workbench.backends.cupy.blas import WORKSPACE, Products
from workbench.backends.cupy.device import Array, Card, Kernel
from workbench.backends.cupy.layouts import gemm_arguments
from workbench.backends.errors import BackendError

_COOPERATIVE_LAUNCH = 95
"""``cudaDevAttrCooperativeLaunch``."""
_WITHOUT_ASKING = 48 * 1024
"""Bytes of shared memory that a block may have without the kernel's asking for more."""

_SUM_UP = """
extern "C" __global__ void sum_up(const float* x, float* total, int count) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count) total[i] += x[i];
}
"""
_CLOSE = 5e-3  # TF32 keeps ten bits of each factor


class CudaRecording:
    """A CUDA graph, and the arrays that it works on."""

    def __init__(self, graph: Any, stream: Any, kept: Sequence[Any]) -> None:
        self._graph = graph
        self._stream = stream
        self._kept = tuple(kept)  # a graph knows addresses alone

    def replay(self) -> None:
        """Put the whole work in the stream's row, by one call."""
        self._graph.launch(stream=self._stream)


class CudaDevice:
    """The protocol ``Device`` on the current NVIDIA card.

    ``tf32``: products of float32 round their factors to 10 bits, which the tensor cores multiply several times faster.
    """

    def __init__(self, *, tf32: bool = False) -> None:
        """Raises CuPy's errors where there is no card, and BackendError where cuBLAS fails."""
        self.xp = cupy
        self._index = runtime.getDevice()
        self._stream = _stream(self._index)
        self.use()
        self.card = _card(self._index)
        self._workspace = cupy.cuda.alloc(WORKSPACE)
        self._products = Products(_cublas(), self._stream.ptr, self._workspace.ptr, CUBLASError, tf32=tf32)
        self._kept: list[Any] | None = None

    def use(self) -> None:
        """Make the device's stream the current one of this thread, and so that of all array operations.

        Then they come in one row with kernels and products; and memory that CuPy hands out anew, it hands out on the
        stream on which it was given back, so that nobody overwrites what a kernel still reads. Each thread that works
        with the device's arrays needs this once; the one that made the device has it.
        """
        self._stream.use()

    def synchronize(self) -> None:
        """Wait until all work is done. Raises CuPy's error where some of it failed."""
        self._stream.synchronize()

    def build(self, source: str, names: Sequence[str], options: Sequence[str]) -> dict[str, Kernel]:
        """Compile a source, or take it from CuPy's folder of those compiled before.

        CuPy adds ``-ftz=true`` of itself, which concerns float32 alone.
        """
        module = cupy.RawModule(code=source, options=("--std=c++17", *options))
        try:
            return {name: CudaKernel(self, module.get_function(name)) for name in names}
        except CompileException as error:
            raise BackendError(f"NVRTC refused a source of {', '.join(names)}:\n{error}") from error
        except driver.CUDADriverError as error:
            raise BackendError(f"The driver did not load {', '.join(names)}: {error}.") from error

    def multiply(self, left: Array, right: Array, out: Array, *, add: bool = False) -> None:
        """Multiply by cuBLAS, on the arrays as they lie."""
        gemm = gemm_arguments(left, right, out)
        self.keep((left, right, out))
        if out.size == 0:
            return
        if gemm.inner == 0:  # an empty sum, on which cuBLAS's manual is silent
            if not add:
                out.fill(0)
            return
        self._products.multiply(gemm, left.data.ptr, right.data.ptr, out.data.ptr, add=add)

    def record(self, work: Callable[[], None]) -> CudaRecording:
        """Record the stream into a CUDA graph.

        ``work`` was done once before, so that all kernels are loaded; it allocates nothing, for a graph keeps no memory
        but that of the arrays given to launches and products; and it does not wait for the device.
        """
        if self._kept is not None:
            raise BackendError("A recording is going on already: one cannot begin inside another.")
        self._kept = []
        try:
            with self._stream:
                graph = self._capture(work)
            graph.upload(stream=self._stream)
            return CudaRecording(graph, self._stream, self._kept)
        except runtime.CUDARuntimeError as error:
            raise BackendError(f"CUDA could not record the work of a sequence: {error}.") from error
        finally:
            self._kept = None

    def keep(self, arrays: Sequence[Any]) -> None:
        """Let arrays live as long as the recording that is going on, if one is."""
        if self._kept is not None:
            self._kept.extend(arrays)

    @property
    def stream(self) -> Any:
        """CuPy's stream of all work."""
        return self._stream

    def self_test(self) -> str:
        """Record a product and a kernel, replay them twice and compare with NumPy.

        Returns why recording does not work here; "" if it does. Other errors are raised.
        """
        try:
            return _fault_of_recording(self)
        except BackendError as error:
            return str(error)

    def _capture(self, work: Callable[[], None]) -> Any:
        self._stream.begin_capture()
        try:
            work()
        except BaseException:
            with suppress(runtime.CUDARuntimeError):  # the work's own error says more
                self._stream.end_capture()
            raise
        return self._stream.end_capture()


class CudaKernel:
    """The protocol ``Kernel`` on a card."""

    def __init__(self, device: CudaDevice, raw: Any) -> None:
        """Loads the kernel: raises CompileException or CUDADriverError."""
        self._device = device
        self._raw = raw
        self._function = raw.kernel
        self._name = str(raw.name)
        self._allowed = _WITHOUT_ASKING
        self._at_once: dict[tuple[int, int], int] = {}

    def launch(
        self, blocks: int, threads: int, arguments: Sequence[Any], *, shared: int = 0, together: bool = False
    ) -> None:
        """Put the kernel in the stream's row."""
        # CuPy itself would run fewer blocks and only warn; they would wait for the missing ones for ever.
        if together and blocks > (most := self.blocks_at_once(threads, shared)):
            raise BackendError(
                f"{self._name}: {most} blocks of {threads} threads and {shared} bytes can run together, not {blocks}."
            )
        self._allow(shared)
        self._device.keep(arguments)
        values = tuple(value if isinstance(value, cupy.ndarray) else np.int32(value) for value in arguments)
        stream = self._device.stream
        try:
            self._function(
                (blocks,), (threads,), values, shared_mem=shared, stream=stream, enable_cooperative_groups=together
            )
        except driver.CUDADriverError as error:
            raise BackendError(
                f"{self._name} could not be launched on {blocks} blocks of {threads} threads "
                f"with {shared} bytes of shared memory: {error}."
            ) from error

    def blocks_at_once(self, threads: int, shared: int) -> int:
        """How many blocks fit on all multiprocessors, by the registers and shared memory of this very kernel."""
        if (threads, shared) in self._at_once:
            return self._at_once[threads, shared]
        self._allow(shared)
        each = driver.occupancyMaxActiveBlocksPerMultiprocessor(self._function.ptr, threads, shared)
        self._at_once[threads, shared] = int(each) * self._device.card.multiprocessors
        return self._at_once[threads, shared]

    def _allow(self, shared: int) -> None:
        if shared <= self._allowed:
            return
        try:
            self._raw.max_dynamic_shared_size_bytes = shared
        except driver.CUDADriverError as error:
            most = self._device.card.shared_memory
            raise BackendError(
                f"{self._name} asks for {shared} bytes of shared memory; a block of this card has {most}: {error}."
            ) from error
        self._allowed = shared


@cache
def _stream(index: int) -> Any:
    """Return the one stream of a card: array operations are on the current one, whichever backend they are of.

    It is not the null stream, for that one cannot be recorded.
    """
    return cupy.cuda.Stream(non_blocking=True)


def _card(index: int) -> Card:
    properties = runtime.getDeviceProperties(index)
    return Card(
        name=properties["name"].decode(),
        architecture=10 * properties["major"] + properties["minor"],
        multiprocessors=properties["multiProcessorCount"],
        shared_memory=properties["sharedMemPerBlockOptin"],
        registers=properties["regsPerMultiprocessor"],
        memory=properties["totalGlobalMem"],
        cooperative=bool(runtime.deviceGetAttribute(_COOPERATIVE_LAUNCH, index)),
    )


def _cublas() -> ctypes.CDLL:
    """Return the library that CuPy has loaded: it loaded it with its own bindings, imported above."""
    return ctypes.CDLL(load_nvidia_dynamic_lib("cublas").abs_path)


def _fault_of_recording(device: CudaDevice) -> str:
    """Return what is wrong with a product and a kernel that were recorded and replayed; "" if nothing is."""
    random = np.random.default_rng(0)
    left, right = (random.standard_normal((33, 33)).astype(np.float32) for _ in range(2))
    first, second = cupy.asarray(left), cupy.asarray(right)
    product, total = cupy.zeros((33, 33), dtype=np.float32), cupy.zeros((33, 33), dtype=np.float32)
    kernel = device.build(_SUM_UP, ["sum_up"], [])["sum_up"]

    def work() -> None:
        device.multiply(first, second, product)
        kernel.launch(9, 128, [product, total, product.size])

    work()
    recording = device.record(work)
    for _ in range(2):
        recording.replay()
    found, wanted = cupy.asnumpy(total), 3 * (left @ right)
    if np.abs(found - wanted).max() <= _CLOSE * np.abs(wanted).max():
        return ""
    return "A product and a kernel that were recorded into a CUDA graph computed something else when replayed."
