// The words of CUDA C++ for a host compiler: what generated kernels use of them, and no more.
//
// A thread is a fibre of host_runtime.cpp; it runs until it waits (a barrier, a shuffle, SPIN_WAIT) or returns.
//
// Two words are not CUDA's. A source that both compilers read begins with:
//   #ifndef DYNAMIC_SHARED
//   #define DYNAMIC_SHARED(type, name) extern __shared__ __align__(16) type name[]
//   #define SPIN_WAIT() __nanosleep(20)
//   #endif
// DYNAMIC_SHARED declares a block's dynamic shared memory inside a kernel; here it is NaN before a block begins.
// SPIN_WAIT belongs into each loop that waits for another block: here nobody else gets a turn without it.
#pragma once

#include <cmath>
#include <math.h> // which gives each function for float too, outside of std
#include <cstddef>
#include <cstdint>
#include <cstring>

#define __global__
#define __device__
#define __host__
#define __constant__ static const
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __align__(bytes) alignas(bytes)
#define __launch_bounds__(...)
#define __restrict__ // what other threads write is read anew
#define __shared__ static_assert(false, "The host has no static shared memory: declare it by DYNAMIC_SHARED.");

struct HostIndex {
    unsigned x, y, z;
};

extern "C" {
extern HostIndex threadIdx, blockIdx, blockDim, gridDim;
void* host_shared();
void host_barrier(int line);
void host_spin(int line);
// Returns what lane `source` of the warp gives as value; with source -1, as bits, the lanes that give more than 0.
uint64_t host_exchange(int line, unsigned mask, uint64_t value, int source);
void host_trap(int line);
}

constexpr int warpSize = 32;

#define DYNAMIC_SHARED(type, name) type* const name = static_cast<type*>(host_shared())

// As if they were functions that know the line they are called from.
#define SPIN_WAIT host::At{__LINE__}.spin
#define __nanosleep host::At{__LINE__}.spin
#define __syncthreads host::At{__LINE__}.barrier
#define __syncwarp host::At{__LINE__}.sync_warp
#define __shfl_sync host::At{__LINE__}.shuffle
#define __shfl_up_sync host::At{__LINE__}.shuffle_up
#define __shfl_down_sync host::At{__LINE__}.shuffle_down
#define __shfl_xor_sync host::At{__LINE__}.shuffle_xor
#define __ballot_sync host::At{__LINE__}.ballot
#define __any_sync host::At{__LINE__}.any
#define __all_sync host::At{__LINE__}.all
#define __trap host::At{__LINE__}.trap

namespace host {

struct At {
    int line;

    void spin(unsigned = 0) const { host_spin(line); }
    void barrier() const { host_barrier(line); }
    void trap() const { host_trap(line); }
    void sync_warp(unsigned mask = 0xffffffffu) const { host_exchange(line, mask, 0, -1); }
    unsigned ballot(unsigned mask, int predicate) const {
        return static_cast<unsigned>(host_exchange(line, mask, predicate != 0, -1));
    }
    int any(unsigned mask, int predicate) const { return ballot(mask, predicate) != 0; }
    int all(unsigned mask, int predicate) const { return ballot(mask, !predicate) == 0; }

    template <class T> T shuffle(unsigned mask, T value, int source, int width = 32) const {
        return exchange(mask, value, lane() / width * width + (source & (width - 1)));
    }
    template <class T> T shuffle_up(unsigned mask, T value, unsigned delta, int width = 32) const {
        const int source = lane() - static_cast<int>(delta);
        return exchange(mask, value, source < lane() / width * width ? lane() : source);
    }
    template <class T> T shuffle_down(unsigned mask, T value, unsigned delta, int width = 32) const {
        const int source = lane() + static_cast<int>(delta);
        return exchange(mask, value, source >= (lane() / width + 1) * width ? lane() : source);
    }
    template <class T> T shuffle_xor(unsigned mask, T value, int bits, int width = 32) const {
        const int source = lane() ^ bits;
        return exchange(mask, value, source / width == lane() / width ? source : lane());
    }

