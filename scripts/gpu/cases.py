"""What is checked and measured: cells, sizes, ways. Needs NumPy alone."""

from dataclasses import dataclass
from itertools import product

from workbench.cells import Cell, catalogue
from workbench.cells.schedule import carried_states

WITH_CUDNN = ("elman", "gru", "lstm")
WITHOUT_CUDNN = ("gated", "lstm-peephole", "lstm-layernorm", "mut1", "typed lstm")
INPUTS = 64
FEW_CELLS = ("elman", "gru", "lstm", "lstm-layernorm", "mut1", "indrnn", "lru")


@dataclass(frozen=True)
class Sizes:
    """H units, B sequences, T steps."""

    hidden: int
    batch: int
    steps: int

    def __str__(self) -> str:
        return f"H={self.hidden}, B={self.batch}, T={self.steps}"


ODD = tuple(Sizes(*sizes) for sizes in product((1, 5, 33), (1, 3), (1, 2, 17)))
LARGE = Sizes(256, 64, 200)
SPEED = tuple(
    Sizes(hidden, batch, steps)
    for steps, hidden, batch in product((100, 1000), (64, 128, 256, 512, 1024), (16, 64, 256))
)
STEP = Sizes(128, 32, 1000)
"""Where microseconds a time step are counted."""


def cells_to_check(*, quick: bool) -> dict[str, Cell]:
    """Return the cells whose numbers are compared: all of the catalogue, or a few of every kind."""
    every = catalogue()
    return {name: every[name] for name in FEW_CELLS if name in every} if quick else dict(every)


def odd_sizes(*, quick: bool) -> tuple[Sizes, ...]:
    """Return the sizes at which all numbers are compared."""
    return (Sizes(1, 1, 1), Sizes(5, 3, 2), Sizes(33, 3, 17)) if quick else ODD


def speed_sizes(*, quick: bool) -> tuple[Sizes, ...]:
    """Return the sizes of the training steps that are measured."""
    return tuple(Sizes(hidden, 64, 100) for hidden in (128, 512)) if quick else SPEED


def elementwise_cells() -> dict[str, Cell]:
    """Return the cells whose recurrence needs no product."""
    plans = {name: cell.folded_plan for name, cell in catalogue().items()}
    return {name: catalogue()[name] for name, plan in plans.items() if plan.stages == 0 and carried_states(plan.step)}
