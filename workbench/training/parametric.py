"""What every network has: its parameters in one flat array, drawn from a seed, and a linear read-out."""

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from workbench.backends import Backend, Program
from workbench.training.arrays import Array, NamedArrays
from workbench.training.errors import TrainingError
from workbench.training.initialization import READOUT_BIAS, READOUT_WEIGHT, Architecture, initial_parameters
from workbench.training.stack import Stack


class Parametric:
    """Holds parameters and programs.

    ``trained`` and ``fixed`` hold the parameters, each in one flat array; ``parameters`` names all of them
    ("1.W_fh", "embedding.E", "readout.W"). ``programs`` follow ``architecture.stack``. Raises CellError where the cell
    does not fit the sizes, TrainingError for sizes no network can have.
    """

    def __init__(
        self, backend: Backend, architecture: Architecture, *, seed: int = 0, length: int | None = None
    ) -> None:
        self.backend, self.architecture = backend, architecture
        self.layers = architecture.stack
        self.programs = compile_layers(backend, architecture)
        shapes, fixed, dtype = architecture.shapes(), architecture.fixed(), architecture.dtype
        self.trained_shapes = {name: shape for name, shape in shapes.items() if name not in fixed}
        self.trained = NamedArrays(backend.xp, self.trained_shapes, dtype)
        self.fixed = NamedArrays(backend.xp, {name: shapes[name] for name in shapes if name in fixed}, dtype)
        self.parameters: dict[str, Array] = self.trained.views | self.fixed.views
        self.assign(initial_parameters(architecture, seed=seed, length=length))

    def assign(self, values: Mapping[str, NDArray[Any]]) -> None:
        """Set parameters by name; raises TrainingError for a name that is missing or a shape that differs."""
        for name, view in self.parameters.items():
            if name not in values or values[name].shape != view.shape:
                found = f"has shape {values[name].shape}" if name in values else "is missing"
                raise TrainingError(f"Parameter {name} {found}; this network needs {view.shape}.")
            view[...] = self.backend.asarray(values[name], self.architecture.dtype)

    def read(self, rows: Array, out: Array | None = None) -> Array:
        """Return the outputs (N, K) for what the read-out sees (N, H), written into ``out`` if given."""
        outputs = self.backend.xp.matmul(rows, self.parameters[READOUT_WEIGHT].T, out=out)
        outputs += self.parameters[READOUT_BIAS]
        return outputs

    def stack_of(self, first: int, count: int) -> Stack:
        """Return ``count`` layers from place ``first`` on."""
        places = slice(first, first + count)
        return Stack(self.backend, self.layers[places], self.programs[places], self.parameters)


def compile_layers(backend: Backend, architecture: Architecture) -> tuple[Program, ...]:
    """Return a program for each layer of the stack; those of equal input size share one."""
    programs: dict[int, Program] = {}
    for layer in architecture.stack:
        if layer.inputs not in programs:
            programs[layer.inputs] = backend.compile(
                architecture.cell, inputs=layer.inputs, hidden=architecture.hidden, dtype=architecture.dtype
            )
    return tuple(programs[layer.inputs] for layer in architecture.stack)
