"""How parameters follow their gradient: SGD with momentum, RMSprop, Adam, AdamW.

Every optimiser works on the one flat array of all parameters, in place; its own arrays are allocated
once. The rules and their defaults are those of ``torch.optim``.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from math import sqrt
from types import MappingProxyType
from typing import Any, ClassVar

from workbench.training.arrays import Array
from workbench.training.errors import TrainingError


class Optimizer(ABC):
    """One update rule bound to one flat parameter array of shape (P,).

    ``update`` (P,) holds what the last step subtracted; ``memories`` what the rule remembers between steps.
    """

    memory_names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, xp: Any, parameters: Array, *, weight_decay: float = 0.0) -> None:
        self.xp = xp
        self.parameters = parameters
        self.weight_decay = weight_decay
        self.count = 0
        self.update = xp.zeros_like(parameters)
        self.memories: dict[str, Array] = {name: xp.zeros_like(parameters) for name in self.memory_names}

    def step(self, gradient: Array, learning_rate: float) -> None:
        """Move the parameters once along ``gradient`` (P,), which serves as scratch space and is lost."""
        self.count += 1
        if self.weight_decay:
            self.xp.multiply(self.parameters, self.weight_decay, out=self.update)
            gradient += self.update
        self._compute_update(gradient, learning_rate)
        self.parameters -= self.update

    @abstractmethod
    def _compute_update(self, gradient: Array, learning_rate: float) -> None:
        """Write what is to be subtracted into ``self.update``."""


class Sgd(Optimizer):
    """Gradient descent with Polyak's heavy ball: ``b = momentum * b + g``, ``p -= learning_rate * b``."""

    memory_names = ("velocity",)

    def __init__(self, xp: Any, parameters: Array, *, momentum: float = 0.0, weight_decay: float = 0.0) -> None:
        super().__init__(xp, parameters, weight_decay=weight_decay)
        self.momentum = momentum

    def _compute_update(self, gradient: Array, learning_rate: float) -> None:
        velocity = self.memories["velocity"]
        velocity *= self.momentum
        velocity += gradient
        self.xp.multiply(velocity, learning_rate, out=self.update)


class RmsProp(Optimizer):
    """Tieleman & Hinton 2012: the gradient over the root of its running mean square, with momentum."""

    memory_names = ("mean_square", "velocity")
    decay: ClassVar[float] = 0.99
    epsilon: ClassVar[float] = 1e-8

    def __init__(self, xp: Any, parameters: Array, *, momentum: float = 0.0, weight_decay: float = 0.0) -> None:
        super().__init__(xp, parameters, weight_decay=weight_decay)
        self.momentum = momentum

    def _compute_update(self, gradient: Array, learning_rate: float) -> None:
        mean_square, velocity, update = self.memories["mean_square"], self.memories["velocity"], self.update
        self.xp.multiply(gradient, gradient, out=update)
        update *= 1.0 - self.decay
        mean_square *= self.decay
        mean_square += update
        self.xp.sqrt(mean_square, out=update)
        update += self.epsilon
        gradient /= update
        velocity *= self.momentum
        velocity += gradient
        self.xp.multiply(velocity, learning_rate, out=update)


class Adam(Optimizer):
    """Kingma & Ba 2015, with bias correction.

    The two means are kept without their constant factors ``1 - beta``, which join the bias corrections:
    ten passes over the array instead of fourteen.
    """

    memory_names = ("mean", "mean_square")
    beta1: ClassVar[float] = 0.9
    beta2: ClassVar[float] = 0.999
    epsilon: ClassVar[float] = 1e-8

    def _compute_update(self, gradient: Array, learning_rate: float) -> None:
        mean, mean_square, update = self.memories["mean"], self.memories["mean_square"], self.update
        mean_factor = (1.0 - self.beta1) / (1.0 - self.beta1**self.count)
        root_factor = sqrt((1.0 - self.beta2) / (1.0 - self.beta2**self.count))
        mean *= self.beta1
        mean += gradient
        gradient *= gradient
        mean_square *= self.beta2
        mean_square += gradient
        self.xp.sqrt(mean_square, out=update)
        update += self.epsilon / root_factor
        self.xp.divide(mean, update, out=update)
        update *= learning_rate * mean_factor / root_factor


class AdamW(Adam):
    """Loshchilov & Hutter 2019: Adam whose weight decay acts on the parameters, not through the gradient."""

    def step(self, gradient: Array, learning_rate: float) -> None:
        """Move the parameters once along ``gradient`` (P,), which serves as scratch space and is lost."""
        self.count += 1
        self._compute_update(gradient, learning_rate)
        self.xp.multiply(self.parameters, learning_rate * self.weight_decay, out=gradient)
        self.update += gradient
        self.parameters -= self.update


OPTIMIZERS: Mapping[str, type[Optimizer]] = MappingProxyType(
    {"sgd": Sgd, "rmsprop": RmsProp, "adam": Adam, "adamw": AdamW}
)


def create_optimizer(
    name: str, xp: Any, parameters: Array, *, momentum: float = 0.0, weight_decay: float = 0.0
) -> Optimizer:
    """Return the named optimiser of ``parameters`` (P,); ``momentum`` concerns SGD and RMSprop alone.

    Raises TrainingError for a name that is not in ``OPTIMIZERS``.
    """
    rule = optimizer_type(name)
    if issubclass(rule, Sgd | RmsProp):
        return rule(xp, parameters, momentum=momentum, weight_decay=weight_decay)
    return rule(xp, parameters, weight_decay=weight_decay)


def optimizer_type(name: str) -> type[Optimizer]:
    """Return the class of a named optimiser; raises TrainingError for an unknown name."""
    if name not in OPTIMIZERS:
        raise TrainingError(f"There is no optimiser {name!r}. Choose one of {', '.join(OPTIMIZERS)}.")
    return OPTIMIZERS[name]
