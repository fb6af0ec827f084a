"""Compiles CUDA sources as for a card, where there is none: NVRTC needs no device and no driver.

It comes with the package ``nvidia-cuda-nvrtc``; a test that needs it is skipped, with a reason, where that is missing.
"""

import ctypes
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

PACKAGE = "nvidia-cuda-nvrtc"
ARCHITECTURES = (75, 80, 90)
"""Those that every source must compile for: the oldest that CUDA 13 knows, and what comes after."""

_ENTRY = re.compile(r"Compiling entry function '(\w+)'")
_FUNCTION = re.compile(r"Function properties for (\w+)")
_STACK = re.compile(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads")
_REGISTERS = re.compile(r"Used (\d+) registers")


class CudaCompileError(Exception):
    """A source that NVRTC refused; its text holds the compiler's words."""


@dataclass(frozen=True)
class Compiled:
    """What the compiler told of the functions of a source, by their names."""

    log: str
    registers: dict[str, int]
    """Of one thread of a kernel."""
    stack: dict[str, int]
    """Bytes of local memory of one thread: arrays that did not go into registers, and what was spilt."""
    spills: dict[str, int]
    """Bytes that one thread writes and reads because registers ran out."""


def missing() -> str:
    """Return why nothing can be compiled; "" if it can."""
    return "" if _library_path() else f"the package {PACKAGE} is not installed (it is for Linux on x86-64)"


@functools.cache
def compile_cuda(source: str, options: tuple[str, ...] = (), architecture: int = 90) -> Compiled:
    """Compile to machine code for a compute capability, given times ten.

    Raises CudaCompileError with the compiler's log, warnings included.
    """
    path = _library_path()
    assert path is not None, missing()
    library = ctypes.CDLL(str(path))
    program = ctypes.c_void_p()
    _check(library, library.nvrtcCreateProgram(ctypes.byref(program), source.encode(), b"source.cu", 0, None, None))
    try:
        wanted = [
            f"-arch=sm_{architecture}",
            "--std=c++17",
            "--ptxas-options=-v",
            *options,
            "-ftz=true",
        ]  # which CuPy adds too
        encoded = (ctypes.c_char_p * len(wanted))(*(option.encode() for option in wanted))
        status = library.nvrtcCompileProgram(program, len(wanted), encoded)
        log = _log(library, program)
    finally:
        library.nvrtcDestroyProgram(ctypes.byref(program))
    if status != 0:
        raise CudaCompileError(f"NVRTC refused a source for compute capability {architecture / 10}:\n{log}")
    return read_log(log)


def read_log(log: str) -> Compiled:
    """Return what a verbose log tells."""
    result = Compiled(log, {}, {}, {})
    entry = function = ""
    for line in log.splitlines():
        if found := _ENTRY.search(line):
            entry = found[1]
        elif found := _FUNCTION.search(line):
            function = found[1]
        elif found := _STACK.search(line):
            result.stack[function] = int(found[1])
            result.spills[function] = int(found[2]) + int(found[3])
        elif found := _REGISTERS.search(line):
            result.registers[entry] = int(found[1])
    return result


def _log(library: ctypes.CDLL, program: ctypes.c_void_p) -> str:
    size = ctypes.c_size_t()
    _check(library, library.nvrtcGetProgramLogSize(program, ctypes.byref(size)))
    text = ctypes.create_string_buffer(max(1, size.value))
    _check(library, library.nvrtcGetProgramLog(program, text))
    return text.value.decode()


def _check(library: ctypes.CDLL, status: int) -> None:
    if status != 0:
        library.nvrtcGetErrorString.restype = ctypes.c_char_p
        raise CudaCompileError(f"NVRTC: {library.nvrtcGetErrorString(status).decode()}.")


@functools.cache
def _library_path() -> Path | None:
    try:
        files: Sequence[metadata.PackagePath] = metadata.files(PACKAGE) or ()
    except metadata.PackageNotFoundError:
        return None
    found = [file for file in files if re.fullmatch(r"libnvrtc\.so\.\d+", file.name)]
    return Path(str(found[0].locate())) if found else None
