"""The forward pass as source text."""

from workbench.backends.numba.passes import PassWriter
from workbench.backends.numba.writing import Table
from workbench.backends.rendering.lines import Lines
from workbench.backends.rendering.outline import PassOutline
from workbench.backends.rendering.placement import Phase
from workbench.cells.plan import Plan


class ForwardWriter(PassWriter):
    """Writes ``forward(table, first, last, share)``: all steps of some sequences."""

    def __init__(self, plan: Plan, table: Table) -> None:
        super().__init__(PassOutline(plan, "forward"), table)

    def write(self) -> str:
        """Return the function's body."""
        lines = Lines()
        lines.add("rows = last - first")
        lines.add("start = 0")
        with lines.block("while start < steps:"):
            lines.add("end = min(steps, start + stretch)")
            self.write_turns(lines)
            self._write_inputs(lines)
            self.write_around(lines, Phase.BEFORE)
            with lines.block("for t in range(start, end):"):
                self.write_loop(lines)
            self.write_around(lines, Phase.AFTER)
            lines.add("start = end")
        return lines.text()

    def _write_inputs(self, lines: Lines) -> None:
        """x is copied: its rows are filled up to whole vectors, and a trace owns what it shows."""
        name = self.table.name
        with lines.block("if active == 0:"), lines.block("for turn in range(turns):"):
            lines.add("t = start + turn")
            source = f"{name('given_inputs')} + (t * batch + first) * size_of_input * SIZE"
            target = f"{name('inputs')} + (t * batch + first) * input_pitch * SIZE"
            order = f"{target}, input_pitch, {source}, size_of_input, size_of_input, height"
            lines.add(f"call({name('copy_rows')}, {order})")
