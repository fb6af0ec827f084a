"""The picture of the parameters' film: values, their colours, and what is said of one of them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workbench.figures.layers import split_layer
from workbench.gui.format import number, steps
from workbench.gui.panels.parameter_film import Floats, ParameterFilm, typeset_name
from workbench.gui.plots.scale import Scale

Quantity = Literal["norm", "update"]

_LOWEST, _HIGHEST = -5, -1  # powers of ten of update ratios that colours tell apart
_MOST_DOUBLINGS = 5
_COMMON = 98  # percent of all changes that must be within the colours' reach: a bias that began at 0 is not


class GrowthScale(Scale):
    """Doublings of a norm: from halved so often to doubled so often."""

    @property
    def ends(self) -> tuple[str, str]:
        """What the two ends of the colours stand for."""
        factor = number(2.0**self.limit)
        return f"÷ {factor}", f"× {factor}"


class UpdateScale(Scale):
    """Update ratios on a logarithmic scale, laid out from 0 to 1."""

    @property
    def ends(self) -> tuple[str, str]:
        """What the two ends of the colours stand for."""
        return "10⁻⁵", "10⁻¹"


@dataclass(frozen=True, eq=False)
class ParameterPicture:
    """A film of parameters with its colours (P, N), the scale they are on, and the rows' names as HTML."""

    film: ParameterFilm
    quantity: Quantity
    image: NDArray[np.uint8]
    scale: Scale
    labels: tuple[str, ...]

    @property
    def values(self) -> Floats:
        """The numbers behind the colours (P, N): norms, or update ratios."""
        return self.film.norms if self.quantity == "norm" else self.film.updates

    def said_of(self, row: int, column: int) -> str:
        """Return one field in words, as HTML: its parameter, its step and its number."""
        value = float(self.values[row, column])
        where = f"{self.labels[row]}, step {steps(self.film.steps[column])}"
        if np.isnan(value):
            return f"{where}: no {'norm' if self.quantity == 'norm' else 'update'}"
        if self.quantity == "update":
            return f"{where}: {number(value)}"
        growth = 2.0 ** float(self.film.growth()[row, column])
        beside = f", {number(growth)} × its first" if np.isfinite(growth) else ""
        return f"{where}: {number(value)}{beside}"

    def summary(self, column: int) -> str:
        """Return the snapshot of a column in words: the extremes among the parameters."""
        film = self.film
        when = f"{len(film.names)} parameters at step {steps(film.steps[column])}"
        measured = 2.0 ** film.growth()[:, column] if self.quantity == "norm" else film.updates[:, column]
        if not np.isfinite(measured).any():
            return f"{when}: nothing to compare yet"
        least, most = int(np.nanargmin(measured)), int(np.nanargmax(measured))
        low, high = (f"{number(float(measured[row]))} ({film.names[row]})" for row in (least, most))
        what = "norms beside their first" if self.quantity == "norm" else "update ratios"
        return f"{what} of {when}: from {low} to {high}"


def paint(film: ParameterFilm, quantity: Quantity, cell: str) -> ParameterPicture:
    """Return the picture of a film."""
    several = len({layer for name in film.names if (layer := split_layer(name)[0])}) > 1
    labels = tuple(typeset_name(name, cell, several) for name in film.names)
    if quantity == "norm":
        growth = film.growth()
        scale: Scale = GrowthScale(True, _doublings(growth))
        return ParameterPicture(film, quantity, scale.quantise(growth), scale, labels)
    scale = UpdateScale(False, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        places = (np.log10(film.updates) - _LOWEST) / (_HIGHEST - _LOWEST)
    return ParameterPicture(film, quantity, scale.quantise(places), scale, labels)


def _doublings(growth: Floats) -> float:
    """Return how many doublings the colours must reach: whole ones, so that they change seldom."""
    known = np.abs(growth[np.isfinite(growth)])
    reach = float(np.percentile(known, _COMMON)) if len(known) else 0.0
    return float(np.clip(np.ceil(reach), 1, _MOST_DOUBLINGS))
