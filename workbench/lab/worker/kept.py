"""What an earlier sitting kept beyond the checkpoint: a resumed run must come to the same numbers."""

from collections.abc import Mapping

import numpy as np

from workbench.lab.workbook import Columns


class Kept:
    """Numbers by step, to compare recomputed ones with."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self.last = int(columns.steps[-1]) if len(columns) else -1

    def agrees(self, step: int, numbers: Mapping[str, float]) -> bool:
        """Tell whether the numbers of a step are those kept, bit for bit."""
        index = int(np.searchsorted(self._columns.steps, step))
        if index == len(self._columns) or self._columns.steps[index] != step:
            return False
        kept = self._columns.values
        return all(
            name in kept and np.float64(number).tobytes() == kept[name][index].tobytes()
            for name, number in numbers.items()
        )

    def forget_from(self, step: int) -> None:
        """Keep only what came before a step."""
        self._columns = self._columns.until(step - 1)
        self.last = int(self._columns.steps[-1]) if len(self._columns) else -1
