"""When each value of a pass is computed: once a call, before the loop over time, inside it, or after it.

"Before" and "after" mean for many steps at once: a backend runs them a stretch of steps at a time, around the loop over
that stretch, so that what passes between them stays in the cache.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from workbench.cells.derivative import Adjoint
from workbench.cells.graph import Reach, Value, ancestors, in_order
from workbench.cells.lowering import Step


class Phase(Enum):
    """When a value is computed."""

    CONSTANTS = "constants"
    BEFORE = "before"
    LOOP = "loop"
    AFTER = "after"


@dataclass(frozen=True)
class ProductGroup:
    """Products that read the same operands: one matrix product, its results side by side."""

    operands: tuple[Value, ...]
    results: tuple[Value, ...]


@dataclass(frozen=True)
class Stage:
    """Matrix products, then one elementwise block in order of dependence."""

    groups: tuple[ProductGroup, ...]
    block: tuple[Value, ...]


@dataclass(frozen=True)
class Schedule:
    """One pass over a sequence."""

    constants: tuple[Value, ...]
    before: tuple[Stage, ...]
    loop: tuple[Stage, ...]
    after: tuple[Stage, ...]

    @property
    def stages(self) -> int:
        """The number of matrix-product stages of one step, one after another."""
        return sum(bool(stage.groups) for stage in self.loop)


def carried_states(step: Step) -> frozenset[str]:
    """The states that a recurrence reads; all others can be computed for many steps at once."""
    reads = {
        state: {value.name for value in ancestors([new]) if value.op == "previous"} for state, new in step.new.items()
    }
    carried = frozenset(step.new)
    while True:
        read = frozenset(name for state in carried for name in reads[state])
        if carried & read == carried:
            return carried
        carried &= read


def schedule_forward(step: Step, carried: frozenset[str]) -> Schedule:
    """Schedule the forward pass: all that the new states are made of."""
    core = ancestors(step.new[state] for state in carried)

    def phase(value: Value) -> Phase:
        if value.reach is Reach.CONSTANT:
            return Phase.CONSTANTS
        if value.reach is Reach.SEQUENCE:
            return Phase.BEFORE
        return Phase.LOOP if value in core else Phase.AFTER

    # Where a state is not carried, what reads its previous value waits for the whole stretch.
    waits = {state: (new,) for state, new in step.new.items() if state not in carried}
    return _schedule(step.new.values(), phase, "previous", waits, frozenset())


def schedule_backward(step: Step, adjoint: Adjoint, carried: frozenset[str], saved: frozenset[Value]) -> Schedule:
    """Schedule the backward pass; ``saved`` forward values are at hand, others are computed again."""
    wanted = adjoint.values()
    late: set[Value] = set()
    for value in in_order(ancestors(wanted)):
        if _arrives(value, carried) or not late.isdisjoint(value.args):
            late.add(value)
    core = ancestors(
        [adjoint.total[state] for state in carried] + [value for state in carried for value in adjoint.carry[state]]
    )

    def phase(value: Value) -> Phase:
        if value.reach is Reach.CONSTANT:
            return Phase.CONSTANTS
        if value not in late:
            return Phase.BEFORE
        return Phase.LOOP if value in core else Phase.AFTER

    waits = {state: values for state, values in adjoint.carry.items() if state not in carried}
    return _schedule(wanted, phase, "arriving", waits, saved)


def _arrives(value: Value, carried: frozenset[str]) -> bool:
    return value.op == "arriving" and value.name in carried


def _schedule(
    wanted: Iterable[Value],
    phase_of: Callable[[Value], Phase],
    waiting_leaf: str,
    waits: Mapping[str, tuple[Value, ...]],
    available: frozenset[Value],
) -> Schedule:
    def awaited(value: Value) -> tuple[Value, ...]:
        leaves = (arg for arg in value.args if arg.op == waiting_leaf)
        return tuple(source for leaf in leaves for source in waits.get(leaf.name, ()) if source is not value)

    ordered = _order(wanted, lambda value: (*value.args, *awaited(value)), available)
    phases: dict[Phase, list[Value]] = {phase: [] for phase in Phase}
    for value in ordered:
        phases[phase_of(value)].append(value)
    return Schedule(
        tuple(phases[Phase.CONSTANTS]),
        *(_stages(phases[phase], awaited) for phase in (Phase.BEFORE, Phase.LOOP, Phase.AFTER)),
    )


def _order(
    wanted: Iterable[Value], sources: Callable[[Value], tuple[Value, ...]], available: frozenset[Value]
) -> list[Value]:
    """All that must be computed, each after its sources."""
    ordered: list[Value] = []
    done: set[Value] = set(available)
    waiting = list(in_order(set(wanted)))[::-1]
    while waiting:
        value = waiting[-1]
        missing = [source for source in sources(value) if source not in done and not source.is_leaf]
        if value in done or value.is_leaf or not missing:
            waiting.pop()
            if value not in done and not value.is_leaf:
                ordered.append(value)
                done.add(value)
        else:
            waiting.extend(missing)
    return ordered


def _stages(values: list[Value], awaited: Callable[[Value], tuple[Value, ...]]) -> tuple[Stage, ...]:
    """Cut into stages: a product begins one, and so does what reads another step of a value that stands before it."""
    level: dict[Value, int] = {}
    for value in values:
        reached = max((level[arg] for arg in value.args if arg in level), default=0) + (value.op == "product")
        level[value] = max([reached, *(level[source] + 1 for source in awaited(value) if source in level)])
    stages = []
    for number in sorted(set(level.values())):
        here = [value for value in values if level[value] == number]
        groups: dict[tuple[Value, ...], list[Value]] = {}
        for value in here:
            if value.op == "product":
                groups.setdefault(value.args, []).append(value)
        block = tuple(value for value in here if value.op != "product")
        stages.append(Stage(tuple(ProductGroup(args, tuple(results)) for args, results in groups.items()), block))
    return tuple(stages)
