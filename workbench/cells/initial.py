"""Initial values of parameters: the words that a cell file's ``[init]`` may use.

Each parameter draws from a stream of its own, seeded by the run's seed and its name, so that adding one parameter to a
cell leaves the others as they were.
"""

import difflib
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.cells.errors import CellError

Array = NDArray[np.float64]
InitialValue = float | str

MAX_NUMBER = 1e30
MAX_TEXT = 100


@dataclass(frozen=True)
class Draw:
    """What an initialiser may look at: the array's shape, its random stream and the task's length."""

    shape: tuple[int, ...]
    random: np.random.Generator
    length: int | None


def _square(draw: Draw, rule: str) -> tuple[int, int]:
    if len(draw.shape) != 2:
        raise CellError(f"{rule} is for matrices, and this parameter is a vector; give it a number")
    return draw.shape[0], draw.shape[1]


def glorot(draw: Draw) -> Array:
    """Uniform within sqrt(6 / (rows + columns)): Glorot & Bengio 2010."""
    rows, columns = _square(draw, "glorot")
    bound = np.sqrt(6.0 / (rows + columns))
    return draw.random.uniform(-bound, bound, draw.shape)


def orthogonal(draw: Draw, gain: float = 1.0) -> Array:
    """Rows or columns orthonormal, times ``gain``: Saxe, McClelland & Ganguli 2014."""
    rows, columns = _square(draw, "orthogonal")
    q, r = np.linalg.qr(draw.random.standard_normal((max(rows, columns), min(rows, columns))))
    q = q * np.sign(np.diag(r))
    return gain * (q if rows >= columns else q.T)


def identity(draw: Draw, gain: float = 1.0) -> Array:
    """The identity times ``gain``: Le, Jaitly & Hinton 2015."""
    rows, columns = _square(draw, "identity")
    return gain * np.eye(rows, columns)


def uniform(draw: Draw, low: float, high: float) -> Array:
    """Uniform between ``low`` and ``high``."""
    if low > high:
        raise CellError(f"uniform({low}, {high}) needs the lower number first")
    return draw.random.uniform(low, high, draw.shape)


def normal(draw: Draw, deviation: float) -> Array:
    """Normal with mean 0 and the given standard deviation."""
    if deviation < 0.0:
        raise CellError(f"normal({deviation}) needs a deviation of 0 or more")
    return draw.random.normal(0.0, deviation, draw.shape)


def chrono(draw: Draw) -> Array:
    """log U(1, T - 1), T the task's length: a forget bias for that range of lags (Tallec & Ollivier 2018)."""
    if draw.length is None:
        raise CellError("chrono needs the length of the task; give length, or another initial value")
    return np.log(draw.random.uniform(1.0, max(draw.length - 1.0, 2.0), draw.shape))


def ring(draw: Draw, inner: float, outer: float) -> Array:
    """nu such that exp(-exp(nu)) is the radius of a point uniform on the ring: LRU, Orvieto et al. 2023."""
    if not 0.0 < inner < outer < 1.0:
        raise CellError(f"ring({inner}, {outer}) needs 0 < inner < outer < 1")
    squared = draw.random.uniform(inner**2, outer**2, draw.shape)
    return np.log(-0.5 * np.log(squared))


def angle(draw: Draw, largest: float) -> Array:
    """theta such that exp(theta) is an angle uniform between 0 and ``largest``: LRU, Orvieto et al. 2023."""
    if not largest > 0.0:
        raise CellError(f"angle({largest}) needs a largest angle above 0")
    # 1 - u lies in (0, 1]: the logarithm of 0 is never asked for.
    return np.log(largest * (1.0 - draw.random.random(draw.shape)))


