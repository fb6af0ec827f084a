// The functions of the cell language on one number, and what whole sequences need beside them.
// REAL is float or double. NaN goes in and comes out everywhere.

#ifndef DYNAMIC_SHARED
#define DYNAMIC_SHARED(type, name) extern __shared__ __align__(16) unsigned char name##_bytes[]; \
    type* const name = reinterpret_cast<type*>(name##_bytes)
#endif
#ifndef SPIN_WAIT
#define SPIN_WAIT() __nanosleep(20)
#endif

typedef REAL real;

// Gradients that have vanished: see the other backends. float64 stays exact.
__device__ __forceinline__ float flush(float a) { return ::fabs(a) < 1e-30f ? 0.0f : a; }
__device__ __forceinline__ double flush(double a) { return a; }

// The functions behind :: are those of the type of their argument.
namespace cell {
__device__ __forceinline__ real add(real a, real b) { return a + b; }
__device__ __forceinline__ real subtract(real a, real b) { return a - b; }
__device__ __forceinline__ real multiply(real a, real b) { return a * b; }
__device__ __forceinline__ real divide(real a, real b) { return a / b; }
__device__ __forceinline__ real negative(real a) { return -a; }
__device__ __forceinline__ real sigmoid(real a) { return real(1) / (real(1) + ::exp(-a)); }
__device__ __forceinline__ real tanh(real a) { return ::tanh(a); }
__device__ __forceinline__ real relu(real a) { return a <= real(0) ? real(0) : a; }
__device__ __forceinline__ real softplus(real a) { return relu(a) + ::log1p(::exp(-::fabs(a))); }
__device__ __forceinline__ real exp(real a) { return ::exp(a); }
__device__ __forceinline__ real log(real a) { return ::log(a); }
__device__ __forceinline__ real sqrt(real a) { return ::sqrt(a); }
__device__ __forceinline__ real abs(real a) { return ::fabs(a); }
__device__ __forceinline__ real sin(real a) { return ::sin(a); }
__device__ __forceinline__ real cos(real a) { return ::cos(a); }
__device__ __forceinline__ real floor(real a) { return ::floor(a); }
__device__ __forceinline__ real maximum(real a, real b) { return a > b || a != a ? a : b; }
__device__ __forceinline__ real minimum(real a, real b) { return a < b || a != a ? a : b; }
// With the divisor's sign, as Python's.
__device__ __forceinline__ real mod(real a, real b) {
    const real rest = ::fmod(a, b);
    if (rest == real(0)) return b < real(0) ? -real(0) : real(0);
    return (rest < real(0)) != (b < real(0)) ? rest + b : rest;
}
__device__ __forceinline__ real where_less(real a, real b, real yes, real no) { return a < b ? yes : no; }
__device__ __forceinline__ real where_less_equal(real a, real b, real yes, real no) { return a <= b ? yes : no; }
__device__ __forceinline__ real where_greater(real a, real b, real yes, real no) { return a > b ? yes : no; }
__device__ __forceinline__ real where_greater_equal(real a, real b, real yes, real no) { return a >= b ? yes : no; }
__device__ __forceinline__ real where_equal(real a, real b, real yes, real no) { return a == b ? yes : no; }
__device__ __forceinline__ real where_not_equal(real a, real b, real yes, real no) { return a != b ? yes : no; }
}  // namespace cell

// The sum of all threads' numbers, in an order that never changes; `room` holds a number for each thread.
__device__ __forceinline__ real sum_of_block(real* room, real number) {
    __syncthreads();
    room[threadIdx.x] = number;
    for (int width = blockDim.x; width > 1;) {
        const int half = (width + 1) / 2;
        __syncthreads();
        if (threadIdx.x < width - half) room[threadIdx.x] += room[threadIdx.x + half];
        width = half;
    }
    __syncthreads();
    return room[0];
}
