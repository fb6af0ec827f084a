"""The devices of the tests: the host in both orders of its threads and, where there is one, a card."""

from functools import cache
from importlib.util import find_spec

import pytest

from tests.backends.cupy import host_compiler
from tests.backends.cupy.host import HostDevice
from workbench.backends.cupy.device import Device


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a card where there is none."""
    if item.get_closest_marker("gpu") and not _has_card():
        pytest.skip("no CUDA device")


@pytest.fixture(params=["host", "host-backward", pytest.param("card", marks=pytest.mark.gpu)])
def device(request: pytest.FixtureRequest) -> Device:
    """Each device in turn."""
    if request.param == "card":
        from workbench.backends.cupy.cuda import CudaDevice

        return CudaDevice()
    if reason := host_compiler.missing():
        pytest.skip(reason)
    return HostDevice(backward=request.param == "host-backward")


@cache
def _has_card() -> bool:
    if find_spec("cupy") is None:
        return False
    import cupy

    return bool(cupy.cuda.is_available())
