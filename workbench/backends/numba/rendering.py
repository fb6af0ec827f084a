"""A plan as the source of its program: five functions that Numba compiles.

``prepare_forward`` and ``prepare_backward`` pack the parameters, once a call. ``forward`` and ``backward`` run all
steps for some of the sequences, so that each thread has its share of the batch and none waits for another within a
step. ``finish`` turns the sums of all shares into the gradients of vector parameters.
"""

from dataclasses import dataclass

from workbench.backends.numba.backward import BackwardWriter, OuterProduct
from workbench.backends.numba.forward import ForwardWriter
from workbench.backends.numba.matrices import PackedProduct
from workbench.backends.numba.passes import SIZES
from workbench.backends.numba.writing import Table
from workbench.backends.rendering.lines import Lines, words_of
from workbench.cells.functions import FUNCTIONS
from workbench.cells.plan import Plan

_HEADER = '''"""A cell, rendered from its plan for {dtype}."""

from workbench.backends.numba.vectors import call, compiled, words

_words = words("{dtype}")
'''
_VOCABULARY = {*FUNCTIONS, "flush", "load", "store", "number", "whole", "keep", "mean", "entry", "LANES", "SIZE"}


@dataclass(frozen=True)
class Rendering:
    """A program's source and all that must be known to call it."""

    source: str
    table: tuple[str, ...]
    """Names of the whole numbers, addresses mostly, that a program reads from its table, in order."""
    forward_products: tuple[PackedProduct, ...]
    backward_products: tuple[PackedProduct, ...]
    outer_products: tuple[OuterProduct, ...]
    rooms: dict[str, int]
    """Columns of each pass's own memory, by the name in the table."""


def render(plan: Plan, dtype: str) -> Rendering:
    """Render a plan for a floating-point type.

    Of what a user wrote, only the names of parameters come into the source; the parser has checked them.
    """
    table = Table(SIZES)
    forward, backward = ForwardWriter(plan, table), BackwardWriter(plan, table)
    functions = [
        ("forward(table, first, last, share)", forward.write()),
        ("backward(table, first, last, share)", backward.write()),
        ("prepare_forward(table)", forward.write_preparation()),
        ("prepare_backward(table)", backward.write_preparation()),
        ("finish(table)", backward.write_finish()),
    ]
    text = "".join(_function(signature, body, table) for signature, body in functions)
    vocabulary = sorted(_VOCABULARY & words_of(text))
    return Rendering(
        _HEADER.format(dtype=dtype) + "".join(f"{name} = _words.{name}\n" for name in vocabulary) + text,
        tuple(table.names),
        tuple(forward.products),
        tuple(backward.products),
        tuple(backward.outer_products),
        forward.outline.rooms() | backward.outline.rooms(),
    )


def _function(signature: str, body: str, table: Table) -> str:
    lines = Lines()
    lines.add("")
    lines.add("")
    lines.add("@compiled")
    with lines.block(f"def {signature}:"):
        for line in (*table.reads(body), *(body or "return\n").splitlines()):
            lines.add(line)
    return lines.text()
