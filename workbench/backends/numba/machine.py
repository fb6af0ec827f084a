"""What this machine's processor offers: the width of its vectors and the room in its registers."""

from functools import cache

import llvmlite.binding as llvm
import numpy as np


@cache
def _features() -> dict[str, bool]:
    return dict(llvm.get_host_cpu_features())


@cache
def _vector_bytes() -> int:
    features = _features()
    if features.get("avx512f"):
        return 64
    return 32 if features.get("avx2") else 16


def lanes_of(dtype: str) -> int:
    """How many numbers a vector holds."""
    return _vector_bytes() // np.dtype(dtype).itemsize


def widest_tile() -> int:
    """How many vectors wide a register tile of six rows is, so that its sums stay in registers."""
    # AVX-512 and NEON have 32 registers, older x86 processors 16.
    return 4 if _features().get("avx512f") or _features().get("neon") else 2


def describe_processor() -> str:
    """What compiled code depends on: the processor's name and its features."""
    on = sorted(name for name, has in _features().items() if has)
    return " ".join([llvm.get_host_cpu_name(), *on])
