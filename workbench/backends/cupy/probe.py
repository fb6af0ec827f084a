"""Tries the GPU, in this process and for good: ``python -m workbench.backends.cupy.probe`` prints one JSON object.

It is told in a process of its own because a driver may hang or take the process with it. Before it says yes, a kernel
was compiled and run, a matrix product was computed, and both agreed with NumPy.
"""

import importlib
import json
import sys
import warnings
from typing import Any

import numpy as np

from workbench.backends.cupy import advice
from workbench.backends.cupy.driver import cuda_of_driver, cuda_words
from workbench.backends.cupy.failures import explain, last_words
from workbench.backends.cupy.finding import Finding, Gpu
from workbench.backends.installed import cupy_packages, has_cupy

_KERNEL = r"""
extern "C" __global__ void halves(const float* x, float* y, const int count) {
    const int place = blockIdx.x * blockDim.x + threadIdx.x;
    if (place < count) y[place] = 0.5f * x[place] + 1.0f;
}
"""
_COUNT = 1000
_CLOSE = 1e-5  # of products in float32, beside their largest number
CUPY = "cupy"


def try_gpu() -> Finding:
    """Return whether a GPU can be used here, and why not where it cannot. Loads CuPy."""
    driver = cuda_of_driver()
    if not has_cupy():
        return advice.no_cupy(driver)
    packages = cupy_packages()
    if len(packages) > 1:
        return advice.several_packages(tuple(packages), driver)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the finding itself says what is wrong
            cupy: Any = importlib.import_module(CUPY)
    except Exception as error:  # noqa: BLE001 (whatever it is, it becomes the answer)
        return advice.not_importable(last_words(error), driver)
    try:
        return _ask(cupy, driver)
    except Exception as error:  # noqa: BLE001 (as above)
        return _refusal(error, driver)


def _ask(cupy: Any, driver: int) -> Finding:
    """Ask the driver what there is, then compute on it. Raises whatever CuPy does."""
    runtime = cupy.cuda.runtime
    driver = driver or int(runtime.driverGetVersion())
    built_for = int(runtime.runtimeGetVersion())
    if not driver:
        return advice.no_driver()
    if driver // 1000 < built_for // 1000:
        return advice.too_old(driver, built_for)
    gpus = tuple(_describe(runtime.getDeviceProperties(number)) for number in range(int(runtime.getDeviceCount())))
    if not gpus:
        return advice.no_device("there is none")
    first = gpus[0]
    if first.architecture < advice.LEAST:
        return advice.too_small(first.name, first.architecture)
    for what, error in (("kernel", _error_of_kernel(cupy)), ("matrix product", _error_of_product(cupy))):
        if not error <= _CLOSE:
            return advice.wrong_numbers(what, error)
    return Finding(
        True,
        f"CuPy {cupy.__version__}, CUDA {cuda_words(built_for)}, compute capability {first.architecture / 10:.1f}",
        cupy=str(cupy.__version__),
        runtime=cuda_words(built_for),
        driver=cuda_words(driver),
        gpus=gpus,
    )


def _describe(properties: Any) -> Gpu:
    name = properties["name"]
    return Gpu(
        name.decode(errors="replace") if isinstance(name, bytes) else str(name),
        int(properties["totalGlobalMem"]),
        10 * int(properties["major"]) + int(properties["minor"]),
        int(properties["multiProcessorCount"]),
    )


def _error_of_kernel(cupy: Any) -> float:
    """Compile a kernel as programs do, and one of CuPy's own, which needs the toolkit's headers; run both."""
    host = np.linspace(-3, 3, _COUNT, dtype=np.float32)
    x, y = cupy.asarray(host), cupy.zeros(_COUNT, dtype=np.float32)
    kernel = cupy.RawKernel(_KERNEL, "halves")
    kernel(((_COUNT + 127) // 128,), (128,), (x, y, np.int32(_COUNT)))
    return float(np.abs(cupy.asnumpy(y * 2 - x) - 2).max())


def _error_of_product(cupy: Any) -> float:
    random = np.random.default_rng(0)
    left, right = (random.random((67, 67), dtype=np.float32) - np.float32(0.5) for _ in range(2))
    found, wanted = cupy.asnumpy(cupy.asarray(left) @ cupy.asarray(right)), left @ right
    return float(np.abs(found - wanted).max() / np.abs(wanted).max())


def _refusal(error: Exception, driver: int) -> Finding:
    """Say what an error of CuPy's means to somebody who wants to use it."""
    failure, said = explain(error), last_words(error)
    match failure.kind if failure else "":
        case "memory":
            return advice.full(said)
        case "busy":
            return advice.busy(said)
        case "nothing" | "driver":
            return advice.no_device(said)
        case "headers":
            return advice.no_headers(driver)
        case "compiler":
            return advice.no_compiling(said, driver)
    if isinstance(error, ImportError | OSError):
        return advice.not_importable(said, driver)
    return advice.no_running(said, driver)


if __name__ == "__main__":
    print(json.dumps(try_gpu().values()))
    sys.stdout.flush()
