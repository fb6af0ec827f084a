"""How a sequence is run on a card: which way, and how the loop over time is cut to fit it.

What decides is an estimate of clock cycles a step. Its constants are orders of magnitude from the vendor's documents
and published measurements, not measured here; ``scripts/gpu_check.py`` measures the ways side by side.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Literal

from workbench.backends.cupy.device import Card

WayName = Literal["persistent", "cooperative", "captured", "uncaptured"]
"""``persistent``: one launch, each block by itself; ``cooperative``: one launch, of blocks that wait for one another;
``captured``: products and passes step by step, recorded once; ``uncaptured``: the same, given one by one.
"""
ONE_LAUNCH: tuple[WayName, ...] = ("persistent", "cooperative")
WAYS: tuple[WayName, ...] = (*ONE_LAUNCH, "captured", "uncaptured")

# Registers of a thread, 32 bits each, that the matrix cannot have; and what a thread can have at most.
_OTHER_REGISTERS, _MOST_REGISTERS = 56, 255
# Clock cycles, and numbers or bytes a cycle of one multiprocessor.
_MULTIPLICATIONS = {4: 128, 8: 64}
_SHARED_BYTES, _CACHE_BYTES, _MEMORY_BYTES = 128, 40, 16
_MEETING, _WAITING, _BLOCK, _LAUNCH = 40, 2500, 700, 4000


@dataclass(frozen=True)
class LoopFacts:
    """What a direction's loop asks for: the operands and results of its products, means in a row, launches a step."""

    products: tuple[tuple[int, int], ...]
    has_means: bool
    launches: int


@dataclass(frozen=True)
class ProductCut:
    """How a product is cut: slices of its depth, ``span`` rows each, some held in registers, some in shared memory."""

    slices: int
    span: int
    held: int
    kept: int


@dataclass(frozen=True)
class Cut:
    """How the loop of one direction is cut: blocks of ``threads`` own ``units`` units of ``rows`` sequences."""

    threads: int
    rows: int
    units: int
    parts: int
    products: tuple[ProductCut, ...]
    shared: int
    """Bytes."""
    cycles: float
    """Of one step, estimated."""

    def blocks(self, batch: int) -> int:
        """How many blocks there are."""
        return ceil(batch / self.rows) * self.parts

    @property
    def together(self) -> bool:
        """Whether blocks wait for one another."""
        return self.parts > 1 and bool(self.products)

    def options(self) -> tuple[str, ...]:
        """The sizes, as the compiler is given them."""
        own = {"THREADS": self.threads, "ROWS": self.rows, "UNITS": self.units, "PARTS": self.parts}
        # Without products nothing else hides how long memory takes.
        own["AHEAD"] = 1 if self.products else 4
        for number, product in enumerate(self.products):
            own |= {f"SLICES_{number}": product.slices, f"HELD_{number}": product.held, f"KEPT_{number}": product.kept}
        return tuple(f"-D{name}={size}" for name, size in own.items())


@dataclass(frozen=True)
class Way:
    """The way taken, in a word and in a sentence; ``cuts`` of forward and backward where it is persistent."""

    name: WayName
    reason: str
    cuts: tuple[Cut, Cut] | None = None

    @property
    def cycles(self) -> float:
        """Of one step, forward and backward, where it is one launch each."""
        return sum(cut.cycles for cut in self.cuts or ())


def choose_way(
    facts: tuple[LoopFacts, LoopFacts], card: Card, *, hidden: int, batch: int, itemsize: int, wanted: WayName | None
) -> Way | None:
    """Return the way with the smaller estimate, or the one wanted; None where that one does not apply."""
    if wanted in ("captured", "uncaptured"):
        return Way(wanted, f"{wanted}: as asked for")
    captured = sum(_captured_cycles(own, card, hidden, batch, itemsize) for own in facts)
    launched = [_in_one_launch(facts, card, hidden, batch, itemsize, parted=parted) for parted in (False, True)]
    if wanted:
        return launched[WAYS.index(wanted)]
    found = [way for way in launched if way]
    if not found:
        why = "means over a row" if any(own.has_means for own in facts) else "the matrices"
        return Way("captured", f"captured: {why} of {hidden} units do not fit one launch")
    best = min(found, key=lambda way: way.cycles)
    if best.cycles <= captured or not any(own.products for own in facts):
        return best
    return Way("captured", f"captured: products of {batch} x {hidden} fill the card by themselves")


def _in_one_launch(
    facts: tuple[LoopFacts, LoopFacts], card: Card, hidden: int, batch: int, itemsize: int, *, parted: bool
) -> Way | None:
    chosen = [
        min(
            (
                cut
                for cut in cuts(own, card, hidden, batch, itemsize)
                if cut.together is (parted and bool(own.products))
            ),
            key=lambda cut: cut.cycles,
            default=None,
        )
        for own in facts
    ]
    forward, backward = chosen
    if forward is None or backward is None or (parted and not (forward.together or backward.together)):
        return None
    name: WayName = "cooperative" if parted else "persistent"
    return Way(name, f"{name}: {_describe(forward, batch)}", (forward, backward))


def _describe(cut: Cut, batch: int) -> str:
    if not cut.products:
        return "one launch, a thread for each unit of each sequence"
    sequences = "a sequence" if cut.rows == 1 else f"{cut.rows} sequences"
    each = "each has" if cut.parts == 1 else f"{cut.parts} share"
    place = f"{_share_resident(cut):.0%} of the matrices stay in place"
    return f"one launch of {cut.blocks(batch)} blocks, of which {each} {sequences}; {place}"


