"""The two kinds of networks, and what finds loss and gradient of a batch for each."""

from typing import Any, Protocol

from workbench.backends import Backend
from workbench.tasks import Batch
from workbench.training.arrays import Array, NamedArrays
from workbench.training.backpropagation import Backpropagation
from workbench.training.encoder_decoder import EncoderDecoder
from workbench.training.evaluation import Evaluation
from workbench.training.initialization import Architecture
from workbench.training.network import Carried, Network
from workbench.training.teaching import Teaching


class Learner(Protocol):
    """Finds loss and gradient of batches of one network, and judges others."""

    gradient: NamedArrays

    def prepare(self, batch: Batch) -> Any:
        """Return a batch as ``run`` takes it, on the host."""

    def run(self, batch: Any, carried: Carried | None) -> tuple[Array, Carried | None]:
        """Return the mean loss, an array without axes, and what is carried on; fill ``gradient``."""

    def evaluate(self, batch: Batch, together: int) -> Evaluation:
        """Judge a batch, ``together`` sequences at once."""


def learner_of(network: Network | EncoderDecoder, truncate: int, checkpoint_every: int, beam: int) -> Learner:
    """Return what a network learns by; sequences are cut only where no decoder needs them as a whole."""
    if isinstance(network, EncoderDecoder):
        return Teaching(network, beam)
    return Backpropagation(network, truncate, checkpoint_every)


def create_network(
    backend: Backend, architecture: Architecture, *, seed: int = 0, length: int | None = None
) -> Network | EncoderDecoder:
    """Return the network of an architecture, its parameters drawn from a seed.

    Raises CellError where the cell does not fit the sizes, TrainingError for sizes no network can have.
    """
    kind = EncoderDecoder if architecture.decodes else Network
    return kind(backend, architecture, seed=seed, length=length)
