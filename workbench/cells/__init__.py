"""What a cell is: equations as text, checked, typeset, differentiated and scheduled."""

from workbench.cells.catalogue import catalogue
from workbench.cells.cell import Cell
from workbench.cells.errors import CellError

__all__ = ["Cell", "CellError", "catalogue"]
