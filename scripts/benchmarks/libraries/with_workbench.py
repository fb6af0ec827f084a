"""Our training step, through the engine's contract and with the trainer's own parts."""

import sys
from collections.abc import Callable

from benchmarks.cases import CLIP_NORM, LEARNING_RATE, Case
from benchmarks.libraries.step import serve
from benchmarks.libraries.typed_cells import cell_named, names_in_catalogue
from workbench.backends import Backend, get_backend
from workbench.training.arrays import NamedArrays, euclidean_norm
from workbench.training.clipping import clip_by_norm
from workbench.training.optimizers import create_optimizer


class WorkbenchStep:
    """A program, its parameters in one flat array and their gradient in another."""

    def __init__(self, backend: Backend, case: Case) -> None:
        cell = cell_named(case.cell)
        self._xp = backend.xp
        self._program = backend.compile(cell, inputs=case.inputs, hidden=case.hidden)
        shapes = cell.shapes(case.inputs, case.hidden)
        self._parameters, self._gradient = (NamedArrays(self._xp, shapes, "float32") for _ in range(2))
        for name, known in names_in_catalogue(case.cell).items():
            self._parameters.views[name][...] = backend.asarray(case.parameter(known, shapes[name]))
        self._optimizer = create_optimizer("adam", self._xp, self._parameters.flat)
        self._x, self._weights = backend.asarray(case.x()), backend.asarray(case.loss_weights())
        self._output = cell.states[0]
        self._trace = None
        self._norm = 0.0

    def __call__(self) -> float:
        """Train once; returns the loss."""
        xp, parameters, gradient = self._xp, self._parameters.views, self._gradient.flat
        trace = self._trace = self._program.forward(parameters, self._x, reuse=self._trace)
        loss = float(xp.dot(trace[self._output].reshape(-1), self._weights.reshape(-1)))
        gradients = self._program.backward(parameters, trace, {self._output: self._weights}, consume=True)
        for name, own in gradients.parameters.items():
            self._gradient.views[name][...] = own
        self._norm = euclidean_norm(xp, gradient)
        clip_by_norm(gradient, self._norm, CLIP_NORM)
        self._optimizer.step(gradient, LEARNING_RATE)
        return loss

    def check(self) -> tuple[float, float]:
        """Train once; returns the loss and the gradient's norm."""
        return self(), self._norm


def builder(backend: str) -> Callable[[Case], WorkbenchStep]:
    """Return what builds steps of a backend."""
    found = get_backend(backend)
    return lambda case: WorkbenchStep(found, case)


if __name__ == "__main__":
    serve(builder(sys.argv[1]), Case.from_json(sys.argv[2]))
