// What of cuBLAS the products use, on the host: by columns, as its manual (and reference BLAS) define gemm.
#include <cstddef>

struct Handle {
    void* stream = nullptr;
    void* workspace = nullptr;
    int math = 0;
    int failure = 0;
};

static Handle last;
static int failing = 0; // the status of all products of handles made from now on
static int alive = 0;

template <class Real>
static int gemm(Handle* handle, int first_transposed, int second_transposed, int m, int n, int k, const Real* alpha,
                const Real* a, int lda, const Real* b, int ldb, const Real* beta, Real* c, int ldc) {
    if (handle->failure) return handle->failure;
    if (!handle->stream || !handle->workspace) return 1;
    const int rows_of_a = first_transposed ? k : m, rows_of_b = second_transposed ? n : k;
    if (m < 0 || n < 0 || k < 0 || lda < rows_of_a || ldb < rows_of_b || ldc < m || lda < 1 || ldb < 1 || ldc < 1) return 7;
    for (int j = 0; j < n; j++)
        for (int i = 0; i < m; i++) {
            Real sum = 0;
            for (int l = 0; l < k; l++)
                sum += (first_transposed ? a[l + size_t(lda) * i] : a[i + size_t(lda) * l]) *
                       (second_transposed ? b[j + size_t(ldb) * l] : b[l + size_t(ldb) * j]);
            Real& place = c[i + size_t(ldc) * j];
            place = *alpha * sum + (*beta == 0 ? 0 : *beta * place);
        }
    return 0;
}

extern "C" {
int cublasCreate_v2(Handle** handle) {
    *handle = new Handle;
    alive++;
    return 0;
}
int cublasDestroy_v2(Handle* handle) {
    delete handle;
    alive--;
    return 0;
}
int cublasSetStream_v2(Handle* handle, void* stream) {
    handle->stream = stream;
    handle->workspace = nullptr;
    return 0;
}
int cublasSetWorkspace_v2(Handle* handle, void* workspace, size_t bytes) {
    if (reinterpret_cast<size_t>(workspace) % 256 || bytes == 0) return 7;
    handle->workspace = workspace;
    return 0;
}
int cublasSetMathMode(Handle* handle, int mode) {
    handle->math = mode;
    handle->failure = failing;
    last = *handle;
    return 0;
}
int cublasSgemm_v2(Handle* handle, int ta, int tb, int m, int n, int k, const float* alpha, const float* a, int lda,
                   const float* b, int ldb, const float* beta, float* c, int ldc) {
    return gemm(handle, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
int cublasDgemm_v2(Handle* handle, int ta, int tb, int m, int n, int k, const double* alpha, const double* a, int lda,
                   const double* b, int ldb, const double* beta, double* c, int ldc) {
    return gemm(handle, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
// For the tests alone.
int host_alive() { return alive; }
int host_math() { return last.math; }
void host_fail(int status) { failing = status; }
}
