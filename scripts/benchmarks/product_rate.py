"""The rate of matrix products that this machine reaches with all its cores: the best of NumPy's and torch's."""

from collections.abc import Sequence
from contextlib import ExitStack

from benchmarks.libraries.products import OPERATIONS
from benchmarks.peers import PEERS
from benchmarks.processes import free_environment, rounds_in_turn, started
from benchmarks.settings import Settings

_MODULE = "benchmarks.libraries.products"


def measure_product_rate(peers: Sequence[str], settings: Settings) -> float:
    """Return additions and multiplications a second (float32): the best round of the best library."""
    pythons = {"numpy": None} | ({"torch": PEERS.python} if "torch" in peers else {})
    with ExitStack() as stack:
        processes = {
            name: stack.enter_context(started(f"{name}'s product", [_MODULE, name], free_environment(), python))
            for name, python in pythons.items()
        }
        rounds = rounds_in_turn(processes, settings)
    return OPERATIONS / min(seconds for found in rounds.values() for seconds in found)
