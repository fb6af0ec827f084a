"""A large square matrix product of float32, by NumPy or torch: how long it takes."""

import sys
from collections.abc import Callable

import numpy as np

from benchmarks.answering import answer, seconds_each

SIZE = 2048
OPERATIONS = 2.0 * SIZE**3
"""Its additions and multiplications."""


def numpy_product() -> Callable[[], object]:
    """Return the product by NumPy."""
    a, b, out = (np.random.default_rng(seed).random((SIZE, SIZE), dtype=np.float32) for seed in range(3))
    return lambda: np.matmul(a, b, out=out)


def torch_product() -> Callable[[], object]:
    """Return the product by torch."""
    import torch

    a, b, out = (torch.rand(SIZE, SIZE) for _ in range(3))
    return lambda: torch.matmul(a, b, out=out)


if __name__ == "__main__":
    product = {"numpy": numpy_product, "torch": torch_product}[sys.argv[1]]()
    answer({"seconds": seconds_each(product)})
