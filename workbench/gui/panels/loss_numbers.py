"""The numbers of runs as a view needs them ten times a second: only new entries are read, kept ones are not copied."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from workbench.figures.smoothing import moving_mean, reach
from workbench.lab.workbook import Columns, Workbook
from workbench.lab.workbook.scalars import Scalars

Numbers = NDArray[np.float64]
_ROOM = 1024
_QUARTER = 4


class _Column:
    """An array that grows at its end."""

    def __init__(self) -> None:
        self._array: Numbers = np.empty(_ROOM)
        self.count = 0

    @property
    def values(self) -> Numbers:
        return self._array[: self.count]

    def put(self, at: int, values: Numbers) -> None:
        """Set what stands from an index on; what was behind it is forgotten."""
        stop = at + len(values)
        if stop > len(self._array):
            grown = np.empty(max(stop, 2 * len(self._array)))
            grown[:at] = self._array[:at]
            self._array = grown
        self._array[at:stop] = values
        self.count = stop


class Series:
    """One series of one run. Use it on one thread."""

    def __init__(self, scalars: Scalars, run: int) -> None:
        self._scalars, self._run = scalars, run
        self.version = 0
        """Another number whenever other entries are there."""
        self._steps = _Column()
        self._columns: dict[str, _Column] = {}
        self._means: dict[tuple[str, int], _Column] = {}

    def __len__(self) -> int:
        return self._steps.count

    @property
    def names(self) -> tuple[str, ...]:
        """What is known of each step."""
        return tuple(self._columns)

    @property
    def steps(self) -> Numbers:
        """The steps that have entries (N,), ascending."""
        return self._steps.values

    def column(self, name: str) -> Numbers:
        """Return the numbers of one name (N,); gaps where there are none."""
        return self._columns[name].values if name in self._columns else np.full(len(self), np.nan)

    def smoothed(self, name: str, width: int) -> Numbers:
        """Return the moving mean of a column (N,); of a short run, over a quarter of its steps at most."""
        values = self.column(name)
        width = min(width, max(1, len(values) // _QUARTER))
        means = self._means.pop((name, width), None) or _Column()
        self._means = {(name, width): means}  # others take room, and are soon worked out again
        if means.count < len(values):
            # The last means lacked neighbours that have come since.
            settled = max(0, means.count - reach(width))
            begin = max(0, settled - reach(width))
            means.put(settled, moving_mean(values[begin:], width)[settled - begin :])
        return means.values

    def update(self) -> None:
        """Read what is new; all of it where entries were dropped and others came in their place."""
        if not len(self):
            self._append(self._scalars.read(self._run))
            return
        last = int(self.steps[-1])
        new = self._scalars.read(self._run, last - 1)
        if self._continues(new, last):
            self._append(new.after(last))
        else:
            self._forget()
            self._append(self._scalars.read(self._run))
            self.version += 1

    def _continues(self, new: Columns, last: int) -> bool:
        return (
            len(new) > 0
            and int(new.steps[0]) == last
            and all(np.array_equal(new[name][:1], self.column(name)[-1:], equal_nan=True) for name in new.values)
        )

    def _append(self, new: Columns) -> None:
        if not len(new):
            return
        count = len(self)
        for name in dict.fromkeys((*self._columns, *new.values)):
            column = self._columns.setdefault(name, _Column())
            column.put(column.count, np.full(count - column.count, np.nan))
            column.put(count, new[name] if name in new.values else np.full(len(new), np.nan))
        self._steps.put(count, new.steps.astype(np.float64))
        self.version += 1

    def _forget(self) -> None:
        self._steps, self._columns, self._means = _Column(), {}, {}


class RunNumbers:
    """The training and validation numbers of one run."""

    def __init__(self, workbook: Workbook, run: int) -> None:
        self.training = Series(workbook.scalars, run)
        self.validation = Series(workbook.validations, run)

    def update(self) -> None:
        """Read what is new."""
        self.training.update()
        self.validation.update()

    @property
    def version(self) -> tuple[int, int]:
        """Another value whenever other entries are there."""
        return self.training.version, self.validation.version


class KeptNumbers:
    """The numbers of several runs of a workbook, as far as they were read. Use it on one thread."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self._runs: dict[int, RunNumbers] = {}

    def of(self, run: int) -> RunNumbers:
        """Return a run's numbers, up to date."""
        numbers = self._runs.setdefault(run, RunNumbers(self.workbook, run))
        numbers.update()
        return numbers

    def keep(self, runs: Iterable[int]) -> None:
        """Forget all other runs: their numbers take room."""
        kept = set(runs)
        self._runs = {run: numbers for run, numbers in self._runs.items() if run in kept}
