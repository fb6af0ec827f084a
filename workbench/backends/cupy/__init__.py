"""Programs of generated CUDA code, on the arrays of CuPy."""
