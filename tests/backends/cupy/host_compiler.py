"""Compiles generated CUDA sources for the host, once for all tests and processes."""

import ctypes
import functools
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from workbench.backends.errors import BackendError

HERE = Path(__file__).parent
SHIM = HERE / "shim.h"
RUNTIME = HERE / "host_runtime.cpp"
FLAGS = ("-std=c++17", "-O1", "-fPIC", "-shared", "-fno-fast-math", "-ffp-contract=off", "-U_FORTIFY_SOURCE")
LETTERS = {
    "f": np.float32, "d": np.float64, "i": np.int32, "I": np.uint32, "q": np.int64, "B": np.uint8,
}  # fmt: skip
"""The types of numbers behind a pointer, by the letters of shim.h."""


class KernelLibrary:
    """A compiled source."""

    def __init__(self, path: Path) -> None:
        runtime()  # what it calls
        self.path = path
        self._library = ctypes.CDLL(str(path))

    def entry(self, name: str) -> tuple[Any, str]:
        """Return the address that runs a kernel, and the letters of its arguments."""
        letters = getattr(self._library, f"host_letters_{name}")
        letters.restype = ctypes.c_char_p
        return getattr(self._library, f"host_run_{name}"), letters().decode()


def missing() -> str:
    """Return why kernels cannot be compiled for this host; "" if they can."""
    if sys.platform == "win32":
        return "kernels for the host need ucontext, which Windows lacks"
    return "" if _compiler() else "no C++ compiler (c++, g++ or clang++) is installed"


@functools.cache
def compile_kernels(source: str, names: tuple[str, ...], definitions: tuple[str, ...]) -> KernelLibrary:
    """Compile a source and load it. Raises BackendError with the compiler's words."""
    entries = "".join(f"\nHOST_ENTRY({name})" for name in names)
    text = f'#include "{SHIM}"\n#line 1 "source"\n{source}\n#line 1 "entries"{entries}\n'
    return KernelLibrary(_compiled(text, ["-fvisibility=hidden", *definitions]))


@functools.cache
def compile_library(source: str) -> ctypes.CDLL:
    """Compile a C++ source that needs nothing of ours and load it."""
    return ctypes.CDLL(str(_compiled(source, [])))


@functools.cache
def runtime() -> ctypes.CDLL:
    """Return the library that runs kernels; what compiled sources call lies in it."""
    return ctypes.CDLL(str(_compiled(RUNTIME.read_text(encoding="utf-8"), [])), mode=ctypes.RTLD_GLOBAL)


def _compiled(text: str, flags: Sequence[str]) -> Path:
    """Return the library of a C++ source: from the folder of those compiled before, or new."""
    if reason := missing():
        raise BackendError(f"Not compiled: {reason}.")
    command = [*_compiler(), *FLAGS, *flags]
    if sys.platform == "darwin":
        command += ["-D_XOPEN_SOURCE", "-undefined", "dynamic_lookup"]
    digest = hashlib.sha256("\0".join([_version(), *command, text, SHIM.read_text(encoding="utf-8")]).encode())
    library = _folder() / f"{digest.hexdigest()[:32]}.so"
    if not library.exists():
        with tempfile.TemporaryDirectory(dir=library.parent) as draft_folder:
            source, draft = Path(draft_folder, "source.cpp"), Path(draft_folder, "library.so")
            source.write_text(text, encoding="utf-8")
            done = subprocess.run([*command, "-o", draft, source], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise BackendError(f"The host's compiler refused the source:\n{done.stderr}")
            draft.replace(library)  # in one instant: other processes compile too
    return library


@functools.cache
def _compiler() -> tuple[str, ...]:
    found = (shutil.which(name) for name in ("c++", "g++", "clang++"))
    return tuple(path for path in found if path)[:1]


@functools.cache
def _version() -> str:
    return subprocess.run([*_compiler(), "--version"], capture_output=True, text=True, check=True).stdout


@functools.cache
def _folder() -> Path:
    """Return a folder that is the user's alone, for libraries are loaded from it."""
    folder = Path(tempfile.gettempdir(), f"rnn-workbench-host-kernels-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise BackendError(f"The folder {folder} belongs to someone else: remove it.")
    return folder
