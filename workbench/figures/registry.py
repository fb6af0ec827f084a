"""Which figures there are: one line a kind."""

from collections.abc import Mapping
from types import MappingProxyType

from workbench.figures.kind import Kind
from workbench.figures.kinds import (
    attention,
    by_length,
    by_window,
    gradient_flow,
    loss,
    metric,
    parameter_norms,
    spectrum,
    states,
)

FIGURES: Mapping[str, Kind] = MappingProxyType(
    {
        module.KIND.name: module.KIND
        for module in (
            loss,
            metric,
            by_length,
            by_window,
            states,
            attention,
            gradient_flow,
            parameter_norms,
            spectrum,
        )
    }
)
"""The kinds of figures by name, in the order in which a person is offered them."""