  private:
    static int lane() { return static_cast<int>(threadIdx.x % 32); }
    template <class T> T exchange(unsigned mask, T value, int source) const {
        static_assert(sizeof(T) <= sizeof(uint64_t), "Shuffles move numbers of up to 64 bits.");
        uint64_t bits = 0;
        memcpy(&bits, &value, sizeof(T));
        bits = host_exchange(line, mask, bits, source);
        memcpy(&value, &bits, sizeof(T));
        return value;
    }
};

// The letters by which the launching side checks its arguments.
template <class T> struct Letter {
    static_assert(sizeof(T) == 0, "A kernel's arguments are pointers and int.");
};
template <> struct Letter<int> { static constexpr char value = '='; };
template <class T> struct Letter<T*> { static constexpr char value = '*'; };
template <class T> struct Letter<const T*> : Letter<T*> {};
template <class T> struct Letter<volatile T*> : Letter<T*> {};
template <class T> struct Letter<const volatile T*> : Letter<T*> {};
template <> struct Letter<float*> { static constexpr char value = 'f'; };
template <> struct Letter<double*> { static constexpr char value = 'd'; };
template <> struct Letter<int*> { static constexpr char value = 'i'; };
template <> struct Letter<unsigned*> { static constexpr char value = 'I'; };
template <> struct Letter<long long*> { static constexpr char value = 'q'; };
template <> struct Letter<unsigned char*> { static constexpr char value = 'B'; };

template <class... Arguments> struct Call {
    void (*kernel)(Arguments...);
    template <std::size_t... I> struct Indices {};
    template <std::size_t N, std::size_t... I> struct Count : Count<N - 1, N - 1, I...> {};
    template <std::size_t... I> struct Count<0, I...> { using type = Indices<I...>; };

    template <std::size_t... I> void with(void** arguments, Indices<I...>) const {
        kernel(*static_cast<Arguments*>(arguments[I])...);
    }
    void operator()(void** arguments) const { with(arguments, typename Count<sizeof...(Arguments)>::type()); }
    static const char* letters() {
        static const char text[] = {Letter<Arguments>::value..., '\0'};
        return text;
    }
};
template <class... Arguments> Call<Arguments...> call(void (*kernel)(Arguments...)) { return {kernel}; }

} // namespace host

// What makes a kernel one that the host can find and run.
#define HOST_ENTRY(name)                                                                                               \
    extern "C" __attribute__((visibility("default"))) void host_run_##name(void** arguments) {                        \
        host::call(&name)(arguments);                                                                                  \
    }                                                                                                                  \
    extern "C" __attribute__((visibility("default"))) const char* host_letters_##name() {                             \
        return host::call(&name).letters();                                                                            \
    }

// Memory.
inline void host_fence() { asm volatile("" ::: "memory"); }
#define __threadfence() host_fence()
#define __threadfence_block() host_fence()
template <class T> T host_read(const T* pointer) {
    host_fence();
    return *pointer;
}
template <class T> T __ldcg(const T* pointer) { return host_read(pointer); }
template <class T> T __ldg(const T* pointer) { return host_read(pointer); }
template <class T> T __ldcs(const T* pointer) { return host_read(pointer); }
template <class T> void __stcg(T* pointer, T value) {
    *pointer = value;
    host_fence();
}
template <class T> void __stcs(T* pointer, T value) { __stcg(pointer, value); }

// Fibres do not interrupt one another: whatever lies between two waits is atomic.
template <class T> T host_exchange_value(T* pointer, T value) {
    const T before = host_read(pointer);
    __stcg(pointer, value);
    return before;
}
inline unsigned atomicAdd(unsigned* pointer, unsigned value) { return host_exchange_value(pointer, *pointer + value); }
inline int atomicAdd(int* pointer, int value) { return host_exchange_value(pointer, *pointer + value); }
inline unsigned atomicExch(unsigned* pointer, unsigned value) { return host_exchange_value(pointer, value); }

// Numbers.
using std::isfinite;
using std::isinf;
using std::isnan;
template <class T> T min(T left, T right) { return right < left ? right : left; }
template <class T> T max(T left, T right) { return left < right ? right : left; }
inline float rsqrtf(float x) { return 1.0f / std::sqrt(x); }
inline float rsqrt(float x) { return 1.0f / std::sqrt(x); }
inline double rsqrt(double x) { return 1.0 / std::sqrt(x); }
inline float __fmaf_rn(float a, float b, float c) { return std::fma(a, b, c); }
inline double __fma_rn(double a, double b, double c) { return std::fma(a, b, c); }
inline float __expf(float x) { return std::exp(x); }
inline float __logf(float x) { return std::log(x); }
inline float __fdividef(float x, float y) { return x / y; }
inline float __frcp_rn(float x) { return 1.0f / x; }
inline float __fadd_rn(float x, float y) { return x + y; }
inline float __fmul_rn(float x, float y) { return x * y; }
inline double __dadd_rn(double x, double y) { return x + y; }
inline double __dmul_rn(double x, double y) { return x * y; }
template <class To, class From> To host_bits(From value) {
    static_assert(sizeof(To) == sizeof(From), "Bits are kept.");
    To result;
    memcpy(&result, &value, sizeof(To));
    return result;
}
inline int __float_as_int(float x) { return host_bits<int>(x); }
inline unsigned __float_as_uint(float x) { return host_bits<unsigned>(x); }
inline float __int_as_float(int x) { return host_bits<float>(x); }
inline float __uint_as_float(unsigned x) { return host_bits<float>(x); }
inline long long __double_as_longlong(double x) { return host_bits<long long>(x); }
inline double __longlong_as_double(long long x) { return host_bits<double>(x); }

// Vectors of numbers, with a card's alignment.
struct alignas(8) float2 { float x, y; };
struct alignas(16) float4 { float x, y, z, w; };
struct alignas(16) double2 { double x, y; };
struct alignas(8) int2 { int x, y; };
struct alignas(16) int4 { int x, y, z, w; };
inline float2 make_float2(float x, float y) { return {x, y}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline double2 make_double2(double x, double y) { return {x, y}; }
