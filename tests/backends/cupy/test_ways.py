"""Every way to run a sequence computes what the equations say, whatever order its threads run in."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.backends.cupy import host_compiler
from tests.backends.cupy.host import HOST_CARD, HostDevice
from tests.backends.support import EVERY_CELL, Point, arrays, error, random_point
from workbench.backends import BackendError
from workbench.backends.cupy.backend import CupyBackend
from workbench.backends.cupy.device import Card
from workbench.backends.cupy.ways import Way, WayName
from workbench.cells import Cell, catalogue

pytestmark = [
    pytest.mark.skipif(bool(host_compiler.missing()), reason=host_compiler.missing()),
    pytest.mark.once,
]

# What the makers say of it; no number here was measured.
H200 = Card("NVIDIA H200", 90, 132, 227 * 1024, 65536, 141 * 10**9)
# So little room that matrices are read again at each step.
TINY = replace(HOST_CARD, shared_memory=4 * 1024, registers=128 * 96)


def run(point: Point, way: WayName, dtype: str = "float64", device: HostDevice | None = None) -> dict[str, float]:
    """The errors of every array against the oracle."""
    backend = CupyBackend(way=way, device=device or HostDevice())
    program = backend.compile(point.cell, dtype=dtype, **point.sizes)
    trace = program.forward(point.parameters, point.x.astype(dtype), start=point.start, first_step=point.first_step)
    gradients = program.backward(point.parameters, trace, point.outside)
    oracle, expected = point.oracle()
    found = dict(arrays(trace, program.value_names, gradients))
    wanted = dict(arrays(oracle.values, program.value_names, expected))
    return {name: error(found[name], wanted[name]) for name in wanted}


def applies(cell: Cell, way: WayName) -> bool:
    """Blocks wait for one another where a step has products, and no mean over a row's units."""
    schedules = (cell.plan.forward.schedule, cell.plan.backward.schedule)
    means = any(value.op == "mean" for own in schedules for stage in own.loop for value in stage.block)
    return way != "cooperative" or (not means and any(own.stages for own in schedules))


@pytest.mark.parametrize("way", ["persistent", "cooperative", "captured", "uncaptured"])
@pytest.mark.parametrize("name", EVERY_CELL)
def test_a_sequence_is_run_every_way(name: str, way: WayName) -> None:
    point = random_point(EVERY_CELL[name], "numpy", hidden=7, batch=5, steps=6, first_step=2)
    if not applies(point.cell, way):
        with pytest.raises(BackendError, match="choose another way"):
            run(point, way)
        return
    assert max(run(point, way).values()) < 1e-10
    assert max(run(point, way, "float32").values()) < 2e-4


@pytest.mark.parametrize("way", ["persistent", "cooperative"])
@pytest.mark.parametrize("name", ["gru-reset-before", "lstm-peephole", "mut1", "slstm"])
def test_the_order_of_threads_and_blocks_is_of_no_matter(name: str, way: WayName) -> None:
    point = random_point(EVERY_CELL[name], "numpy", hidden=7, batch=5, steps=6)
    for dtype in ("float32", "float64"):
        assert run(point, way, dtype) == run(point, way, dtype, HostDevice(backward=True))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["lstm", "gru", "mut1"])
def test_a_matrix_lies_in_registers_in_shared_memory_and_beyond(name: str, dtype: str) -> None:
    point = random_point(EVERY_CELL[name], "numpy", hidden=33, batch=3, steps=3)
    way = way_of(name, 33, 3, TINY, wanted="persistent", dtype=dtype)
    assert way.cuts
    products = [product for cut in way.cuts for product in cut.products]
    assert any(product.held and product.kept for product in products)
    assert any(product.held + product.kept < product.span for product in products)
    errors = run(point, "persistent", dtype, HostDevice(card=TINY))
    assert max(errors.values()) < (2e-4 if dtype == "float32" else 1e-10)


def way_of(
    name: str, hidden: int, batch: int, card: Card, *, wanted: WayName | None = None, dtype: str = "float32"
) -> Way:
    backend = CupyBackend(way=wanted, device=HostDevice(card=card))
    return backend.compile(catalogue()[name], inputs=2, hidden=hidden, dtype=dtype).way_for(batch)


