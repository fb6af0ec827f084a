// What a whole sequence in one launch needs: products of a matrix that stays where it is, and blocks that wait for
// one another. A block has THREADS threads; it owns UNITS units of ROWS sequences, one for each of its first threads.

struct __align__(16) Four { real a, b, c, d; };

// operand (ROWS x DEPTH, in shared memory) times matrix (DEPTH x COLUMNS), in SLICES parts of the depth.
// A thread sums WIDTH columns over one slice. Of a slice's rows of the matrix the first HELD lie in the thread's
// registers, the next KEPT in shared memory, and the others are read again at each step, through the cache.
template <int DEPTH, int RESULTS, int SLICES, int HELD, int KEPT>
struct Product {
    static constexpr int COLUMNS = RESULTS * UNITS;
    static constexpr int LANES = THREADS / SLICES;
    static constexpr int WIDTH = (COLUMNS + LANES - 1) / LANES;
    static constexpr int SPAN = ((DEPTH + SLICES - 1) / SLICES + 3) / 4 * 4;
    static constexpr int STRIDE = SPAN * SLICES;
    // Numbers in shared memory, in fours: of the matrix, and of partial sums.
    static constexpr int ROOM = (SLICES * KEPT * COLUMNS + 3) / 4 * 4;
    static constexpr int PARTIAL = (SLICES * ROWS * COLUMNS + 3) / 4 * 4;

    real held[WIDTH][HELD > 0 ? HELD : 1];

    // A number of the matrix, in global memory RESULTS columns of HIDDEN units wide; 0 beyond its edges.
    static __device__ __forceinline__ real entry(const real* matrix, int first_unit, int row, int column) {
        const int unit = first_unit + column % UNITS;
        if (row >= DEPTH || column >= COLUMNS || unit >= HIDDEN) return real(0);
        return matrix[(long long)row * (RESULTS * HIDDEN) + column / UNITS * HIDDEN + unit];
    }

    __device__ __forceinline__ void load(const real* matrix, real* kept, int first_unit) {
        const int slice = threadIdx.x / LANES, lane = threadIdx.x % LANES;
        #pragma unroll
        for (int i = 0; i < WIDTH; ++i) {
            #pragma unroll
            for (int q = 0; q < HELD; ++q)
                held[i][q] = slice < SLICES ? entry(matrix, first_unit, slice * SPAN + q, lane + i * LANES) : real(0);
        }
        for (int i = threadIdx.x; i < SLICES * KEPT * COLUMNS; i += THREADS) {
            const int row = i / COLUMNS, column = i % COLUMNS;
            kept[i] = entry(matrix, first_unit, row / (KEPT > 0 ? KEPT : 1) * SPAN + HELD + row % (KEPT > 0 ? KEPT : 1),
                            column);
        }
    }

    // Writes SLICES x ROWS x COLUMNS partial sums.
    __device__ __forceinline__ void run(const real* operand, const real* kept, const real* matrix, real* partial,
                                        int first_unit) const {
        const int slice = threadIdx.x / LANES, lane = threadIdx.x % LANES;
        if (slice >= SLICES) return;
        real sums[ROWS][WIDTH] = {};
        const real* const from = operand + slice * SPAN;
        #pragma unroll
        for (int q = 0; q < HELD; q += 4) {
            #pragma unroll
            for (int row = 0; row < ROWS; ++row) {
                const Four four = *reinterpret_cast<const Four*>(from + row * STRIDE + q);
                #pragma unroll
                for (int i = 0; i < WIDTH; ++i) {
                    sums[row][i] += four.a * held[i][q];
                    sums[row][i] += four.b * held[i][q + 1];
                    sums[row][i] += four.c * held[i][q + 2];
                    sums[row][i] += four.d * held[i][q + 3];
                }
            }
        }
        #pragma unroll 2
        for (int q = HELD; q < SPAN; q += 4) {
            real entries[4][WIDTH];
            #pragma unroll
            for (int k = 0; k < 4; ++k) {
                #pragma unroll
                for (int i = 0; i < WIDTH; ++i) {
                    const int column = lane + i * LANES;
                    if (q < HELD + KEPT)
                        entries[k][i] = column < COLUMNS ? kept[(slice * KEPT + q - HELD + k) * COLUMNS + column] : real(0);
                    else
                        entries[k][i] = entry(matrix, first_unit, slice * SPAN + q + k, column);
                }
            }
            #pragma unroll
            for (int row = 0; row < ROWS; ++row) {
                const Four four = *reinterpret_cast<const Four*>(from + row * STRIDE + q);
                #pragma unroll
                for (int i = 0; i < WIDTH; ++i) {
                    sums[row][i] += four.a * entries[0][i];
                    sums[row][i] += four.b * entries[1][i];
                    sums[row][i] += four.c * entries[2][i];
                    sums[row][i] += four.d * entries[3][i];
                }
            }
        }
        #pragma unroll
        for (int row = 0; row < ROWS; ++row) {
            #pragma unroll
            for (int i = 0; i < WIDTH; ++i) {
                const int column = lane + i * LANES;
                if (column < COLUMNS) partial[(slice * ROWS + row) * COLUMNS + column] = sums[row][i];
            }
        }
    }

    // One number of the product: all slices' shares, always in the same order.
    static __device__ __forceinline__ real sum(const real* partial, int row, int result, int unit) {
        real total = real(0);
        #pragma unroll
        for (int slice = 0; slice < SLICES; ++slice)
            total += partial[(slice * ROWS + row) * COLUMNS + result * UNITS + unit];
        return total;
    }
};

// The mean over the units of each row; every thread takes part, those that own no unit with anything.
// `room` holds ROWS x HIDDEN numbers and ROWS x 32 sums.
__device__ __forceinline__ real mean_of_row(real* room, real number, bool owns, int row, int unit) {
    real* const sums = room + ROWS * HIDDEN;
    __syncthreads();
    if (owns) room[row * HIDDEN + unit] = number;
    __syncthreads();
    for (int i = threadIdx.x; i < ROWS * 32; i += THREADS) {
        real sum = real(0);
        for (int k = i % 32; k < HIDDEN; k += 32) sum += room[i / 32 * HIDDEN + k];
        sums[i] = sum;
    }
    __syncthreads();
    real total = real(0);
    if (owns)
        for (int k = 0; k < 32; ++k) total += sums[row * 32 + k];
    return total / real(HIDDEN);
}

// Waits until all PARTS blocks that share some sequences have come here `times` times.
__device__ __forceinline__ void wait_for_parts(unsigned* arrived, unsigned times) {
    __syncthreads();
    if (threadIdx.x == 0) {
        __threadfence();
        atomicAdd(arrived, 1u);
        while (*reinterpret_cast<volatile unsigned*>(arrived) < times * PARTS) SPIN_WAIT();
        __threadfence();
    }
    __syncthreads();
}
