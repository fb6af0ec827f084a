"""The machine code itself: vectors where they must be, and no call to the C library's mathematics in float32."""

import math
import platform
import re
from typing import Any

import numba
import pytest
from llvmlite import binding as llvm

from tests.backends.support import EVERY_CELL
from workbench.backends import get_backend
from workbench.backends.numba import compiling, modules
from workbench.cells import Cell, catalogue

pytestmark = pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="reads x86-64's assembly")

# The C library's functions of numbers, in both precisions.
_BY_NAME = {name for name in dir(math) if not name.startswith("_")} | {"fabs", "sincos", "rint", "round", "nearbyint"}
C_FUNCTIONS = _BY_NAME | {f"{name}f" for name in _BY_NAME}

FUNCTIONS_IN_TURN = Cell.from_equations(
    "h = exp(W @ h) + log(softplus(U @ x)) + sin(h) * cos(h) + sqrt(abs(h)) + tanh(h) * sigmoid(h)", states=["h"]
)


def assembly(compiled: Any) -> str:
    """The machine code of a function, compiled anew: what comes from a cache cannot be looked into."""
    if hasattr(compiled, "py_func"):
        again = numba.njit(compiled.nopython_signatures[0], error_model="numpy", nogil=True)(compiled.py_func)
        return "".join(again.inspect_asm().values())
    function = compiled.__wrapped__
    count = function.__code__.co_argcount
    signature = numba.types.void(*[numba.types.int64] * count)
    # A callback is only the door to such a function, with the same body.
    return "".join(numba.njit(signature, error_model="numpy")(function).inspect_asm().values())


def program_assembly(cell: Cell, dtype: str) -> dict[str, str]:
    module = get_backend("numba").compile(cell, inputs=3, hidden=8, dtype=dtype).module
    return {name: assembly(getattr(module, name)) for name in ("forward", "backward")}


def c_functions_called(code: str) -> set[str]:
    named = re.findall(r"(?:callq?|jmpq?|movabsq)\s+[*$]?([A-Za-z_]\w*)", code)
    return set(named) & C_FUNCTIONS


def vector_instruction(name: str, code: str) -> bool:
    """Whether an instruction stands there on whole vector registers, of any width."""
    return re.search(rf"\bv?{name}\s[^\n]*%[xyz]mm", code) is not None


@pytest.mark.parametrize(
    "cell",
    [catalogue()["lstm"], EVERY_CELL["log-space"], catalogue()["slstm"], FUNCTIONS_IN_TURN],
    ids=["lstm", "log-space", "slstm", "functions-in-turn"],
)
def test_no_function_of_the_c_library_is_called_in_float32(cell: Cell) -> None:
    for direction, code in program_assembly(cell, "float32").items():
        assert not c_functions_called(code), direction


def test_a_call_of_the_c_library_would_be_found() -> None:
    """float64 does call it, to be as exact as it."""
    assert {"exp", "tanh"} <= c_functions_called(program_assembly(catalogue()["lstm"], "float64")["forward"])


def test_the_forward_pass_of_an_lstm_divides_whole_vectors() -> None:
    code = program_assembly(catalogue()["lstm"], "float32")["forward"]
    assert vector_instruction("divps", code)
    assert not re.search(r"\bv?divss\b", code)


def test_the_square_root_is_one_of_whole_vectors() -> None:
    code = program_assembly(FUNCTIONS_IN_TURN, "float32")["forward"]
    assert vector_instruction("sqrtps", code)
    assert not re.search(r"\bv?sqrtss\b", code)


@pytest.mark.skipif(not llvm.get_host_cpu_features().get("fma"), reason="this processor has no fused multiply-add")
@pytest.mark.parametrize(("dtype", "suffix"), [("float32", "ps"), ("float64", "pd")])
@pytest.mark.parametrize("kernel", ["product", "add_outer"])
def test_products_multiply_and_add_whole_vectors_at_once(kernel: str, dtype: str, suffix: str) -> None:
    kernels = modules.load_module(f"kernels_{dtype}", compiling._kernel_source())
    code = assembly(getattr(kernels, kernel))
    widest = "zmm" if llvm.get_host_cpu_features().get("avx512f") else "ymm"
    fused = re.findall(rf"\bvfmadd\d+{suffix}\s[^\n]*%{widest}", code)
    # A tile of six rows is one such instruction a row and vector, at the least.
    assert len(fused) >= 6
    assert not re.search(rf"\bvfmadd\d+{suffix.replace('p', 's')}\b", code)
