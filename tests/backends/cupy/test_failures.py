"""Errors of CuPy's are known by their names, without CuPy."""

import pytest

from workbench.backends.cupy.failures import explain, last_words
from workbench.backends.errors import BackendError


def cupys(
    name: str, words: str, module: str = "cupy_backends.cuda.api.runtime", base: type = RuntimeError
) -> Exception:
    """Return an error as CuPy raises it."""
    error: Exception = type(name, (base,), {"__module__": module})(words)
    return error


OUT_OF_MEMORY = cupys(
    "OutOfMemoryError",
    "Out of memory allocating 1,073,741,824 bytes (allocated so far: 5,368,709,120 bytes).",
    "cupy.cuda.memory",
    MemoryError,
)


def test_memory_that_ran_out_says_what_was_asked_for_and_what_was_held() -> None:
    failure = explain(OUT_OF_MEMORY)
    assert failure is not None
    assert failure.kind == "memory"
    assert failure.sentence == ("The GPU's memory ran out: 1.0 GiB more were asked for, and this run held 5.0 GiB.")
    assert not failure.gone


@pytest.mark.parametrize(
    ("error", "kind", "gone"),
    [
        (cupys("CUDARuntimeError", "cudaErrorMemoryAllocation: out of memory"), "memory", False),
        (cupys("CUBLASError", "CUBLAS_STATUS_ALLOC_FAILED"), "memory", False),
        (cupys("CUDARuntimeError", "cudaErrorNoDevice: no CUDA-capable device is detected"), "nothing", True),
        (cupys("CUDARuntimeError", "cudaErrorDevicesUnavailable: busy or unavailable"), "busy", True),
        (cupys("CUDARuntimeError", "cudaErrorECCUncorrectable: uncorrectable ECC error encountered"), "device", True),
        (cupys("CUDARuntimeError", "cudaErrorIllegalAddress: an illegal memory access"), "device", True),
        (cupys("CUDADriverError", "CUDA_ERROR_LAUNCH_FAILED: unspecified launch failure"), "device", True),
        (cupys("CUDADriverError", "CUDA_ERROR_INVALID_VALUE: invalid argument"), "refused", False),
        (cupys("CUDARuntimeError", "cudaErrorCooperativeLaunchTooLarge: too many blocks"), "refused", False),
        (cupys("CompileException", "x.cu(3): error: expected a ;", "cupy.cuda.compiler", Exception), "compiler", False),
        (
            cupys("CompileException", 'cannot open source file "vector_types.h"', "cupy.cuda.compiler", Exception),
            "headers",
            False,
        ),
    ],
)
def test_each_kind_is_known(error: Exception, kind: str, gone: bool) -> None:
    failure = explain(error)
    assert failure is not None
    assert (failure.kind, failure.gone) == (kind, gone)
    assert failure.sentence.endswith(".")


def test_what_an_error_was_raised_from_counts_too() -> None:
    error = BackendError("The kernel could not be launched.")
    error.__cause__ = cupys("CUDADriverError", "CUDA_ERROR_UNKNOWN: unknown error")
    failure = explain(error)
    assert failure is not None
    assert failure.gone


@pytest.mark.parametrize("error", [ValueError("x"), MemoryError(), RuntimeError("cudaErrorNoDevice"), OSError(2, "no")])
def test_other_errors_are_not_cupys(error: Exception) -> None:
    assert explain(error) is None


def test_an_error_that_was_raised_from_itself_is_looked_at_once() -> None:
    error = ValueError("round and round")
    error.__cause__ = error
    assert explain(error) is None


def test_the_last_words_are_those_that_say_something() -> None:
    assert last_words(ValueError("first\nsecond.\n\n")) == "second"
    assert last_words(ValueError()) == "ValueError"
    assert last_words(ImportError("no libx.so\n  listdir(...)\n    liby.so")) == "no libx.so"
