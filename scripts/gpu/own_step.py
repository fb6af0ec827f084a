"""Our training step, through the engine's contract and with the trainer's own parts; nothing is read in between."""

from math import prod
from typing import Any

import numpy as np
from benchmarks.cases import CLIP_NORM, LEARNING_RATE, Case
from benchmarks.libraries.typed_cells import cell_named, names_in_catalogue

from workbench.backends import Backend
from workbench.cells import Cell
from workbench.training.arrays import NamedArrays, norm_array
from workbench.training.clipping import clip_by_norm_array
from workbench.training.optimizers import create_optimizer


class OwnStep:
    """A program, its parameters in one flat array and their gradient in another, all on the device."""

    def __init__(self, backend: Backend, case: Case) -> None:
        self.cell = cell_named(case.cell)
        self._xp = xp = backend.xp
        self.program = backend.compile(self.cell, inputs=case.inputs, hidden=case.hidden)
        shapes = self.cell.shapes(case.inputs, case.hidden)
        self._parameters, self._gradient = (NamedArrays(xp, shapes, "float32") for _ in range(2))
        for name, known in names_in_catalogue(case.cell).items():
            self._parameters.views[name][...] = backend.asarray(case.parameter(known, shapes[name]))
        self._optimizer = create_optimizer("adam", xp, self._parameters.flat)
        self._x = backend.asarray(case.x())
        self.weights = backend.asarray(same_at_every_step(case))
        self._output = self.cell.states[0]
        self._trace: Any = None

    def __call__(self) -> Any:
        """Train once; returns the loss, on the device."""
        return self._train()[0]

    def check(self) -> tuple[float, float]:
        """Train once; returns the loss and the gradient's norm."""
        loss, norm = self._train()
        return float(loss), float(norm)

    def forward(self) -> Any:
        """Run forward alone."""
        self._trace = self.program.forward(self._parameters.views, self._x, reuse=self._trace)
        return self._trace

    def forward_and_backward(self) -> Any:
        """Run forward and back to the parameters."""
        trace = self.forward()
        return self.program.backward(self._parameters.views, trace, {self._output: self.weights}, consume=True)

    def _train(self) -> tuple[Any, Any]:
        xp, gradient = self._xp, self._gradient.flat
        trace = self.forward()
        loss = xp.dot(trace[self._output].reshape(-1), self.weights.reshape(-1))
        gradients = self.program.backward(self._parameters.views, trace, {self._output: self.weights}, consume=True)
        for name, own in gradients.parameters.items():
            self._gradient.views[name][...] = own
        norm = norm_array(xp, gradient)
        clip_by_norm_array(xp, gradient, norm, CLIP_NORM)
        self._optimizer.step(gradient, LEARNING_RATE)
        return loss, norm


def same_at_every_step(case: Case) -> Any:
    """Return the loss's gradient by the states, (T, B, H): drawn for one step, for a thousand would take minutes."""
    random = np.random.default_rng(2).standard_normal((1, case.batch, case.hidden), dtype=np.float32)
    return np.repeat(random / np.float32(case.batch), case.steps, axis=0)


def multiplications(cell: Cell, inputs: int, hidden: int) -> int:
    """Return how many multiplications with matrices a step of one sequence takes: the unit of work."""
    return sum(prod(shape) for name, shape in cell.shapes(inputs, hidden).items() if cell.roles.is_matrix(name))
