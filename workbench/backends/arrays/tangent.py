"""Jacobian-vector products of a step, for all steps of a trace at once."""

from collections.abc import Mapping
from typing import Any

from workbench.backends.arrays.kernels import Array
from workbench.backends.arrays.trace import Trace
from workbench.backends.errors import BackendError
from workbench.backends.quiet import quiet
from workbench.cells.graph import Value, ancestors, in_order
from workbench.cells.roles import INPUT
from workbench.cells.tangent import push_forward


def step_tangents(trace: Trace, states: Mapping[str, Array], inputs: Array | None = None) -> dict[str, Array]:
    """The tangents of all states after each step, from those of the states before it and of its input.

    It reads the plan's step and what the trace says of itself alone: see ``Program.jvp`` for shapes and errors.
    """
    given = _arrays(trace, states) | ({} if inputs is None else {INPUT: _input_array(trace, inputs)})
    leading = _leading_axes(given)
    shape, xp = (*leading, *trace.shape), trace.program.xp
    given = {name: xp.broadcast_to(array, (*shape[:-1], array.shape[-1])) for name, array in given.items()}
    found = _evaluate(trace, push_forward(trace.program.plan.step, given), given)
    # Arrays of their own: a tangent that a state only passes on would be the caller's array, or two states'.
    results = {state: xp.zeros(shape, trace.program.dtype) for state in trace.program.state_names}
    for state, array in found.items():
        results[state][...] = array
    return results


def _evaluate(trace: Trace, wanted: Mapping[str, Value], given: Mapping[str, Array]) -> dict[str, Array]:
    """Compute tangents; what lies between is let go after its last use, for many directions take much room."""
    forward = ancestors(trace.program.plan.step.names.values())

    def is_forward(value: Value) -> bool:
        return value in forward or (value.is_leaf and value.op != "tangent")

    missing = list(in_order(ancestors(wanted.values(), known=is_forward)))
    last_use = {arg: value for value in missing for arg in value.args}
    kept = set(wanted.values())
    arrays: dict[Value, Array] = {}
    with quiet(trace.program.xp):
        for value in missing:
            if value.op == "tangent":
                arrays[value] = given[value.name]
                continue
            args = [trace.value(arg) if is_forward(arg) else arrays[arg] for arg in value.args]
            arrays[value] = trace.apply(value, args)
            for arg in set(value.args) - kept:
                if last_use[arg] is value:
                    arrays.pop(arg, None)
    return {state: arrays[value] for state, value in wanted.items()}


def _arrays(trace: Trace, states: Mapping[str, Array]) -> dict[str, Array]:
    names = trace.program.state_names
    for name in states:
        if name not in names:
            raise BackendError(f"the tangent names {name!r}, which is no state; there are {', '.join(names)}")
    return {name: _array(trace, name, array, trace.program.hidden) for name, array in states.items()}


def _input_array(trace: Trace, array: Array) -> Array:
    if trace.input_is_sparse:
        raise BackendError("x was given as indices, which have no tangent")
    return _array(trace, INPUT, array, trace.program.inputs)


def _array(trace: Trace, name: str, given: Any, width: int) -> Array:
    array = trace.program.xp.asarray(given)
    if array.dtype.kind not in "fiub":
        raise BackendError(f"the tangent of {name} holds real numbers; this one holds {array.dtype}")
    steps, batch, _ = trace.shape
    if array.shape != (batch, width) and array.shape[-3:] != (steps, batch, width):
        row = f"{steps}, {batch}, {width}"
        raise BackendError(
            f"the tangent of {name} has shape ({batch}, {width}), ({row}) or (..., {row}); this one has {array.shape}"
        )
    return array.astype(trace.program.dtype, copy=False)


def _leading_axes(given: Mapping[str, Array]) -> tuple[int, ...]:
    """The axes of the directions, which all tangents that have any share."""
    found = {name: array.shape[:-3] for name, array in given.items() if array.ndim > 3}
    if len(set(found.values())) > 1:
        (name, axes), (other, others) = list(found.items())[:2]
        raise BackendError(
            f"all tangents have the same axes before (T, B, H); that of {name} has {axes}, that of {other} {others}"
        )
    return next(iter(found.values()), ())
