"""Small CUDA sources that use everything the generated ones use, for the host and for NVRTC."""

BOTH = """
#ifndef DYNAMIC_SHARED
#define DYNAMIC_SHARED(type, name) extern __shared__ __align__(16) type name[]
#define SPIN_WAIT() __nanosleep(20)
#endif
"""
"""What a source begins with that is read by both compilers."""

SAXPY = (
    BOTH
    + """
extern "C" __global__ void saxpy(const REAL* __restrict__ a, const REAL* x, REAL* y, int count) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count) y[i] += a[0] * x[i];
}
"""
)

REDUCTION = (
    BOTH
    + """
extern "C" __global__ void __launch_bounds__(256) sum_rows(const REAL* x, REAL* sums, int columns) {
    DYNAMIC_SHARED(REAL, partial);
    REAL sum = 0;
    for (int i = threadIdx.x; i < columns; i += blockDim.x) sum += x[blockIdx.x * columns + i];
    partial[threadIdx.x] = sum;
    for (int reach = blockDim.x / 2; reach > 0; reach /= 2) {
        __syncthreads();
        if (threadIdx.x < reach) partial[threadIdx.x] += partial[threadIdx.x + reach];
    }
    if (threadIdx.x == 0) sums[blockIdx.x] = partial[0];
}
"""
)

SHUFFLES = (
    BOTH
    + """
extern "C" __global__ void sum_warps(const REAL* x, REAL* sums) {
    REAL sum = x[blockIdx.x * 32 + threadIdx.x];
    for (int reach = 16; reach > 0; reach /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, reach);
    sums[blockIdx.x * 32 + threadIdx.x] = sum;
}
extern "C" __global__ void move(const REAL* x, REAL* out, int by) {
    const REAL mine = x[threadIdx.x];
    out[threadIdx.x] = __shfl_sync(0xffffffffu, mine, by);
    out[32 + threadIdx.x] = __shfl_down_sync(0xffffffffu, mine, by, 8);
    out[64 + threadIdx.x] = __shfl_up_sync(0xffffffffu, mine, by, 8);
    __syncwarp();
}
extern "C" __global__ void votes(const int* x, unsigned* out) {
    out[threadIdx.x] = __ballot_sync(0xffffffffu, x[threadIdx.x]);
    if (threadIdx.x == 0) out[0] = __any_sync(1u, x[0]) + 2 * __all_sync(1u, x[0]);
}
"""
)

GRID = (
    BOTH
    + """
__device__ __forceinline__ void wait_for_all(unsigned* counter, unsigned target) {
    __syncthreads();
    if (threadIdx.x == 0) {
        __threadfence();
        atomicAdd(counter, 1u);
        while (*(volatile unsigned*)counter < target) SPIN_WAIT();
        __threadfence();
    }
    __syncthreads();
}
// Each step every number becomes the sum of itself and of its neighbour in the next block.
extern "C" __global__ void ripple(const REAL* start, REAL* even, REAL* odd, unsigned* counter, int steps) {
    const int count = gridDim.x * blockDim.x;
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    const int next = (i + blockDim.x) % count;
    even[i] = start[i];
    for (int t = 0; t < steps; t++) {
        wait_for_all(counter, gridDim.x * (t + 1));
        REAL* from = t % 2 ? odd : even;
        REAL* to = t % 2 ? even : odd;
        to[i] = __ldcg(&from[i]) + __ldcg(&from[next]);
    }
}
"""
)

SOURCES = {"saxpy": SAXPY, "reduction": REDUCTION, "shuffles": SHUFFLES, "grid": GRID}
KERNELS = {
    "saxpy": ("saxpy",),
    "reduction": ("sum_rows",),
    "shuffles": ("sum_warps", "move", "votes"),
    "grid": ("ripple",),
}
