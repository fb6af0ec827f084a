"""Microseconds a time step, each way; and the share of the copy bandwidth that elementwise recurrences reach."""

from collections.abc import Iterator, Sequence

from benchmarks.cases import Case
from benchmarks.libraries.typed_cells import cell_named

from gpu.backends import make_backend, waiter
from gpu.cases import STEP, WITH_CUDNN, Sizes, elementwise_cells
from gpu.correctness import ANOTHER_WAY
from gpu.own_step import OwnStep
from gpu.report import Figure, Line, guarded
from gpu.timing import seconds_in_turn
from workbench.backends import BackendError
from workbench.backends.cupy.ways import ONE_LAUNCH
from workbench.cells import Cell
from workbench.cells.facts import count_kept

STEPS, BANDWIDTH = "time steps", "bandwidth"
FORWARD, BOTH = 10.0, 25.0
"""Microseconds a time step, at most; in the persistent way half of it."""
OF_COPYING = 0.5
ELEMENTWISE = Sizes(1024, 64, 500)
_FEW_INPUTS = 4  # so that products with x cost next to nothing
_COPIED = 1 << 28  # numbers


def time_steps(
    backend_name: str, ways: Sequence[str | None], sizes: Sizes = STEP, cells: Sequence[str] = WITH_CUDNN
) -> Iterator[Line]:
    """Measure forward, and forward with backward, at one size."""
    for cell in cells:
        for way in ways:
            name = f"{cell}, {way}, {sizes}" if way else f"{cell}, {sizes}"
            yield guarded(STEPS, name, _time_step, backend_name, cell, way, sizes, name)


def _time_step(backend_name: str, cell: str, way: str | None, sizes: Sizes, name: str) -> Line:
    backend = make_backend(backend_name, way)
    step = OwnStep(backend, Case(cell, sizes.batch, sizes.steps, _FEW_INPUTS, sizes.hidden))
    try:
        works = {"forward": step.forward, "both": step.forward_and_backward}
        seconds = seconds_in_turn(works, waiter(backend))
    except BackendError as error:
        if ANOTHER_WAY in str(error):
            return Line(STEPS, name, None, "does not apply at this size")
        raise
    each = {what: 1e6 * found / sizes.steps for what, found in seconds.items()}
    share = 0.5 if way in ONE_LAUNCH else 1.0
    # The uncaptured loop is there for checking alone.
    passed = None if way == "uncaptured" else each["forward"] <= FORWARD * share and each["both"] <= BOTH * share
    says = f"{each['forward']:.2f} microseconds a step forward, {each['both']:.2f} with backward"
    figures: dict[str, Figure] = {"forward, us": each["forward"], "forward and backward, us": each["both"]}
    figures |= {"bar forward, us": FORWARD * share, "bar forward and backward, us": BOTH * share}
    return Line(STEPS, name, passed, f"{says} ({step.program.way})" if step.program.way else says, figures)


def bandwidth(backend_name: str, sizes: Sizes = ELEMENTWISE, copied: int = _COPIED) -> Iterator[Line]:
    """Measure how fast the card copies, and which share of that the forward pass of elementwise recurrences moves."""
    speed = copy_bandwidth(backend_name, copied)
    yield Line(BANDWIDTH, "copying", None, f"{speed / 1e9:,.0f} GB/s", {"bytes a second": speed})
    for name, cell in elementwise_cells().items():
        yield guarded(BANDWIDTH, name, _share, backend_name, name, cell, sizes, speed)


def copy_bandwidth(backend_name: str, count: int = _COPIED) -> float:
    """Return the bytes a second that the device reads and writes while it copies an array."""
    backend = make_backend(backend_name)
    source, target = (backend.xp.zeros(count, dtype="float32") for _ in range(2))

    def copy() -> None:
        target[...] = source

    return 2 * 4 * count / seconds_in_turn({"copy": copy}, waiter(backend))["copy"]


def _share(backend_name: str, name: str, cell: Cell, sizes: Sizes, speed: float) -> Line:
    backend = make_backend(backend_name)
    inputs = sizes.hidden if cell.roles.plain_input or cell.roles.input_sized else _FEW_INPUTS
    step = OwnStep(backend, Case(name, sizes.batch, sizes.steps, inputs, sizes.hidden))
    seconds = seconds_in_turn({"forward": step.forward}, waiter(backend))["forward"]
    moved = bytes_moved(cell_named(name), sizes, inputs)
    share = moved / seconds / speed
    says = f"{share:.2f} of the copy bandwidth ({moved / 1e6:,.0f} MB in {1000 * seconds:.3f} ms, {sizes})"
    figures: dict[str, Figure] = {"share": share, "bytes": moved, "ms": 1000 * seconds, "bar": OF_COPYING}
    return Line(BANDWIDTH, name, share >= OF_COPYING, says, figures)


def bytes_moved(cell: Cell, sizes: Sizes, inputs: int, itemsize: int = 4) -> int:
    """Return the bytes that a forward pass at least moves.

    x is read once; each product with x is written, and read by the recurrence; each state and each value that the
    backward pass needs is written once.
    """
    rows = sizes.batch * sizes.steps
    products = sum(matrix.reads_input for matrix in cell.roles.matrices.values())
    return itemsize * rows * (inputs + sizes.hidden * (2 * products + count_kept(cell)))
