"""All that is generated compiles for every card, and fits its registers."""

import pytest

from tests.backends.cupy import nvrtc
from tests.backends.cupy.host import HostDevice
from tests.backends.cupy.test_ways import H200
from tests.backends.support import EVERY_CELL
from workbench.backends.cupy.backend import CupyBackend
from workbench.backends.cupy.program import REAL, CupyProgram
from workbench.backends.cupy.rendering import source_of_rows, source_of_sequence
from workbench.backends.cupy.ways import Way, WayName
from workbench.cells import catalogue

pytestmark = pytest.mark.skipif(bool(nvrtc.missing()), reason=nvrtc.missing())


def program_of(name: str, hidden: int, *, way: WayName | None = None, dtype: str = "float32") -> CupyProgram:
    backend = CupyBackend(way=way, device=HostDevice(card=H200))
    cell = EVERY_CELL[name]
    return backend.compile(cell, inputs=hidden if cell.roles.plain_input else 2, hidden=hidden, dtype=dtype)


def compile_sequences(program: CupyProgram, way: Way, architecture: int) -> list[nvrtc.Compiled]:
    """Compile the loops over time of both directions."""
    found = []
    for code, cut in zip((program.forward_code, program.backward_code), way.cuts or (), strict=True):
        source = source_of_sequence(*code.sequence(parted=cut.together))
        found.append(nvrtc.compile_cuda(source, (*program.options, *cut.options()), architecture))
    return found


@pytest.mark.once
@pytest.mark.parametrize("architecture", nvrtc.ARCHITECTURES)
@pytest.mark.parametrize("name", catalogue())
def test_every_cell_compiles_for_every_card(name: str, architecture: int) -> None:
    program = program_of(name, 20)
    nvrtc.compile_cuda(program.sources()["rows"], program.options, architecture)
    ways: tuple[WayName, ...] = ("persistent", "cooperative")
    for way in ways:
        chosen = program_of(name, 20, way=way)
        if way == "cooperative" and not can_wait(chosen):
            continue
        compile_sequences(chosen, chosen.way_for(8), architecture)


def can_wait(program: CupyProgram) -> bool:
    codes = (program.forward_code, program.backward_code)
    return any(code.loop_products for code in codes) and not any(code.loop_has_means for code in codes)


@pytest.mark.parametrize("architecture", nvrtc.ARCHITECTURES)
@pytest.mark.parametrize("dtype", REAL)
def test_rows_by_index_compile_for_every_card(dtype: str, architecture: int) -> None:
    nvrtc.compile_cuda(source_of_rows(), (f"-DREAL={REAL[dtype]}",), architecture)


@pytest.mark.once
@pytest.mark.parametrize("name", ["elman", "gru", "lstm"])
@pytest.mark.parametrize(("hidden", "batch"), [(64, 16), (128, 32), (256, 64), (512, 16)])
def test_matrices_stay_in_registers(name: str, hidden: int, batch: int) -> None:
    program = program_of(name, hidden)
    way = program.way_for(batch)
    assert way.cuts
    assert any(product.held >= 16 for cut in way.cuts for product in cut.products)
    for compiled in compile_sequences(program, way, 90):
        assert set(compiled.stack.values()) == {0}, compiled.log


def test_a_sequence_compiles_in_float64() -> None:
    program = program_of("lstm", 64, dtype="float64")
    compile_sequences(program, program.way_for(16), 90)
