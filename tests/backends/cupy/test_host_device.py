"""What the host reports of kernels that a card would run without a word, or for ever."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from tests.backends.cupy import host_compiler, toys
from tests.backends.cupy.host import HostDevice
from workbench.backends.errors import BackendError

pytestmark = pytest.mark.skipif(bool(host_compiler.missing()), reason=host_compiler.missing())


def launch(body: str, blocks: int, threads: int, numbers: int = 64, *, together: bool = False, shared: int = 0) -> Any:
    """Run a kernel of an array ``x`` of whole numbers, all 0 at first, and return it."""
    source = toys.BOTH + f'extern "C" __global__ void faulty(int* x) {{\n#line 1 "body"\n{body}\n}}'
    x = np.zeros(numbers, np.int32)
    kernel = HostDevice().build(source, ["faulty"], [])["faulty"]
    kernel.launch(blocks, threads, [x], together=together, shared=shared)
    return x


def test_a_barrier_that_half_of_a_block_never_reaches_is_passed_once_that_half_has_ended() -> None:
    x = launch("if (threadIdx.x >= 32) return;\n__syncthreads();\nx[threadIdx.x] = 1;", 1, 64)
    assert x.sum() == 32


def test_different_barriers_of_one_block_are_reported() -> None:
    with pytest.raises(BackendError, match=r"faulty: the barrier is not the same .* line 1, thread 7 at line 2"):
        launch("if (threadIdx.x != 7) __syncthreads();\nelse __syncthreads();", 1, 32)


def test_a_barrier_and_a_warp_that_wait_for_each_other_are_reported() -> None:
    body = "if (threadIdx.x < 16) __syncwarp();\nelse { __syncthreads(); x[threadIdx.x] = 1; }"
    with pytest.raises(BackendError, match="faulty: nobody can go on: block 0 has 32 living threads; 16 of them"):
        launch(body, 1, 32)


def test_a_wait_for_what_nobody_writes_is_reported() -> None:
    with pytest.raises(BackendError, match=r"nobody can go on: .* thread 0, wait in a loop at line 1"):
        launch("while (*(volatile int*)x == 0) SPIN_WAIT();", 2, 4, together=True)


def test_a_wait_for_a_block_that_does_not_run_at_once_is_reported() -> None:
    body = "atomicAdd(x, 1);\nwhile (*(volatile int*)x < 2) SPIN_WAIT();"
    assert launch(body, 2, 1, together=True)[0] == 2
    with pytest.raises(BackendError, match=r"nobody can go on: block 0 .* line 2"):
        launch(body, 2, 1)


def test_a_kernel_can_be_launched_after_one_that_failed() -> None:
    with pytest.raises(BackendError, match="nobody can go on"):
        launch("while (*(volatile int*)x == 0) SPIN_WAIT();", 1, 32)
    assert launch("__syncthreads(); x[threadIdx.x] = 1;", 1, 64).sum() == 64


def test_a_lane_that_is_not_in_its_own_mask_is_reported() -> None:
    with pytest.raises(BackendError, match="thread 1 of block 0 is not in the mask that it gives at line 1"):
        launch("x[threadIdx.x] = __shfl_sync(1u, 5, 0);", 1, 2)


def test_a_number_from_a_lane_that_has_ended_is_reported() -> None:
    with pytest.raises(BackendError, match="asks at line 2 for the number of lane 0, which takes no part"):
        launch("if (threadIdx.x == 0) return;\nx[threadIdx.x] = __shfl_sync(0xffffffffu, 5, 0);", 1, 32)


def test_parts_of_a_warp_shuffle_on_their_own() -> None:
    body = """const unsigned mine = threadIdx.x < 8 ? 0xffu : 0xffffff00u;
    int sum = threadIdx.x;
    if (threadIdx.x < 8) sum = __shfl_xor_sync(mine, sum, 1);
    else for (int i = 0; i < 3; i++) sum = __shfl_xor_sync(mine, sum, 2);
    x[threadIdx.x] = sum;"""
    lanes = np.arange(32)
    assert np.array_equal(launch(body, 1, 32, 32), np.where(lanes < 8, lanes ^ 1, lanes ^ 2))


def test_a_write_behind_the_shared_memory_is_reported() -> None:
    body = "DYNAMIC_SHARED(int, own);\nown[threadIdx.x] = 1;\nx[threadIdx.x] = own[threadIdx.x];"
    assert launch(body, 1, 32, shared=128).sum() == 32
    with pytest.raises(BackendError, match="block 0 wrote behind its 124 bytes of shared memory"):
        launch(body, 1, 32, shared=124)


def test_shared_memory_is_nan_before_a_block_begins() -> None:
    body = "DYNAMIC_SHARED(float, own);\nx[blockIdx.x] = isnan(own[0]);\nown[0] = 1.0f;"
    assert launch(body, 3, 1, 3, shared=4).sum() == 3


def test_static_shared_memory_is_refused_in_words() -> None:
    with pytest.raises(BackendError, match="declare it by DYNAMIC_SHARED"):
        launch("__shared__ int own[32];\nx[0] = own[0];", 1, 1)


def test_the_order_of_threads_shows_a_barrier_that_is_missing() -> None:
    source = (
        toys.BOTH
        + """
