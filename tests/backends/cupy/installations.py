"""Installations of CuPy made of NumPy, whole or broken in one way: what a process finds that looks for a GPU.

Errors bear the names and words that CuPy 14 gives them.
"""

import os
from pathlib import Path

CARD = "NVIDIA Test Card"

_CUPY = '''
"""NumPy in CuPy's place, for one thing broken."""
import os, sys, time
import numpy
from numpy import asarray, float32, int32, zeros

__version__ = "14.2.0"
_BROKEN = os.environ.get("STAND_IN_BROKEN", "")


def _error(name, module, base, words):
    return type(name, (base,), {"__module__": module})(words)


def _runtime_error(words):
    return _error("CUDARuntimeError", "cupy_backends.cuda.api.runtime", RuntimeError, words)


if _BROKEN == "import":
    raise ImportError("""
================================================================
Failed to import CuPy.

Original error:
  ImportError: libcudart.so.12: cannot open shared object file
================================================================
""")


def asnumpy(array):
    return numpy.array(array)


class RawKernel:
    def __init__(self, source, name):
        if _BROKEN == "headers":
            raise _error("CompileException", "cupy.cuda.compiler", Exception,
                'cuda_fp16.h(129): catastrophic error: cannot open source file "vector_types.h"\\n'
                "1 catastrophic error detected in the compilation.\\nCompilation terminated.")
        if _BROKEN == "compiler":
            raise _error("NVRTCError", "cupy_backends.cuda.libs.nvrtc", RuntimeError,
                "NVRTC_ERROR_INVALID_OPTION (5)")

    def __call__(self, blocks, threads, arguments):
        if _BROKEN == "memory":
            raise _error("OutOfMemoryError", "cupy.cuda.memory", MemoryError,
                "Out of memory allocating 4,096 bytes (allocated so far: 1,024 bytes).")
        if _BROKEN == "library":
            raise ImportError('Failure finding "libcublasLt.so.12": No such file\\n  listdir("lib"):')
        if _BROKEN == "illegal":
            raise _runtime_error("cudaErrorIllegalAddress: an illegal memory access was encountered")
        x, y, count = arguments
        y[:] = (0.5 * x + 1) if _BROKEN != "wrong" else 0


class runtime:
    @staticmethod
    def driverGetVersion():
        if _BROKEN == "hang":
            time.sleep(60)
        if _BROKEN == "crash":
            os.abort()
        return {"old": 12040, "none": 0}.get(_BROKEN, 12080)

    @staticmethod
    def runtimeGetVersion():
        return 13000 if _BROKEN == "old" else 12090

    @staticmethod
    def getDeviceCount():
        if _BROKEN == "device":
            raise _runtime_error("cudaErrorNoDevice: no CUDA-capable device is detected")
        if _BROKEN == "busy":
            raise _runtime_error("cudaErrorDevicesUnavailable: CUDA-capable device(s) is/are busy or unavailable")
        return 1

    @staticmethod
    def getDeviceProperties(number):
        return {"name": b"CARD", "totalGlobalMem": 8 << 30, "major": 6 if _BROKEN == "small" else 9, "minor": 0,
                "multiProcessorCount": 4}


class cuda:
    runtime = runtime
'''.replace("CARD", CARD)


_PROGRAMS = """
import sys, types


class _Module(types.ModuleType):
    def __getattr__(self, name):
        if name != "CupyBackend":
            raise AttributeError(name)
        from tests.backends.cupy.numpy_in_place import CupyBackend
        return CupyBackend


sys.modules["workbench.backends.cupy.backend"] = _Module("workbench.backends.cupy.backend")
"""


def install_training(folder: Path, broken: str = "", at: int = 0) -> dict[str, str]:
    """Install a card on which can be trained too, by NumPy; the variables of a process that finds it.

    ``broken``: "slow", "memory" or "lost", from the forward pass number ``at`` on.
    """
    environment = install_stand_in(folder)
    (folder / "sitecustomize.py").write_text(_PROGRAMS)
    return environment | {"STAND_IN_TRAINING": broken, "STAND_IN_AT": str(at)}


def install_stand_in(folder: Path, broken: str = "", packages: tuple[str, ...] = ("cupy_cuda12x",)) -> dict[str, str]:
    """Write an installation and a driver into a folder; return the variables with which a process finds both."""
    package = folder / "cupy"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text(_CUPY)
    for name in packages:
        information = folder / f"{name}-14.2.0.dist-info"
        information.mkdir(exist_ok=True)
        (information / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 14.2.0\n"
        )
    driver = folder / "driver"
    driver.mkdir(exist_ok=True)
    (driver / "libcuda.so.1").touch()
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(paths), "LD_LIBRARY_PATH": str(driver), "STAND_IN_BROKEN": broken}
