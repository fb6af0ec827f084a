"""Forward mode on the graph: how the states after a step move when those before it do, or its input.

Tangents are values of the same graph, made with the partial derivatives that reverse mode uses.
"""

from collections.abc import Collection, Mapping

from workbench.cells.derivative import partial
from workbench.cells.graph import Graph, Value, ancestors, in_order
from workbench.cells.lowering import Step
from workbench.cells.roles import INPUT


def push_forward(step: Step, moving: Collection[str]) -> dict[str, Value]:
    """The tangent of each state after the step, made of a ``tangent`` leaf for each name that moves.

    ``moving`` names states before the step, and ``x``. A state that none of them moves is left out: its tangent is 0.
    Source: Wengert 1964, A simple automatic derivative evaluation program.
    """
    tangents: dict[Value, Value] = {}
    for value in in_order(ancestors(step.new.values())):
        tangent = _tangent(step.graph, value, tangents, moving)
        if tangent is not None:
            tangents[value] = tangent
    return {state: tangents[value] for state, value in step.new.items() if value in tangents}


def _tangent(graph: Graph, value: Value, tangents: Mapping[Value, Value], moving: Collection[str]) -> Value | None:
    """The tangent of a value from those of its arguments; None where it is 0."""
    match value.op:
        case "previous" | "x":
            name = value.name or INPUT
            return graph.leaf("tangent", name) if name in moving else None
        case "product":
            blocks = [(arg, block) for arg, block in zip(value.args, value.blocks, strict=True) if arg in tangents]
            return graph.product((tangents[arg], use) for arg, block in blocks for use in block) if blocks else None
        case "mean":
            return graph.call("mean", tangents[value.args[0]]) if value.args[0] in tangents else None
    total: Value | None = None
    for index, argument in enumerate(value.args):
        slope = partial(graph, value, index) if argument in tangents else None
        if slope is not None:
            term = graph.call("multiply", slope, tangents[argument])
            total = graph.call("add", total, term) if total else term
    return total
