"""What holds for every device: the host's and a card."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.backends.cupy import toys
from workbench.backends.cupy.device import Array, Device, Kernel, Recording
from workbench.backends.errors import BackendError

REALS = {"float": np.float32, "double": np.float64}


def build(device: Device, toy: str, real: str = "double") -> dict[str, Kernel]:
    return device.build(toys.SOURCES[toy], toys.KERNELS[toy], [f"-DREAL={real}"])


def to_host(array: Array) -> NDArray[Any]:
    return np.asarray(array.get() if hasattr(array, "get") else array)


def same(found: Array, wanted: NDArray[Any]) -> bool:
    return bool(np.array_equal(to_host(found), wanted))


@pytest.mark.parametrize("real", REALS)
def test_every_number_has_its_thread(device: Device, real: str) -> None:
    x = np.arange(1000, dtype=REALS[real])
    y = device.xp.ones(1000, REALS[real])
    kernel = build(device, "saxpy", real)["saxpy"]
    kernel.launch(8, 128, [device.xp.full(1, 2, REALS[real]), device.xp.asarray(x), y, 1000])
    assert same(y, 2 * x + 1)


def test_an_array_is_given_by_its_first_number(device: Device) -> None:
    x, y = device.xp.arange(10.0), device.xp.zeros(10)
    kernel = build(device, "saxpy")["saxpy"]
    kernel.launch(1, 32, [device.xp.ones(1), x[3:], y[5:], 4])
    assert same(y, np.array([0, 0, 0, 0, 0, 3, 4, 5, 6, 0.0]))


@pytest.mark.parametrize("threads", [1, 2, 64, 256])
def test_threads_of_a_block_wait_at_barriers(device: Device, threads: int) -> None:
    x = np.arange(5 * 300.0).reshape(5, 300)
    sums = device.xp.zeros(5)
    build(device, "reduction")["sum_rows"].launch(5, threads, [device.xp.asarray(x), sums, 300], shared=8 * threads)
    assert same(sums, x.sum(1))


def test_a_block_may_have_more_shared_memory_than_it_gets_without_asking(device: Device) -> None:
    x, sums = device.xp.ones((3, 7)), device.xp.zeros(3)
    build(device, "reduction")["sum_rows"].launch(3, 128, [x, sums, 7], shared=60 * 1024)
    assert same(sums, np.full(3, 7.0))


@pytest.mark.parametrize("real", REALS)
def test_lanes_of_a_warp_sum_up_without_shared_memory(device: Device, real: str) -> None:
    x = np.arange(96, dtype=REALS[real])
    sums = device.xp.zeros(96, REALS[real])
    build(device, "shuffles", real)["sum_warps"].launch(3, 32, [device.xp.asarray(x), sums])
    assert same(sums, np.repeat(x.reshape(3, 32).sum(1), 32))


def test_lanes_read_from_one_lane_from_above_and_from_below(device: Device) -> None:
    lanes = np.arange(32.0)
    out = device.xp.zeros(96)
    build(device, "shuffles")["move"].launch(1, 32, [device.xp.asarray(lanes), out, 3])
    inside = lanes % 8
    assert same(out[:32], np.full(32, 3.0))
    assert same(out[32:64], np.where(inside + 3 < 8, lanes + 3, lanes))
    assert same(out[64:], np.where(inside >= 3, lanes - 3, lanes))


def test_lanes_vote(device: Device) -> None:
    x = np.zeros(32, np.int32)
    x[[1, 4]] = 7, -1
    out = device.xp.zeros(32, np.uint32)
    build(device, "shuffles")["votes"].launch(1, 32, [device.xp.asarray(x), out])
    assert same(out, np.array([0, *[1 << 1 | 1 << 4] * 31]))


@pytest.mark.parametrize("blocks", [1, 2, 5])
def test_blocks_wait_for_one_another(device: Device, blocks: int) -> None:
    start = np.random.default_rng(0).integers(0, 9, 64 * blocks).astype(float)
    even, odd = device.xp.zeros(64 * blocks), device.xp.zeros(64 * blocks)
    counter = device.xp.zeros(1, np.uint32)
    arguments = [device.xp.asarray(start), even, odd, counter, 20]
    build(device, "grid")["ripple"].launch(blocks, 64, arguments, together=True)
    wanted = start
    for _ in range(20):
        wanted = wanted + np.roll(wanted, -64)
    assert same(even, wanted)


def test_more_blocks_than_run_at_once_are_refused_together(device: Device) -> None:
    kernel = build(device, "grid")["ripple"]
    most = kernel.blocks_at_once(1024, 0)
    with pytest.raises(BackendError, match=f"ripple: .*{most} .*can"):
        kernel.launch(most + 1, 1024, [*(device.xp.zeros(1) for _ in range(4)), 0], together=True)


def test_shared_memory_bounds_how_many_blocks_run_at_once(device: Device) -> None:
    kernel = build(device, "reduction")["sum_rows"]
    assert kernel.blocks_at_once(64, device.card.shared_memory) == device.card.multiprocessors
    half = kernel.blocks_at_once(64, device.card.shared_memory // 2)
    assert kernel.blocks_at_once(64, 0) >= half >= device.card.multiprocessors


def test_more_shared_memory_than_a_block_can_have_is_refused(device: Device) -> None:
    kernel = build(device, "reduction")["sum_rows"]
    with pytest.raises(BackendError, match=f"sum_rows.* {device.card.shared_memory + 1} bytes of shared memory"):
        kernel.launch(1, 32, [device.xp.ones(1), device.xp.zeros(1), 1], shared=device.card.shared_memory + 1)


def test_a_source_that_does_not_compile_is_answered_with_the_compilers_words(device: Device) -> None:
    with pytest.raises(BackendError, match="unknown_word"):
        device.build('extern "C" __global__ void f(int* x) { *x = unknown_word; }', ["f"], [])


@given(st.data())
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_products_are_those_of_numpy(device: Device, data: st.DataObject) -> None:
    rows, inner, columns = (data.draw(st.integers(0, 7)) for _ in range(3))
    add, kind = data.draw(st.booleans()), data.draw(st.sampled_from([np.float32, np.float64]))
    random = np.random.default_rng(data.draw(st.integers(0, 9)))
    left, right, out = (
        random.integers(-9, 10, shape).astype(kind) for shape in [(rows, inner), (inner, columns), (rows, columns)]
    )
    wanted = left @ right + (out if add else 0)
    left_there, right_there = (
        device.xp.asarray(array.T.copy()).T if data.draw(st.booleans()) else device.xp.asarray(array)
        for array in (left, right)
    )
    around = device.xp.zeros((rows, columns + 3), kind)
    place = around[:, 1 : 1 + columns]
    place[...] = device.xp.asarray(out)
    device.multiply(left_there, right_there, place, add=add)
    assert same(place, wanted)
    assert same(around[:, 0], np.zeros(rows))
    assert same(around[:, columns + 1 :], np.zeros((rows, 2)))


def test_a_product_that_needs_a_copy_is_refused(device: Device) -> None:
    with pytest.raises(BackendError, match="The right matrix of a product has the strides"):
        device.multiply(device.xp.ones((2, 3)), device.xp.ones((3, 4))[:, ::2], device.xp.ones((2, 2)))


def test_what_is_recorded_is_done_at_each_replay_and_not_before(device: Device) -> None:
    kernel = build(device, "saxpy")["saxpy"]
    one, x, product, total = (device.xp.asarray(array) for array in (np.ones(1), np.eye(3) * 2, np.eye(3), np.zeros(9)))

    def work() -> None:
        device.multiply(x, x, product)
        kernel.launch(1, 32, [one, product, total, 9])

    work()
    recording = device.record(work)
    assert same(total, 4 * np.eye(3).ravel())
    x[...] = 3 * x
    recording.replay()
    recording.replay()
    assert same(product, 36 * np.eye(3))
    assert same(total, (4 + 2 * 36) * np.eye(3).ravel())


def test_blocks_that_wait_for_one_another_can_be_recorded(device: Device) -> None:
    kernel = build(device, "grid")["ripple"]
    start, even, odd = device.xp.ones(64), device.xp.zeros(64), device.xp.zeros(64)
    counter, unit, one = device.xp.zeros(1, np.uint32), device.xp.ones((1, 1)), device.xp.zeros((1, 1))

    def work() -> None:
        device.multiply(unit, unit, one, add=True)
        kernel.launch(2, 32, [start, even, odd, counter, 1], together=True)

    recording = device.record(work)
    for _ in range(2):
        counter[...] = 0
        recording.replay()
    assert same(odd, np.full(64, 2.0))
    assert same(one, np.full((1, 1), 2.0))


def test_a_recording_keeps_its_arrays(device: Device) -> None:
    kernel = build(device, "saxpy")["saxpy"]
    total = device.xp.zeros(1000)

    def recording_of_arrays_that_nobody_else_has() -> Recording:
        one, x = device.xp.ones(1), device.xp.ones(1000)
        return device.record(lambda: kernel.launch(8, 128, [one, x, total, 1000]))

    recording = recording_of_arrays_that_nobody_else_has()
    others = [device.xp.full(1000, 5.0) for _ in range(20)]
    recording.replay()
    assert len(others) == 20  # in memory that would have been free
    assert same(total, np.ones(1000))


def test_work_that_fails_leaves_the_device_usable(device: Device) -> None:
    def work() -> None:
        raise ValueError("no such step")

    with pytest.raises(ValueError, match="no such step"):
        device.record(work)
    out = device.xp.zeros((1, 1))
    device.multiply(device.xp.ones((1, 1)), device.xp.ones((1, 1)), out)
    assert same(out, np.ones((1, 1)))


def test_recordings_are_not_nested(device: Device) -> None:
    def work() -> None:
        device.record(lambda: None)

    with pytest.raises(BackendError, match="A recording is going on already"):
        device.record(work)
