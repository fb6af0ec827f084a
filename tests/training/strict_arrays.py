"""NumPy in CuPy's place: arrays that are as strict as those of a device, and count how often anybody waits for them.

They convert to nothing by themselves, are mixed with no array of the host, and offer no function, method or argument
that CuPy lacks: what they offer is written in ``cupy_names.txt``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

NAMES = Path(__file__).with_name("cupy_names.txt")
NUMBERS = bool | int | float | np.generic


@dataclass
class Traffic:
    """How often something was waited for: a number read, an array brought home; and how often arrays were sent."""

    waits: int = 0
    sent: int = 0


TRAFFIC = Traffic()


@contextmanager
def watched() -> Iterator[Traffic]:
    """Count what is waited for and sent within the block."""
    TRAFFIC.waits = TRAFFIC.sent = 0
    yield TRAFFIC


def known_names() -> dict[str, list[str]]:
    """CuPy's functions with the arguments they take by name, and after a dot what its arrays have."""
    lines = NAMES.read_text(encoding="utf-8").splitlines()
    return {name: arguments for name, *arguments in (line.split() for line in lines if not line.startswith("#"))}


def unwrap(value: Any) -> Any:
    """What NumPy is to compute with. Raises TypeError for an array of the host, as CuPy does."""
    if isinstance(value, StrictArray):
        return value.on_host
    if isinstance(value, list | tuple):
        return type(value)(unwrap(own) for own in value)
    if isinstance(value, np.ndarray):
        raise TypeError(f"Unsupported type {type(value)}")
    return value


def wrap(value: Any) -> Any:
    return StrictArray(np.asarray(value)) if isinstance(value, np.ndarray | np.generic) else value


def _binary(compute: Callable[[Any, Any], Any]) -> Any:
    def apply(self: StrictArray, other: Any) -> Any:
        if not isinstance(other, StrictArray | NUMBERS):
            raise TypeError(f"Unsupported type {type(other)}")
        with np.errstate(all="ignore"):
            return wrap(compute(self.on_host, unwrap(other)))

    return apply


def _reflected(compute: Callable[[Any, Any], Any]) -> Any:
    return _binary(lambda own, other: compute(other, own))


def _in_place(compute: Callable[[Any, Any], Any]) -> Any:
    def apply(self: StrictArray, other: Any) -> StrictArray:
        if not isinstance(other, StrictArray | NUMBERS):
            raise TypeError(f"Unsupported type {type(other)}")
        with np.errstate(all="ignore"):
            compute(self.on_host, unwrap(other))
        return self

    return apply


def _method(name: str) -> Any:
    def call(self: StrictArray, *args: Any, **kwargs: Any) -> Any:
        with np.errstate(all="ignore"):
            found = getattr(self.on_host, name)(*unwrap(args), **{key: unwrap(own) for key, own in kwargs.items()})
        return wrap(found)

    return call


class StrictArray:
    """An array that only looks like one of CuPy's."""

    __array_ufunc__ = None
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, on_host: NDArray[Any]) -> None:
        self.on_host = on_host

    def __array__(self, *_: Any, **__: Any) -> NDArray[Any]:
        raise TypeError(
            "Implicit conversion to a NumPy array is not allowed. Please use `.get()` to construct a NumPy array "
            "explicitly."
        )

    shape = property(lambda self: self.on_host.shape)
    dtype = property(lambda self: self.on_host.dtype)
    ndim = property(lambda self: self.on_host.ndim)
    size = property(lambda self: self.on_host.size)
    nbytes = property(lambda self: self.on_host.nbytes)
    T = property(lambda self: StrictArray(self.on_host.T))

    all, any, argmax, astype, copy, fill = (
        _method(name) for name in ("all", "any", "argmax", "astype", "copy", "fill")
    )
    max, mean, min, reshape, sum = (_method(name) for name in ("max", "mean", "min", "reshape", "sum"))

    __add__, __radd__, __iadd__ = _binary(operator.add), _reflected(operator.add), _in_place(operator.iadd)
    __sub__, __rsub__, __isub__ = _binary(operator.sub), _reflected(operator.sub), _in_place(operator.isub)
    __mul__, __rmul__, __imul__ = _binary(operator.mul), _reflected(operator.mul), _in_place(operator.imul)
    __truediv__, __rtruediv__ = _binary(operator.truediv), _reflected(operator.truediv)
    __itruediv__ = _in_place(operator.itruediv)
    __matmul__ = _binary(operator.matmul)
    __eq__, __ne__, __lt__ = _binary(operator.eq), _binary(operator.ne), _binary(operator.lt)
    __le__, __gt__, __ge__ = _binary(operator.le), _binary(operator.gt), _binary(operator.ge)

    def __neg__(self) -> StrictArray:
        return StrictArray(-self.on_host)

    def __abs__(self) -> StrictArray:
        return StrictArray(np.asarray(abs(self.on_host)))

    def __len__(self) -> int:
        return len(self.on_host)

    def __getitem__(self, index: Any) -> StrictArray:
        return StrictArray(np.asarray(self.on_host[_unwrap_index(index)]))

    def __setitem__(self, index: Any, value: Any) -> None:
        with np.errstate(all="ignore"):
            self.on_host[_unwrap_index(index)] = unwrap(value)

    def get(self) -> NDArray[Any]:
        """A copy at home; whoever asks waits until all is computed."""
        TRAFFIC.waits += 1
        return self.on_host.copy()

    def item(self) -> Any:
        return self.get().item()

    def __float__(self) -> float:
        return float(self.get())

    def __int__(self) -> int:
        return int(self.get())

    __index__ = __int__

    def __bool__(self) -> bool:
        return bool(self.get())


def _unwrap_index(index: Any) -> Any:
    """The index for NumPy. An array of truth values has to be read; one of the host, or a list, has to be sent."""
    found = index if isinstance(index, tuple) else (index,)
    for own in found:
        if isinstance(own, np.ndarray | list):
            raise TypeError(f"Unsupported type {type(own)}")
        if isinstance(own, StrictArray) and own.dtype.kind == "b":
            TRAFFIC.waits += 1
    return tuple(own.on_host if isinstance(own, StrictArray) else own for own in found)


class StrictModule:
    """The functions that CuPy has too, on strict arrays."""

    def __init__(self) -> None:
        self._known = known_names()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith(".") or name not in self._known:
            raise AttributeError(f"module 'cupy' has no attribute {name!r}")
        compute, known = getattr(np, name), self._known[name]

        def call(*args: Any, **kwargs: Any) -> Any:
            for given in kwargs:
                if given not in known:
                    raise TypeError(f"{name}() got an unexpected keyword argument {given!r}")
            with np.errstate(all="ignore"):
                found = compute(*unwrap(args), **{key: unwrap(own) for key, own in kwargs.items()})
            return kwargs["out"] if kwargs.get("out") is not None else wrap(found)

        return call
