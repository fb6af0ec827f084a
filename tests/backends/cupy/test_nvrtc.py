import pytest

from tests.backends.cupy import nvrtc, toys
from tests.backends.cupy.nvrtc import ARCHITECTURES, CudaCompileError, compile_cuda, read_log

needs_nvrtc = pytest.mark.skipif(bool(nvrtc.missing()), reason=nvrtc.missing())

HUNGRY = """
extern "C" __global__ void __launch_bounds__(1024) hungry(const float* x, float* y, int count) {
    float all[200];
    #pragma unroll
    for (int i = 0; i < 200; i++) all[i] = x[i * 1024 + threadIdx.x];
    for (int k = 0; k < count; k++) {
        #pragma unroll
        for (int i = 0; i < 200; i++) all[i] *= all[(i + 7) % 200];
    }
    #pragma unroll
    for (int i = 0; i < 200; i++) y[i * 1024 + threadIdx.x] = all[i];
}
"""


@needs_nvrtc
@pytest.mark.parametrize("real", ["float", "double"])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("toy", toys.SOURCES)
def test_sources_for_the_host_compile_for_every_card(toy: str, architecture: int, real: str) -> None:
    compiled = compile_cuda(toys.SOURCES[toy], (f"-DREAL={real}",), architecture)
    assert set(compiled.registers) == set(toys.KERNELS[toy])
    assert set(compiled.spills.values()) == {0}


@needs_nvrtc
def test_a_kernel_that_has_too_few_registers_is_told_to_spill() -> None:
    compiled = compile_cuda(HUNGRY)
    assert compiled.registers["hungry"] <= 65536 // 1024
    assert compiled.spills["hungry"] > 0
    assert compiled.stack["hungry"] > 0


@needs_nvrtc
def test_an_array_that_is_indexed_at_run_time_is_told_by_its_stack() -> None:
    source = """extern "C" __global__ void pick(const int* x, int* y) {
        int all[16];
        for (int i = 0; i < 16; i++) all[i] = 0;
        for (int i = 0; i < 1000; i++) all[x[i]] += i;
        y[threadIdx.x] = all[x[threadIdx.x]];
    }"""
    compiled = compile_cuda(source)
    assert compiled.stack == {"pick": 64}
    assert compiled.spills == {"pick": 0}


@needs_nvrtc
def test_a_source_that_is_no_cuda_is_refused_with_the_compilers_words() -> None:
    with pytest.raises(CudaCompileError, match=r'capability 7\.5:[\s\S]*identifier "unknown" is undefined'):
        compile_cuda("__global__ void f(int* x) { *x = unknown; }", (), 75)


def test_a_log_is_read_function_by_function() -> None:
    log = """ptxas info    : Compiling entry function 'b' for 'sm_90'
ptxas info    : Function properties for b
ptxas         .     704 bytes stack frame, 1448 bytes spill stores, 1476 bytes spill loads
ptxas info    : Used 64 registers, used 1 barriers, 704 bytes cumulative stack size
ptxas info    : Compiling entry function 'a' for 'sm_90'
ptxas info    : Function properties for a
ptxas         .     0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 25 registers, used 0 barriers"""
    compiled = read_log(log)
    assert compiled.registers == {"a": 25, "b": 64}
    assert compiled.stack == {"a": 0, "b": 704}
    assert compiled.spills == {"a": 0, "b": 1448 + 1476}
