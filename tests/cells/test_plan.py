"""What the compiler makes of a cell: what is computed when, and how many products follow one another in a step."""

import pytest

from tests.cells.support import one_line
from tests.cells.typed import TYPED
from workbench.cells import Cell, catalogue
from workbench.cells.graph import Reach, Value, ancestors
from workbench.cells.schedule import Stage

EVERY_CELL = {**catalogue(), **TYPED}

# The catalogue's own numbers stand in test_catalogue.py.
STAGES = {
    "layer-norm-lstm": 1,
    "sru-of-plain-input": 0,
    "gates-in-turn": 0,
    "delay-line": 0,
    "memoryless": 0,
    "observer-of-the-past": 0,
    "products-of-constants": 1,
}


@pytest.mark.parametrize(("name", "stages"), STAGES.items(), ids=STAGES)
def test_a_step_has_as_many_stages_as_products_that_must_wait_for_one_another(name: str, stages: int) -> None:
    assert TYPED[name].plan.stages == stages


def products(stages: tuple[Stage, ...]) -> list[tuple[list[str], int]]:
    """The matrix products of some stages: what each reads, and how many results lie side by side."""
    return [([str(arg) for arg in group.operands], len(group.results)) for stage in stages for group in stage.groups]


def values(stages: tuple[Stage, ...]) -> list[Value]:
    """All that stages compute."""
    return [v for stage in stages for v in (*(r for group in stage.groups for r in group.results), *stage.block)]


@pytest.mark.parametrize(
    ("name", "gates", "state"), [("lstm", 4, "h"), ("gru", 3, "h"), ("gated", 2, "s"), ("elman", 1, "s")]
)
def test_the_gates_are_one_product_of_the_input_before_the_loop_and_one_of_the_state_inside(
    name: str, gates: int, state: str
) -> None:
    schedule = catalogue()[name].plan.forward.schedule
    ((before, before_count),) = products(schedule.before)
    ((inside, inside_count),) = products(schedule.loop)
    assert (before_count, inside_count) == (gates, gates)
    assert [text.split("#")[0] for text in (*before, *inside)] == ["x", f"previous:{state}"]


def test_biases_are_folded_into_the_hoisted_sum() -> None:
    schedule = catalogue()["elman"].plan.forward.schedule
    assert [value.op for value in values(schedule.before)] == ["product", "add"]
    assert [value.op for value in values(schedule.loop)] == ["product", "add", "tanh"]


def test_matrices_that_multiply_one_operand_and_are_summed_are_one_product() -> None:
    schedule = one_line("tanh(M @ h - M.T @ h + U @ x + V @ x)").plan.forward.schedule
    assert [count for _, count in products(schedule.loop)] == [1]
    assert [count for _, count in products(schedule.before)] == [1]


def test_matrices_of_several_states_in_one_sum_are_one_product() -> None:
    cell = Cell.from_equations("h = tanh(W @ h + V @ c)\nc = tanh(R @ c + S @ h)", states=["h", "c"])
    ((operands, count), *_) = products(cell.plan.forward.schedule.loop)
    assert (len(operands), count) == (2, 1)


def test_what_nothing_recurrent_reads_waits_until_after_the_loop() -> None:
    schedule = catalogue()["sru"].plan.forward.schedule
    assert products(schedule.loop) == products(schedule.after) == []
    assert catalogue()["sru"].plan.step.new["c"] in values(schedule.loop)
    assert catalogue()["sru"].plan.step.new["h"] in values(schedule.after)


def computed(name: str) -> list[Value]:
    schedule = EVERY_CELL[name].plan.forward.schedule
    return [*values(schedule.before), *values(schedule.loop), *values(schedule.after)]


def test_the_read_out_matrices_of_a_linear_recurrence_are_applied_once_after_the_loop() -> None:
    schedule = catalogue()["lru"].plan.forward.schedule
    assert products(schedule.loop) == []
    assert len(products(schedule.after)) == 1


def test_expressions_of_parameters_alone_are_computed_once_a_call() -> None:
    schedule = catalogue()["lru"].plan.forward.schedule
    assert {"exp", "cos", "sin", "sqrt"} <= {value.op for value in schedule.constants}
    assert not {"exp", "cos", "sin", "sqrt"} & {value.op for value in computed("lru")}


def test_a_cell_without_memory_has_an_empty_loop() -> None:
    plan = catalogue()["feedforward"].plan
    assert values(plan.forward.schedule.loop) == []
    assert values(plan.backward.schedule.loop) == []