def periods(draw: Draw) -> Array:
    """Units in up to eight equal groups with periods 1, 2, 4, ...: Koutnik et al. 2014."""
    if len(draw.shape) != 1:
        raise CellError("periods is for vectors, and this parameter is a matrix; give it another rule")
    units = draw.shape[0]
    groups = min(8, units)
    return np.asarray(2.0 ** (np.arange(units) * groups // units), dtype=np.float64)


RULES: Mapping[str, tuple[Callable[..., Array], int, int]] = {
    # name: (rule, fewest arguments, most arguments)
    "glorot": (glorot, 0, 0),
    "orthogonal": (orthogonal, 0, 1),
    "identity": (identity, 0, 1),
    "uniform": (uniform, 2, 2),
    "normal": (normal, 1, 1),
    "chrono": (chrono, 0, 0),
    "ring": (ring, 2, 2),
    "angle": (angle, 1, 1),
    "periods": (periods, 0, 0),
}

_RULE = re.compile(r"\s*([a-z]+)\s*(?:\(([^()]*)\)\s*)?")
_COPY = re.compile(r"\s*([+-])\s*([A-Za-z][A-Za-z0-9_]*)\s*")


def check_initial_values(values: Mapping[str, InitialValue], parameters: Mapping[str, bool]) -> None:
    """Check ``[init]`` against the parameters (name: whether a matrix) before any size is known (CellError)."""
    for name, value in values.items():
        if name not in parameters:
            close = difflib.get_close_matches(name, list(parameters), n=1)
            way_out = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(parameters) or 'none'}"
            raise CellError(f"[init] names {name!r}, which is no parameter of the equations; {way_out}")
        if isinstance(value, str):
            _check_text(name, value, values, parameters)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise CellError(f'[init] {name} is neither a number nor a rule such as "orthogonal(1.0)"')
        elif not abs(value) <= MAX_NUMBER:
            raise CellError(f"[init] {name} is not finite or too large; numbers go up to {MAX_NUMBER:g}")


def _check_text(name: str, text: str, values: Mapping[str, InitialValue], parameters: Mapping[str, bool]) -> None:
    if len(text) > MAX_TEXT:
        raise CellError(f"[init] {name} is a text of {len(text)} characters; that is no rule")
    if copied := _COPY.fullmatch(text):
        _check_copy(name, copied[2], values, parameters)
    else:
        # A small draw shows whether the rule can serve this parameter at all.
        shape = (2, 2) if parameters[name] else (2,)
        _draw(name, text, Draw(shape, np.random.default_rng(0), length=3))


def _check_copy(name: str, source: str, values: Mapping[str, InitialValue], parameters: Mapping[str, bool]) -> None:
    if source not in parameters or parameters[source] != parameters[name]:
        raise CellError(f"[init] {name} copies {source!r}, which is no parameter of the same kind")
    other = values.get(source)
    if source == name or (isinstance(other, str) and _COPY.fullmatch(other)):
        raise CellError(f"[init] {name} copies {source!r}, which is itself a copy; name the original")


def _parse_rule(name: str, text: str) -> tuple[Callable[..., Array], tuple[float, ...]]:
    match = _RULE.fullmatch(text)
    if not match or match[1] not in RULES:
        known = ", ".join(RULES)
        raise CellError(f'[init] {name} = {text!r} is no rule; use a number, one of {known}, or a copy such as "-b_f"')
    rule, fewest, most = RULES[match[1]]
    try:
        args = tuple(float(part) for part in match[2].split(",")) if match[2] and match[2].strip() else ()
    except ValueError:
        raise CellError(f"[init] {name} = {text!r}: the arguments of {match[1]} are numbers") from None
    if not (fewest <= len(args) <= most and all(abs(arg) <= MAX_NUMBER for arg in args)):
        count = str(fewest) if fewest == most else f"{fewest} to {most}"
        numbers = f"{count} number{'s' * (most != 1)}, up to {MAX_NUMBER:g}"
        raise CellError(f"[init] {name} = {text!r}: {match[1]} takes {numbers}")
    return rule, args


def _draw(name: str, text: str, draw: Draw) -> Array:
    rule, args = _parse_rule(name, text)
    try:
        return rule(draw, *args)
    except CellError as error:
        raise CellError(f"[init] {name} = {text!r}: {error.message}") from None


def draw_parameters(
    shapes: Mapping[str, tuple[int, ...]],
    values: Mapping[str, InitialValue],
    *,
    seed: int,
    length: int | None,
    dtype: str,
) -> dict[str, NDArray[Any]]:
    """Draw every parameter: what ``values`` says, else Glorot for matrices and 0 for vectors."""
    drawn: dict[str, Array] = {}
    copies: dict[str, tuple[str, float]] = {}
    for name, shape in shapes.items():
        value = values.get(name, "glorot" if len(shape) == 2 else 0.0)
        copied = _COPY.fullmatch(value) if isinstance(value, str) else None
        if copied:
            copies[name] = (copied[2], -1.0 if copied[1] == "-" else 1.0)
        elif isinstance(value, str):
            stream = np.random.default_rng([seed, zlib.crc32(name.encode())])
            drawn[name] = _draw(name, value, Draw(shape, stream, length))
        else:
            drawn[name] = np.full(shape, float(value))
    for name, (source, sign) in copies.items():
        drawn[name] = sign * drawn[source]
    return {name: np.ascontiguousarray(drawn[name], dtype=dtype) for name in shapes}
