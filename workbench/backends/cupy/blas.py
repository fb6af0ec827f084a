"""Matrix products by cuBLAS, through a handle of our own.

CuPy refuses its cuBLAS while a stream is being recorded. cuBLAS itself can be recorded, if it needs no memory of its
own then: so this handle has a workspace that is ours. One stream and one workspace also make the results the same, to
the last bit, each time (cuBLAS manual, "Results Reproducibility" and "CUDA Graphs Support").
"""

import ctypes
import weakref
from collections.abc import Callable

from workbench.backends.cupy.layouts import Gemm
from workbench.backends.errors import BackendError

WORKSPACE = 32 * 2**20
"""Bytes that cuBLAS's manual advises for compute capability 9.0; older cards need fewer."""

# The default mode computes with at least the bits of the numbers' type: no TF32. The pedantic one, which is meant for
# studies of numerics, would forbid it too, and more that is exact enough and quicker.
_DEFAULT_MATH = 0
_TF32_MATH = 3

_LARGEST = 2**31 - 1
_WORDS = {
    1: "it could not be initialised: is the driver older than the CUDA libraries?",
    3: "memory of the device ran out: make the batch, the sequence or the network smaller",
    7: "a size or leading dimension is wrong",
    8: "this card lacks what the product needs",
    11: "the device could not be reached",
    13: "the card failed while computing",
    14: "something inside it failed",
    15: "it has no such product",
}


class Products:
    """A cuBLAS handle, tied to one stream and one workspace, which must live as long."""

    def __init__(
        self,
        library: ctypes.CDLL,
        stream: int,
        workspace: int,
        error_of: Callable[[int], Exception],
        *,
        tf32: bool,
    ) -> None:
        """``stream`` and ``workspace`` are addresses; the workspace has ``WORKSPACE`` bytes, at a multiple of 256.

        ``error_of`` makes the error of a status, from which a BackendError is raised. Raises such.
        """
        self._library = library
        self._error_of = error_of
        self._handle = ctypes.c_void_p()
        self._call("Create_v2", ctypes.byref(self._handle))
        # At exit the device may be gone before the handle: then it is left alone.
        weakref.finalize(self, library.cublasDestroy_v2, self._handle).atexit = False
        # In this order: a change of the stream takes the workspace away.
        self._call("SetStream_v2", self._handle, ctypes.c_void_p(stream))
        self._call("SetWorkspace_v2", self._handle, ctypes.c_void_p(workspace), ctypes.c_size_t(WORKSPACE))
        self._call("SetMathMode", self._handle, _TF32_MATH if tf32 else _DEFAULT_MATH)

    def multiply(self, gemm: Gemm, left: int, right: int, out: int, *, add: bool) -> None:
        """Put a product in the stream's row. ``left``, ``right`` and ``out`` are addresses.

        With ``add``, it is added to what is there; otherwise nothing that was there matters.
        """
        if (
            max(gemm.rows, gemm.columns, gemm.inner, gemm.leading_first, gemm.leading_second, gemm.leading_out)
            > _LARGEST
        ):
            raise BackendError(f"A product of {gemm.columns}×{gemm.inner} by {gemm.inner}×{gemm.rows} is too large.")
        real = ctypes.c_double if gemm.double else ctypes.c_float
        self._call(
            "Dgemm_v2" if gemm.double else "Sgemm_v2",
            self._handle,
            int(gemm.transpose_first),
            int(gemm.transpose_second),
            gemm.rows,
            gemm.columns,
            gemm.inner,
            ctypes.byref(real(1)),
            ctypes.c_void_p(right),
            gemm.leading_first,
            ctypes.c_void_p(left),
            gemm.leading_second,
            ctypes.byref(real(1 if add else 0)),
            ctypes.c_void_p(out),
            gemm.leading_out,
        )

    def _call(self, name: str, *arguments: object) -> None:
        status = getattr(self._library, f"cublas{name}")(*arguments)
        if status == 0:
            return
        if status not in _WORDS:
            raise BackendError(f"cuBLAS answered {name} with status {status}, which its manual lists.")
        raise BackendError(f"cuBLAS failed at {name}: {_WORDS[status]}.") from self._error_of(status)