def _share_resident(cut: Cut) -> float:
    resident = sum(product.slices * (product.held + product.kept) for product in cut.products)
    return resident / sum(product.slices * product.span for product in cut.products)


def cuts(facts: LoopFacts, card: Card, hidden: int, batch: int, itemsize: int) -> Iterator[Cut]:
    """All ways to cut a loop that fit the card."""
    if not facts.products:
        yield from _cuts_without_products(facts, card, hidden, batch, itemsize)
        return
    for threads in (128, 256, 512, 1024):
        for rows in (1, 2, 4, 8, 16):
            for parts in sorted({ceil(hidden / ceil(hidden / most)) for most in (1, 2, 4, 8, 16, 32, 64, 128)}):
                units = ceil(hidden / parts)
                fits = rows * units <= threads and (rows == 1 or rows < 2 * batch) and (parts == 1 or units >= 2)
                if not fits or (parts > 1 and not _can_wait(facts, card, ceil(batch / rows) * parts)):
                    continue
                cut = _cut(facts, card, hidden, batch, itemsize, (threads, rows, units, parts))
                # Where nothing stays in place, waiting for one another gains nothing.
                if cut and (parts == 1 or _share_resident(cut) > 0):
                    yield cut


def _can_wait(facts: LoopFacts, card: Card, blocks: int) -> bool:
    """Whether so many blocks can share sequences: all at once, with nothing to meet for but products."""
    return card.cooperative and not facts.has_means and blocks <= card.multiprocessors


def _cuts_without_products(facts: LoopFacts, card: Card, hidden: int, batch: int, itemsize: int) -> Iterator[Cut]:
    units = hidden if facts.has_means else min(hidden, 128)
    threads = max(128, ceil(units / 32) * 32)
    rows = max(1, min(threads // units, batch))
    shared = rows * (hidden + 32) * itemsize if facts.has_means else 0
    if threads > 1024 or shared > card.shared_memory:
        return
    parts = ceil(hidden / units)
    rounds = ceil(ceil(batch / rows) * parts * threads / (card.multiprocessors * 1024))
    yield Cut(threads, rows, units, parts, (), shared, rounds * _BLOCK + 10 * _MEETING * facts.has_means)


def _cut(
    facts: LoopFacts, card: Card, hidden: int, batch: int, itemsize: int, sizes: tuple[int, int, int, int]
) -> Cut | None:
    threads, rows, units, parts = sizes
    shapes = [_Shape(operands * hidden, results * units, threads) for operands, results in facts.products]
    room = rows * (hidden + 32) if facts.has_means else 0
    room += sum(rows * shape.span * shape.slices + _fours(shape.slices * rows * shape.columns) for shape in shapes)
    free = card.shared_memory // itemsize - room
    if free < 0:
        return None
    registers = (min(_MOST_REGISTERS, card.registers // threads) - _OTHER_REGISTERS) * 4 // itemsize
    total = sum(shape.depth * shape.columns for shape in shapes)
    products, cycles = list[ProductCut](), 0.0
    for shape in shapes:
        spare = registers * shape.depth * shape.columns / total - (2 * rows + 4) * shape.width
        held = min(shape.span, max(0, int(spare / shape.width) // 4 * 4))
        kept = min(shape.span - held, free // (shape.slices * shape.columns) // 4 * 4)
        free -= _fours(shape.slices * kept * shape.columns)
        room += _fours(shape.slices * kept * shape.columns)
        products.append(ProductCut(shape.slices, shape.span, held, kept))
        cycles += _product_cycles(shape, products[-1], rows, threads, itemsize)
        if parts > 1:
            cycles += _WAITING + rows * shape.depth * itemsize / _CACHE_BYTES
    cycles += len(facts.products) * 2 * _MEETING + _BLOCK + 10 * _MEETING * facts.has_means
    rounds = ceil(ceil(batch / rows) * parts / card.multiprocessors)
    return Cut(threads, rows, units, parts, tuple(products), room * itemsize, rounds * cycles)


@dataclass(frozen=True)
class _Shape:
    """A product as the threads of a block share it out."""

    depth: int
    columns: int
    threads: int

    @property
    def slices(self) -> int:
        """As many parts of the depth as there are threads for, each not too short."""
        slices = 1
        while 2 * slices * self.columns <= self.threads and self.depth >= 16 * slices:
            slices *= 2
        return slices

    @property
    def width(self) -> int:
        return ceil(self.columns / (self.threads // self.slices))

    @property
    def span(self) -> int:
        return _fours(ceil(self.depth / self.slices))


def _product_cycles(shape: _Shape, cut: ProductCut, rows: int, threads: int, itemsize: int) -> float:
    matrix = shape.slices * shape.columns * itemsize
    multiplying = rows * shape.depth * shape.columns / _MULTIPLICATIONS[itemsize]
    operands = threads / 32 * rows * shape.span / 4
    streamed = (shape.span - cut.held - cut.kept) * matrix / _CACHE_BYTES
    return max(multiplying, operands) + cut.kept * matrix / _SHARED_BYTES + streamed


def _captured_cycles(facts: LoopFacts, card: Card, hidden: int, batch: int, itemsize: int) -> float:
    numbers = sum(operands * hidden * results * hidden for operands, results in facts.products)
    multiplying = 2 * batch * numbers / (card.multiprocessors * _MULTIPLICATIONS[itemsize])
    reading = numbers * itemsize / (card.multiprocessors * _MEMORY_BYTES)
    return facts.launches * _LAUNCH + max(multiplying, reading)


def _fours(count: int) -> int:
    return ceil(count / 4) * 4
