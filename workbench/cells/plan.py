"""The plan of a cell: what every backend renders. Sizes are not known here; a column is H units wide."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from workbench.cells.derivative import Adjoint, differentiate
from workbench.cells.functions import FUNCTIONS
from workbench.cells.graph import MatrixUse, Reach, Value, ancestors, in_order
from workbench.cells.layout import Area, Layout, LayoutMaker, Place
from workbench.cells.lowering import Step, lower_step
from workbench.cells.roles import Roles
from workbench.cells.schedule import Schedule, carried_states, schedule_backward, schedule_forward
from workbench.cells.tree import Assignment


@dataclass(frozen=True)
class Pass:
    """One direction: what is computed when, and where it lies."""

    schedule: Schedule
    layout: Layout


@dataclass(frozen=True)
class MatrixGradient:
    """One product after the loop: the gradients of results times one operand, over all steps and sequences."""

    operand: Value
    products: tuple[Value, ...]
    """Forward products that read the operand, in the order in which their gradients lie."""

    def blocks(self) -> list[tuple[MatrixUse, ...]]:
        """The matrices that multiply the operand in each product."""
        return [product.blocks[product.args.index(self.operand)] for product in self.products]


@dataclass(frozen=True)
class Plan:
    """The schedule of one cell, forward and backward."""

    states: tuple[str, ...]
    step: Step
    adjoint: Adjoint
    vectors: Mapping[str, Value]
    """The leaf of each vector parameter; they are the first columns among the constants."""
    saved: frozenset[Value]
    """Forward values that are kept for all steps, beside the states."""
    forward: Pass
    backward: Pass
    matrix_gradients: tuple[MatrixGradient, ...]
    sums: tuple[tuple[Value, Value], ...]
    """A ``summed`` leaf and the gradient that it sums over steps and batch."""
    finish: tuple[Value, ...]
    """Constants that the gradients of vector parameters are made of, once the sums are known."""

    @property
    def stages(self) -> int:
        """Matrix-product stages of one step, one after another."""
        return self.forward.schedule.stages


def make_plan(
    assignments: tuple[Assignment, ...],
    states: tuple[str, ...],
    roles: Roles,
    fixed: frozenset[str],
    *,
    folds_inputs: bool = False,
) -> Plan:
    """Compile checked equations; ``folds_inputs``: products that read x join the recurrent ones (see Graph)."""
    step = lower_step(assignments, states, folds_inputs=folds_inputs)
    carried = carried_states(step)
    adjoint = differentiate(step)
    saved = _choose_saved(step, adjoint)
    vectors = {name: step.graph.leaf("parameter", name) for name in roles.vectors}
    forward = _forward_pass(step, carried, saved, vectors)
    matrix_gradients = _matrix_gradients(adjoint, forward.layout, fixed)
    schedule = schedule_backward(step, adjoint, carried, saved | set(step.new.values()))
    finish = tuple(
        value
        for value in in_order(ancestors(adjoint.vectors.values()))
        if not value.is_leaf and value not in schedule.constants
    )
    backward = _backward_pass(
        schedule, adjoint, forward.layout, matrix_gradients, (*vectors.values(), *schedule.constants, *finish)
    )
    places = backward.layout.places
    sums = [(step.graph.leaf("summed", str(constant.serial)), value) for constant, value in adjoint.constants.items()]
    return Plan(
        states,
        step,
        adjoint,
        vectors,
        saved,
        forward,
        backward,
        matrix_gradients,
        tuple(sorted(sums, key=lambda pair: places[pair[0]].column)),
        finish,
    )


def _choose_saved(step: Step, adjoint: Adjoint) -> frozenset[Value]:
    """Keep what is dear to compute again; what is cheap is computed again from what is kept."""
    forward, new = ancestors(step.new.values()), set(step.new.values())
    saved = {operand for product in adjoint.products for operand in product.args} - new
    saved = {operand for operand in saved if not operand.is_leaf}
    waiting, seen = adjoint.values(), set[Value]()
    while waiting:
        value = waiting.pop()
        if value in seen or value.is_leaf or value in new:
            continue
        seen.add(value)
        if value in forward and value.reach is not Reach.CONSTANT and _is_dear(value):
            saved.add(value)
        if value not in saved:
            waiting.extend(value.args)
    return frozenset(saved)


def _is_dear(value: Value) -> bool:
    """A product, a sum of products, or a function that costs more than reading its result."""
    if value.op == "product" or not FUNCTIONS[value.op].cheap:
        return True
    return any(arg.op == "product" or (arg.reach is Reach.SEQUENCE and not arg.is_leaf) for arg in value.args)


def _forward_pass(step: Step, carried: frozenset[str], saved: frozenset[Value], vectors: Mapping[str, Value]) -> Pass:
    schedule = schedule_forward(step, carried)
    # Of every name: one that no state is made of can be asked for too.
    places = _leaf_places(ancestors(step.names.values()), tuple(step.new))
    places |= {value: Place(Area.NEW, index) for index, value in enumerate(step.new.values())}
    maker = LayoutMaker(schedule, places, kept=saved, keep_in=Area.SAVED)
    maker.pin(sorted(vectors.values(), key=maker.use), Area.CONSTANT)
    return Pass(schedule, maker.lay_out())


def _matrix_gradients(adjoint: Adjoint, forward: Layout, fixed: frozenset[str]) -> tuple[MatrixGradient, ...]:
    # A product that only decides, as in where(W @ h > 0, a, b), has no gradient.
    order = [result for results in forward.results.values() for result in results if result in adjoint.products]
    by_operand: dict[Value, list[Value]] = {}
    for product in order:
        for operand, block in zip(product.args, product.blocks, strict=True):
            if any(use.name not in fixed for use in block):
                by_operand.setdefault(operand, []).append(product)
    # Recurrent operands first: the order of their gradients is the one that the loop reads.
    operands = sorted(by_operand, key=lambda operand: (-operand.reach, operand.serial))
    return tuple(MatrixGradient(operand, tuple(by_operand[operand])) for operand in operands)


def _backward_pass(
    schedule: Schedule,
    adjoint: Adjoint,
    forward: Layout,
    matrix_gradients: tuple[MatrixGradient, ...],
    constants: tuple[Value, ...],
) -> Pass:
    states = tuple(adjoint.total)
    leaves = _leaf_places(ancestors([*adjoint.values(), *adjoint.vectors.values()]), states)
    at_hand = (Area.SAVED, Area.NEW, Area.PREVIOUS, Area.INPUT, Area.TIME)
    places = {value: place for value, place in forward.places.items() if place.area in at_hand} | leaves
    for index, state in enumerate(states):
        places[adjoint.total[state]] = Place(Area.TOTAL, index)
        places |= {value: Place(Area.RECEIVED, index) for value in adjoint.carry[state]}
    flow = {adjoint.products[product] for gradient in matrix_gradients for product in gradient.products}
    # Products with fixed matrices have no gradient of their own, yet x may ask for them.
    flow |= {value for product, value in adjoint.products.items() if any(arg.op == "x" for arg in product.args)}
    flow |= {adjoint.inputs} if adjoint.inputs else set()
    summed = frozenset(adjoint.constants.values())
    maker = LayoutMaker(schedule, places, kept=flow, keep_in=Area.FLOW, outlast=summed)
    gradients = [adjoint.products[product] for gradient in matrix_gradients for product in gradient.products]
    maker.pin(gradients, Area.FLOW)
    # What these gradients are multiplied by lies in their order, so that one operation makes several.
    early = {value for stage in schedule.before for value in stage.block}
    factors = (value.args[0] for value in gradients if value.op == "multiply")
    maker.pin((factor for factor in factors if factor in early), Area.STRETCH)
    maker.pin(constants, Area.CONSTANT)
    return Pass(schedule, _with_sums(maker.lay_out(), adjoint))


def _with_sums(layout: Layout, adjoint: Adjoint) -> Layout:
    """Give the sums the order of what they sum."""

    def key(constant: Value) -> tuple[str, int]:
        place = layout.places[adjoint.constants[constant]]
        return place.area.value, place.column

    ordered = sorted(adjoint.constants, key=key)
    leaves = {leaf.name: leaf for leaf in ancestors(adjoint.vectors.values()) if leaf.op == "summed"}
    places = {leaves[str(constant.serial)]: Place(Area.SUMMED, column) for column, constant in enumerate(ordered)}
    return replace(layout, places=layout.places | places, columns=layout.columns | {Area.SUMMED: len(places)})


def _leaf_places(values: set[Value], states: tuple[str, ...]) -> dict[Value, Place]:
    areas = {"t": Area.TIME, "x": Area.INPUT, "previous": Area.PREVIOUS, "arriving": Area.TOTAL}
    return {
        value: Place(areas[value.op], states.index(value.name) if value.name else 0)
        for value in in_order(values)
        if value.op in areas
    }