extern "C" __global__ void racing(int* x) {
    x[threadIdx.x] = threadIdx.x;
    x[32 + threadIdx.x] = x[(threadIdx.x + 1) % 32];
}"""
    )

    def run(*, backward: bool) -> Any:
        x = np.full(64, -1, np.int32)
        HostDevice(backward=backward).build(source, ["racing"], [])["racing"].launch(1, 32, [x])
        return x[32:].tolist()

    assert run(backward=False) != run(backward=True)


def test_arithmetic_is_not_contracted() -> None:
    source = 'extern "C" __global__ void rest(const float* x, float* y) { y[0] = x[0] * x[0] - y[0]; }'
    x = np.full(1, 1 + 2**-12, np.float32)
    y = x * x
    HostDevice().build(source, ["rest"], [])["rest"].launch(1, 1, [x, y])
    assert y[0] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([np.zeros(1), np.zeros(1), np.zeros(1)], "takes 4 arguments, not 3"),
        ([np.zeros(1), np.zeros(1, np.float32), np.zeros(1), 1], "argument 1 is of float32, not of float64"),
        ([np.zeros(1), np.zeros(1), np.zeros(1), 1.0], "argument 3 is float, the kernel takes a whole number"),
        ([np.zeros(1), 5, np.zeros(1), 1], "argument 1 is int, the kernel takes an array"),
        ([np.zeros(1), np.zeros(1), np.zeros(1), 2**31], "argument 3 is 2147483648, which is no int of 32 bits"),
    ],
)
def test_arguments_must_be_what_the_kernel_declares(arguments: Sequence[Any], words: str) -> None:
    kernel = HostDevice().build(toys.SAXPY, ["saxpy"], ["-DREAL=double"])["saxpy"]
    with pytest.raises(BackendError, match=f"saxpy.* {words}"):
        kernel.launch(1, 1, arguments)


def test_a_kernel_by_value_takes_whole_numbers_alone() -> None:
    with pytest.raises(BackendError, match="A kernel's arguments are pointers and int"):
        HostDevice().build('extern "C" __global__ void f(float x) {}', ["f"], [])


@pytest.mark.parametrize(("blocks", "threads"), [(0, 1), (1, 0), (1, 1025)])
def test_sizes_that_no_card_runs_are_refused(blocks: int, threads: int) -> None:
    with pytest.raises(BackendError, match=f"no card runs {blocks} blocks of {threads} threads"):
        launch("x[0] = 1;", blocks, threads)


def test_a_source_is_compiled_once_for_all_processes() -> None:
    def file() -> int:
        host_compiler.compile_kernels.cache_clear()  # as in a new process
        return host_compiler.compile_kernels(toys.SAXPY, ("saxpy",), ("-DREAL=float",)).path.stat().st_ino

    assert file() == file()