def test_what_no_state_is_made_of_is_not_computed() -> None:
    plan = TYPED["unused"].plan
    assert plan.step.names["spare"] not in computed("unused")
    assert plan.step.names["again"] not in computed("unused")


@pytest.mark.parametrize(
    ("name", "carried"),
    [
        ("lstm", {"h", "c"}),
        ("sru", {"c"}),
        ("lru", {"u", "v"}),
        ("echo", {"h"}),
        ("swap", {"a", "b"}),
        ("delay-line", set()),
        ("observer-of-the-past", set()),
        ("memoryless", set()),
    ],
)
def test_only_states_that_a_recurrence_needs_are_computed_in_the_loop(name: str, carried: set[str]) -> None:
    plan = EVERY_CELL[name].plan
    inside = set(values(plan.forward.schedule.loop))
    assert {state for state, value in plan.step.new.items() if value in inside} == carried


@pytest.mark.parametrize("name", EVERY_CELL)
def test_the_loop_forward_holds_only_what_needs_the_previous_step_and_what_the_next_one_needs(name: str) -> None:
    plan = EVERY_CELL[name].plan
    read = {value.name for value in ancestors(plan.step.new.values()) if value.op == "previous"}
    needed = ancestors(plan.step.new[state] for state in read)
    for value in values(plan.forward.schedule.loop):
        assert value.reach is Reach.RECURRENT
        assert value in needed


@pytest.mark.parametrize("name", EVERY_CELL)
def test_the_loop_backward_holds_only_what_needs_the_gradient_of_the_next_step(name: str) -> None:
    plan = EVERY_CELL[name].plan
    for value in values(plan.backward.schedule.loop):
        assert any(part.op == "arriving" for part in ancestors([value]))


@pytest.mark.parametrize("name", EVERY_CELL)
def test_everything_is_computed_once_and_after_what_it_is_made_of(name: str) -> None:
    plan = EVERY_CELL[name].plan
    at_hand = plan.saved | set(plan.step.new.values())
    for pass_, known in ((plan.forward, set[Value]()), (plan.backward, set(at_hand))):
        schedule = pass_.schedule
        phases = [
            *schedule.constants,
            *(v for part in (schedule.before, schedule.loop, schedule.after) for v in values(part)),
        ]
        for value in phases:
            assert value not in known
            assert all(arg.is_leaf or arg in known for arg in value.args), value
            known.add(value)


@pytest.mark.parametrize("name", ["lstm", "gru", "gated", "elman"])
def test_the_gradients_of_matrices_are_one_product_for_each_thing_they_multiply(name: str) -> None:
    gradients = catalogue()[name].plan.matrix_gradients
    assert [gradient.operand.op for gradient in gradients] == ["previous", "x"]


def test_a_gate_that_scales_a_product_needs_two_gradients_of_one_value() -> None:
    # GRU with reset after the product: the input side and the recurrent side of n differ by the factor r.
    gradients = catalogue()["gru"].plan.matrix_gradients
    flows = [{catalogue()["gru"].plan.adjoint.products[p] for p in gradient.products} for gradient in gradients]
    assert [len(flow) for flow in flows] == [3, 3]
    assert len(flows[0] | flows[1]) == 4


def test_what_is_dear_is_saved_and_what_is_cheap_is_computed_again() -> None:
    plan = catalogue()["lstm"].plan
    assert sorted(value.op for value in plan.saved) == ["sigmoid", "sigmoid", "sigmoid", "tanh", "tanh"]


def test_fixed_matrices_get_no_gradient_product() -> None:
    free = Cell.from_equations("h = tanh(W @ h + U @ x)", states=["h"])
    fixed = Cell.from_equations("h = tanh(W @ h + U @ x)", states=["h"], fixed=["W"])
    assert [len(cell.plan.matrix_gradients) for cell in (free, fixed)] == [2, 1]


def test_a_plan_does_not_depend_on_chance() -> None:
    cell = catalogue()["lstm"]
    again = Cell.from_equations(cell.equations, states=cell.states, init=cell.init)
    for one, other in zip(
        (cell.plan.forward, cell.plan.backward), (again.plan.forward, again.plan.backward), strict=True
    ):
        assert [str(v) for v in values(one.schedule.loop)] == [str(v) for v in values(other.schedule.loop)]
        assert one.layout.columns == other.layout.columns
