"""What only a card can show."""

import numpy as np
import pytest

pytestmark = pytest.mark.gpu


def test_products_and_kernels_can_be_recorded_here() -> None:
    from workbench.backends.cupy.cuda import CudaDevice

    assert CudaDevice().self_test() == ""
    assert CudaDevice(tf32=True).self_test() == ""


def test_float32_is_strict() -> None:
    import cupy

    from workbench.backends.cupy.cuda import CudaDevice

    device = CudaDevice()
    factor = np.float32(1 + 2**-12)  # needs more than the ten bits of TF32
    out = cupy.zeros((256, 256), np.float32)
    device.multiply(cupy.full((256, 256), factor), cupy.eye(256, dtype=np.float32), out)
    assert bool((out == factor).all())


def test_products_are_the_same_to_the_last_bit_each_time() -> None:
    import cupy

    from workbench.backends.cupy.cuda import CudaDevice

    device = CudaDevice()
    random = np.random.default_rng(0)
    left, right = (cupy.asarray(random.standard_normal((n, 777)).astype(np.float32)) for n in (64, 333))
    found = []
    for _ in range(5):
        out = cupy.empty((64, 333), np.float32)
        device.multiply(left, right.T, out)
        found.append(out.get().tobytes())
    assert len(set(found)) == 1


def test_the_card_is_described() -> None:
    from workbench.backends.cupy.cuda import CudaDevice

    card = CudaDevice().card
    assert card.name
    assert card.architecture >= 75
    assert card.shared_memory >= 64 * 1024
    assert card.registers >= 32 * 1024
    assert min(card.multiprocessors, card.memory) > 0


def test_arrays_are_made_on_the_devices_stream() -> None:
    import cupy

    from workbench.backends.cupy.cuda import CudaDevice

    device = CudaDevice()
    assert cupy.cuda.get_current_stream() == device.stream
