"""A trainer's state as named arrays: what streams carry, and whether a state fits the network at hand."""

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from workbench.training.arrays import Array
from workbench.training.errors import TrainingError
from workbench.training.network import Carried
from workbench.training.optimizers import Optimizer
from workbench.training.parametric import Parametric

State = Mapping[str, NDArray[Any]]


def carried_arrays(network: Parametric, carried: Carried) -> dict[str, Array]:
    """Return what is carried by name: "carried/1.h", "carried/recent"; its step is kept beside as "carried/step"."""
    arrays = {
        f"carried/{layer.name}.{name}": values
        for layer, states in zip(network.layers, carried.states, strict=True)
        for name, values in states.items()
    }
    return arrays if carried.recent is None else arrays | {"carried/recent": carried.recent}


def restore_carried(network: Parametric, state: State) -> Carried | None:
    """Return what was carried in a state that was kept; None where nothing was carried."""
    if "carried/step" not in state:
        return None
    asarray = network.backend.asarray
    states = tuple(
        {name: asarray(state[f"carried/{layer.name}.{name}"].copy()) for name in program.state_names}
        for layer, program in zip(network.layers, network.programs, strict=True)
    )
    recent = asarray(state["carried/recent"].copy()) if "carried/recent" in state else None
    return Carried(states, recent, int(state["carried/step"]))


def refuse_unfit_state(network: Parametric, optimizer: Optimizer, state: State) -> None:
    """Raise TrainingError where a state lacks an array that is needed here, or holds one of another shape."""
    needed = {f"parameter/{name}": view.shape for name, view in network.parameters.items()}
    needed |= {f"optimizer/{name}": kept.shape for name, kept in optimizer.memories.items()}
    needed |= {f"trainer/{name}": () for name in ("step", "updates", "learning_rate", "gradient_norm")}
    for name, shape in needed.items():
        if name not in state:
            raise TrainingError(f"The checkpoint has no {name}: it belongs to another experiment.")
        if state[name].shape != shape:
            raise TrainingError(
                f"In the checkpoint {name} has shape {state[name].shape}, here {shape}: "
                "it belongs to another experiment."
            )
