"""Training steps side by side with torch on the same card: cuDNN's layers, and loops for cells that it lacks."""

import gc
from collections.abc import Iterator, Sequence
from math import isclose
from statistics import geometric_mean
from time import monotonic
from types import ModuleType

from benchmarks.cases import Case
from benchmarks.libraries.typed_cells import cell_named

from gpu.backends import make_backend, waiter
from gpu.cases import INPUTS, WITH_CUDNN, WITHOUT_CUDNN, Sizes
from gpu.own_step import OwnStep, multiplications
from gpu.report import Figure, Line, guarded
from gpu.timing import Work, seconds_in_turn

CUDNN, LOOPS = "speed", "other cells"
AGREEMENT = 1e-3
"""How far losses and gradient norms may lie apart, relative, in strict float32."""
LIKE_CUDNN, BESIDE_LSTM, BESIDE_LOOP = 1.0, 1.3, 10.0
"""The bars: times as fast as cuDNN on the mean; of our LSTM's time per unit of work; times as fast as torch's loop."""


def torch_module() -> ModuleType | None:
    """Return our steps in torch, None where torch is missing or sees no card."""
    try:
        import torch

        from gpu import torch_steps
    except ImportError:
        return None
    return torch_steps if torch.cuda.is_available() else None


def beside_cudnn(
    backend_name: str,
    sizes: Sequence[Sizes],
    torch_steps: ModuleType | None,
    until: float = float("inf"),
    cells: Sequence[str] = WITH_CUDNN,
) -> Iterator[Line]:
    """Measure training steps at all sizes, TF32 off and on at both; ``until``: when to measure no more (monotonic)."""
    ratios: dict[bool, list[float]] = {False: [], True: []}
    for own in sizes:
        for cell in cells:
            for tf32 in (False, True):
                name = f"{cell}, {own}{', TF32' if tf32 else ''}"
                if monotonic() > until:
                    yield Line(CUDNN, name, False, "not measured: the time was over")
                    continue
                line = guarded(CUDNN, name, _compare, backend_name, cell, own, tf32, name, torch_steps)
                release(backend_name, torch_steps)
                ratio = line.figures.get("ratio")
                if isinstance(ratio, float):
                    ratios[tf32].append(ratio)
                yield line
    for tf32, found in ratios.items():
        if found:
            yield _mean(tf32, found)


def _mean(tf32: bool, found: Sequence[float]) -> Line:
    mean = geometric_mean(found)
    says = f"{mean:.2f} times as fast as cuDNN over {len(found)} cases, worst {min(found):.2f}"
    figures: dict[str, Figure] = {"ratio": mean, "worst": min(found), "cases": len(found), "bar": LIKE_CUDNN}
    return Line(CUDNN, f"geometric mean{', TF32' if tf32 else ''}", mean >= LIKE_CUDNN, says, figures)


def _compare(backend_name: str, cell: str, own: Sizes, tf32: bool, name: str, torch_steps: ModuleType | None) -> Line:
    case = Case(cell, own.batch, own.steps, INPUTS, own.hidden)
    backend = make_backend(backend_name, tf32=tf32)
    ours = OwnStep(backend, case)
    works: dict[str, Work] = {"ours": ours}
    if torch_steps is not None:
        torch_steps.allow_tf32(tf32)
        works["cuDNN"] = theirs = torch_steps.TorchStep(case)
        if not tf32 and (complaint := disagreement(ours.check(), theirs.check())):
            return Line(CUDNN, name, False, complaint)
    seconds = seconds_in_turn(works, waiter(backend), rounds=3)
    figures: dict[str, Figure] = {f"{library}, ms": 1000 * found for library, found in seconds.items()}
    figures["way"] = ours.program.way
    says = f"{1000 * seconds['ours']:.3f} ms"
    if "cuDNN" in seconds:
        ratio = seconds["cuDNN"] / seconds["ours"]
        figures["ratio"] = ratio
        says += f", cuDNN {1000 * seconds['cuDNN']:.3f} ms: {ratio:.2f} times as fast"
    return Line(CUDNN, name, None, f"{says} ({ours.program.way})" if ours.program.way else says, figures)


def release(backend_name: str, torch_steps: ModuleType | None) -> None:
    """Give the card back what both libraries keep for later: the next case may need all of it."""
    pool = getattr(make_backend(backend_name).xp, "get_default_memory_pool", None)
    if pool is not None:
        gc.collect()
        pool().free_all_blocks()
    if torch_steps is not None:
        torch_steps.release()


def disagreement(ours: tuple[float, float], theirs: tuple[float, float]) -> str:
    """Return how two libraries differ in loss and gradient norm, "" where they compute the same."""
    for what, own, other in zip(("loss", "gradient norm"), ours, theirs, strict=True):
        if not isclose(own, other, rel_tol=AGREEMENT):
            return f"our {what} is {own:.6g}, torch's {other:.6g}: they do not compute the same"
    return ""


def beside_loops(
    backend_name: str, sizes: Sequence[Sizes], torch_steps: ModuleType | None, cells: Sequence[str] = WITHOUT_CUDNN
) -> Iterator[Line]:
    """Measure cells that cuDNN lacks: beside our own LSTM per unit of work, and beside torch's loop."""
    for own in sizes:
        for cell in cells:
            name = f"{cell}, {own}"
            yield guarded(LOOPS, name, _beside_loop, backend_name, cell, own, name, torch_steps)
            release(backend_name, torch_steps)


def _beside_loop(backend_name: str, cell: str, own: Sizes, name: str, torch_steps: ModuleType | None) -> Line:
    backend = make_backend(backend_name)
    case, lstm = (Case(which, own.batch, own.steps, INPUTS, own.hidden) for which in (cell, "lstm"))
    works: dict[str, Work] = {"ours": OwnStep(backend, case), "lstm": OwnStep(backend, lstm)}
    if torch_steps is not None:
        torch_steps.allow_tf32(False)
        works["loop"] = torch_steps.TorchStep(case)
    seconds = seconds_in_turn(works, waiter(backend), rounds=3)
    work, of_lstm = (multiplications(cell_named(which), INPUTS, own.hidden) for which in (cell, "lstm"))
    beside_lstm = (seconds["ours"] / work) / (seconds["lstm"] / of_lstm)
    passed = beside_lstm <= BESIDE_LSTM
    figures: dict[str, Figure] = {f"{what}, ms": 1000 * found for what, found in seconds.items()}
    figures |= {"beside our LSTM": beside_lstm, "bar beside our LSTM": BESIDE_LSTM}
    says = f"{1000 * seconds['ours']:.3f} ms, {beside_lstm:.2f} of our LSTM's time per unit of work"
    if "loop" in seconds:
        ratio = seconds["loop"] / seconds["ours"]
        figures |= {"beside torch's loop": ratio, "bar beside torch's loop": BESIDE_LOOP}
        says += f", {ratio:.1f} times as fast as torch's loop"
        passed = passed and ratio >= BESIDE_LOOP
    return Line(LOOPS, name, passed, says, figures)
