"""The yearly sunspot record, 1700 to 2008; its source and licence stand in resources/data/README.md."""

from functools import cache
from hashlib import sha256
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from workbench.resources import resource_path
from workbench.tasks.base import TaskError

FILE = "sunspots.csv"
FIRST_YEAR, LAST_YEAR = 1700, 2008
NAMES = ("sunspots",)


@cache
def read_sunspots() -> tuple[NDArray[np.float64], str]:
    """Return the mean number of sunspots of each year, (309, 1), and the SHA-256 of the file; raises TaskError."""
    path = resource_path("data", FILE)
    try:
        content = path.read_bytes()
        rows = np.loadtxt(BytesIO(content), delimiter=",", skiprows=1)
        if rows.shape != (LAST_YEAR - FIRST_YEAR + 1, 2):
            raise ValueError(f"it has {rows.shape} numbers")
    except (OSError, ValueError) as error:
        raise TaskError(f"The sunspots in {path} cannot be read ({error}). Install the workbench again.") from error
    numbers = rows[:, 1:].copy()
    numbers.flags.writeable = False
    return numbers, sha256(content).hexdigest()
