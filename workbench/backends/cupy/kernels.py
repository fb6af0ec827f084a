"""Kernels in the making: their text, and the arguments they are launched with."""

import re
from dataclasses import dataclass

from workbench.backends.cupy.memory import Braces

_NOT_REAL = {"indices": "const long long*", "first_step": "const int*", "arrived": "unsigned*"}


@dataclass(frozen=True)
class Kernel:
    """The name and the text of a kernel, and what it is launched with, in order.

    ``row_by_row``: a block of threads for each row, with room for a number a thread.
    """

    name: str
    arrays: tuple[str, ...]
    numbers: tuple[str, ...]
    text: str
    row_by_row: bool = False


def make_kernel(
    name: str, arrays: set[str], numbers: tuple[str, ...], body: str, *, bounds: str = "", row_by_row: bool = False
) -> Kernel:
    """Write a kernel around its body, in which arrays are called by name."""
    used = sorted(array for array in arrays if re.search(rf"\b{array}\b", body))
    parameters = [f"{_kind(array, body)} __restrict__ {array}" for array in used]
    parameters += [f"int {number}" for number in numbers]
    lines = Braces()
    with lines.block(f'extern "C" __global__ void {bounds}{name}({", ".join(parameters)}) {{'):
        lines.extend(body)
    return Kernel(name, tuple(used), numbers, lines.text(), row_by_row)


def _kind(array: str, body: str) -> str:
    if array in _NOT_REAL:
        return _NOT_REAL[array]
    written = re.search(rf"\b{array}\[[^\n]*\] \+?= ", body)
    return "real*" if written else "const real*"
