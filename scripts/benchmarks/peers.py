"""The libraries we are compared with, in an environment of their own, made when a section first needs it."""

import sys
from functools import cache
from pathlib import Path

from steps.checking import can_install, peer_requirement
from steps.environment import CONSTRAINTS, ROOT, Environment, SetupError, Step, ensure

PEERS = Environment(ROOT / ".venv-peers", (CONSTRAINTS, Path(__file__).with_name("peers.txt")))


@cache
def installed_peers() -> tuple[str, ...]:
    """Return the names of the peers that are there; a sentence is printed for each that cannot be installed."""
    torch = peer_requirement(CONSTRAINTS.read_text(encoding="utf-8"), sys.platform)
    wanted: dict[str, Step] = {"torch": (torch, "numpy"), "jax": ("jax", "jaxlib")}
    try:
        ensure(PEERS, [])
    except SetupError as error:
        print(f"{error}\nOurs is measured alone.")
        return ()
    return tuple(name for name, step in wanted.items() if _install(name, step))


def _install(name: str, step: Step) -> bool:
    """Install a peer where pip finds it; tell whether it is there."""
    try:
        if all(can_install(PEERS, requirement) for requirement in step):
            ensure(PEERS, [step])
            return True
        print(f"No build of {' and '.join(step)} is found for this Python: {name} is left out.")
    except SetupError as error:
        print(f"{error}\nThe comparison with {name} is left out.")
    return False
