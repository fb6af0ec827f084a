// Rows of a table by the indices of active units: what a product with a k-hot input is.

// out[row] = the sum of the table's rows that `indices` name, or that on top of what is there; -1 names none.
extern "C" __global__ void gather_rows(const long long* __restrict__ indices, const real* __restrict__ table,
                                       real* __restrict__ out, int rows, int units, int active, int columns, int pitch,
                                       int add) {
    const long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= (long long)rows * columns) return;
    const long long row = i / columns;
    const int column = i % columns;
    real sum = add ? out[row * pitch + column] : real(0);
    for (int k = 0; k < active; ++k) {
        const long long unit = indices[row * active + k];
        if (unit >= 0 && unit < units) sum += table[unit * columns + column];
    }
    out[row * pitch + column] = sum;
}

// table[unit] += the rows at `order[bounds[unit]]` to `order[bounds[unit + 1] - 1]`, in this order; a row has `active`
// indices.
extern "C" __global__ void add_rows(const long long* __restrict__ order, const long long* __restrict__ bounds,
                                    const real* __restrict__ rows, real* __restrict__ table, int units, int active,
                                    int columns, int pitch) {
    const long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= (long long)units * columns) return;
    const long long unit = i / columns;
    const int column = i % columns;
    real sum = real(0);
    for (long long at = bounds[unit]; at < bounds[unit + 1]; ++at)
        sum += rows[order[at] / active * pitch + column];
    table[i] += sum;
}
