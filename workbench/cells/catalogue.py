"""The cells that come with the program: one TOML file each in ``resources/cells/``."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from workbench.cells.cell import Cell
from workbench.resources import resource_path


@cache
def catalogue() -> Mapping[str, Cell]:
    """Return every built-in cell by name, in alphabetical order."""
    files = sorted(resource_path("cells").glob("*.toml"), key=lambda path: path.stem)
    return MappingProxyType({path.stem: Cell.from_file(path) for path in files})