@pytest.mark.parametrize(
    ("name", "hidden", "batch", "expected"),
    [
        ("indrnn", 512, 64, "persistent: one launch, a thread for each unit of each sequence"),
        ("lstm", 128, 32, "persistent: one launch of 32 blocks, of which each has a sequence; 100% of the matrices"),
        ("lstm", 512, 16, "cooperative: one launch of 128 blocks"),
        ("lstm", 1024, 256, "captured: products of 256 x 1024 fill the card by themselves"),
        ("indrnn", 512, 10_000, "persistent: one launch, a thread for each unit of each sequence"),
        ("lstm-layernorm", 2000, 1, "captured: means over a row of 2000 units do not fit one launch"),
    ],
)
def test_the_way_follows_from_the_size(name: str, hidden: int, batch: int, expected: str) -> None:
    assert way_of(name, hidden, batch, H200).reason.startswith(expected)


def test_no_block_waits_for_another_where_the_card_cannot() -> None:
    reasons = [way_of("lstm", 512, 16, replace(H200, cooperative=can)).reason for can in (True, False)]
    assert [reason.split(":")[0] == "cooperative" for reason in reasons] == [True, False]


def test_every_block_that_waits_owns_units() -> None:
    way = way_of("lstm", 257, 1, H200, wanted="cooperative")
    assert way.cuts
    assert all((cut.parts - 1) * cut.units < 257 <= cut.parts * cut.units for cut in way.cuts)


def test_a_program_says_which_way_it_went() -> None:
    backend = CupyBackend(device=HostDevice())
    program = backend.compile(catalogue()["lstm"], inputs=2, hidden=5)
    assert program.way == ""
    parameters = catalogue()["lstm"].initial_parameters(2, 5, seed=0, length=None, dtype="float32")
    program.forward(parameters, np.zeros((4, 3, 2), "float32"))
    assert program.way.startswith("persistent: one launch of 3 blocks")


def test_an_unknown_way_is_refused() -> None:
    with pytest.raises(BackendError, match="there is no way 'fast'; choose one of persistent, cooperative, captured"):
        CupyBackend(way="fast")  # type: ignore[arg-type]


@pytest.mark.parametrize("way", ["persistent", "cooperative", "captured", "uncaptured"])
def test_a_frame_serves_many_passes(way: WayName) -> None:
    """Nothing is left over from the pass before: recordings, counters and sums begin anew."""
    point = random_point(catalogue()["lstm"], "numpy", hidden=7, batch=5, steps=6)
    program = CupyBackend(way=way, device=HostDevice()).compile(point.cell, dtype="float64", **point.sizes)
    trace = program.forward(point.parameters, point.x, start=point.start)
    first = program.backward(point.parameters, trace, point.outside, consume=True)
    expected = {name: np.array(gradient) for name, gradient in first.parameters.items()}
    for _ in range(2):
        trace = program.forward(point.parameters, point.x, start=point.start, reuse=trace)
        again = program.backward(point.parameters, trace, point.outside, consume=True)
        for name, gradient in again.parameters.items():
            np.testing.assert_array_equal(gradient, expected[name])


def test_nothing_that_a_user_wrote_comes_into_the_source() -> None:
    ours = Cell.from_equations("h = tanh(W @ h + U @ x + b)", states=["h"])
    theirs = Cell.from_equations("system = tanh(exit @ system + asm @ x + NULL)", states=["system"])
    backend = CupyBackend(device=HostDevice())
    sources = [backend.compile(cell, inputs=2, hidden=5).sources() for cell in (ours, theirs)]
    assert sources[0] == sources[1]


class OnCard(np.ndarray):
    """An array that lies elsewhere: looking into it would make the host wait."""

    def min(self, *axes: Any, **options: Any) -> Any:
        raise AssertionError("the host waited for the card")

    def max(self, *axes: Any, **options: Any) -> Any:
        raise AssertionError("the host waited for the card")


def test_indices_from_the_host_are_checked_and_those_on_the_card_are_left_alone() -> None:
    arrays_on_card = SimpleNamespace(**vars(np) | {"asarray": lambda array: np.array(array).view(OnCard)})
    device = HostDevice(xp=arrays_on_card)
    program = CupyBackend(device=device).compile(catalogue()["lstm"], inputs=4, hidden=5)
    wrong = np.array([[0, 3], [4, -1]])
    with pytest.raises(BackendError, match="indices from 0 to 3"):
        program.check_input(wrong)
    assert program.check_input(wrong.view(OnCard)).shape == (2, 2, 1)
