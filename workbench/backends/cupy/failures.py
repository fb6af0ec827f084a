"""What CuPy's errors mean, in sentences. They are known by their names: CuPy itself is not loaded for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from workbench.sizes import readable_bytes

Kind = Literal["memory", "headers", "compiler", "busy", "nothing", "driver", "refused", "device"]

_ROOMS = ("cupy", "cupy_backends")
_MEMORY_CODES = ("cudaErrorMemoryAllocation", "CUDA_ERROR_OUT_OF_MEMORY", "CUBLAS_STATUS_ALLOC_FAILED")
_BUSY_CODES = ("cudaErrorDevicesUnavailable", "CUDA_ERROR_DEVICE_UNAVAILABLE")
_NOTHING_CODES = ("cudaErrorNoDevice", "CUDA_ERROR_NO_DEVICE", "cudaErrorInvalidDevice", "CUDA_ERROR_INVALID_DEVICE")
_DRIVER_CODES = ("cudaErrorInsufficientDriver", "cudaErrorSystemDriverMismatch", "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH")
# What was asked for is wrong, not the device: it would answer to something else.
_REFUSED = re.compile(
    r"INVALID_?(VALUE|CONFIGURATION|IMAGE|PTX|SOURCE|HANDLE|PITCH|SYMBOL)|CAPTURE|TOO_?LARGE|OUT_?OF_?RESOURCES|"
    r"NOT_?SUPPORTED|UNSUPPORTED|NO_?(BINARY|KERNEL)|ARCH_?MISMATCH|MISSING_?CONFIGURATION",
    re.IGNORECASE,
)
_COMPILERS = ("CompileException", "NVRTCError", "JitifyException")
_ALLOCATING = re.compile(r"allocating ([\d,]+) bytes \(allocated so far: ([\d,]+) bytes")
_HEADERS = re.compile(r"(could not|cannot) open source file|No such file or directory", re.IGNORECASE)
_LINE = 200  # letters
_ORIGINAL = "Original error:"


@dataclass(frozen=True)
class Failure:
    """An error of the device, its libraries or its compiler: of which kind it is, and a sentence that says it."""

    kind: Kind
    sentence: str

    @property
    def gone(self) -> bool:
        """Whether nothing more can be asked of the device in this process, not even what it holds."""
        return self.kind in ("busy", "nothing", "driver", "device")


def explain(error: BaseException) -> Failure | None:
    """Return what an error of CuPy's, or one raised because of such, means; None for any other."""
    for cause in _causes(error):
        if _is_cupys(cause):
            return _failure(cause)
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it was raised from."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__


def _is_cupys(error: BaseException) -> bool:
    return any(kind.__module__.partition(".")[0] in _ROOMS for kind in type(error).__mro__)


def _failure(error: BaseException) -> Failure:
    said, name = last_words(error), type(error).__name__
    code = said.partition(":")[0]
    if name == "OutOfMemoryError" or code in _MEMORY_CODES:
        return Failure("memory", f"The GPU's memory ran out{_asked_for(str(error))}.")
    if name in _COMPILERS:
        if _HEADERS.search(str(error)):
            return Failure("headers", "The CUDA headers that kernels are compiled with are missing.")
        return Failure("compiler", f"A kernel could not be compiled for the GPU ({said}).")
    if code in _BUSY_CODES:
        return Failure("busy", f"The GPU is in use by another program ({said}).")
    if code in _NOTHING_CODES:
        return Failure("nothing", f"The GPU is gone ({said}).")
    if code in _DRIVER_CODES:
        return Failure("driver", f"The GPU's driver does not fit ({said}).")
    if _REFUSED.search(code):
        return Failure("refused", f"The GPU refused what it was asked to do ({said}).")
    return Failure("device", f"The GPU stopped working ({said}).")


def _asked_for(message: str) -> str:
    """How much was asked for, and how much was held, where the message says so."""
    found = _ALLOCATING.search(message)
    if found is None:
        return ""
    asked, held = (readable_bytes(int(number.replace(",", ""))) for number in found.groups())
    return f": {asked} more were asked for, and this run held {held}"


def last_words(error: BaseException) -> str:
    """Return what an error says in a line: what it names as the original error, or where it stands in a longer text."""
    lines = [line.strip(" =\t").rstrip(".") for line in str(error).splitlines()]
    lines = [line for line in lines if line] or [type(error).__name__]
    if _ORIGINAL in lines[:-1]:
        return lines[lines.index(_ORIGINAL) + 1][:_LINE]
    # A loader begins with what is missing and goes on with what there is; a compiler ends with its verdict.
    return lines[0 if isinstance(error, ImportError | OSError) else -1][:_LINE]
