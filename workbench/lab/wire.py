"""Messages between the program and its helpers: JSON and raw arrays, nothing that could be executed.

A message is twelve bytes, a header and a payload. The twelve bytes are the header's length (unsigned, 4 bytes) and the
payload's (unsigned, 8 bytes), little-endian. The header is one JSON object in UTF-8. The payload holds the bytes of
arrays, one behind the other; in the header an array is ``{"type": "<f8", "shape": [3, 2], "at": 0}``, ``at``
counting bytes from the payload's beginning.
"""

import dataclasses
import json
import struct
from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Any, BinaryIO, Literal, Union, cast, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

_LENGTHS = struct.Struct("<IQ")


def write_message(stream: BinaryIO, header: dict[str, Any], payload: bytes = b"") -> None:
    """Write one message and see it off."""
    text = json.dumps(header).encode()
    stream.write(_LENGTHS.pack(len(text), len(payload)))
    stream.write(text)
    stream.write(payload)
    stream.flush()


def read_message(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """Return the next message, or None where the stream has ended. Raises EOFError within a message."""
    start = stream.read(_LENGTHS.size)
    if not start:
        return None
    header, payload = _LENGTHS.unpack(_whole(start, _LENGTHS.size))
    return json.loads(_whole(stream.read(header), header)), _whole(stream.read(payload), payload)


def to_plain(value: Any, payload: bytearray) -> Any:
    """Return a value of dataclasses, tuples, mappings and plain values as JSON has it; arrays go to ``payload``."""
    if dataclasses.is_dataclass(value):
        return {part.name: to_plain(getattr(value, part.name), payload) for part in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [to_plain(item, payload) for item in value]
    if isinstance(value, Mapping):
        return {name: to_plain(item, payload) for name, item in value.items()}
    if isinstance(value, np.ndarray):
        at = len(payload)
        payload += value.tobytes()
        return {"type": value.dtype.str, "shape": list(value.shape), "at": at}
    return value


def from_plain(kind: Any, plain: Any, payload: bytes) -> Any:
    """Return the value of type ``kind`` that ``to_plain`` was given."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        if plain is None:
            return None
        (kind,) = (choice for choice in get_args(kind) if choice is not NoneType)
        return from_plain(kind, plain, payload)
    if dataclasses.is_dataclass(kind):
        types = get_type_hints(kind)
        values = {name: from_plain(types[name], value, payload) for name, value in plain.items()}
        return cast(Any, kind)(**values)
    if origin is tuple:
        kinds = get_args(kind)
        inner = [kinds[0]] * len(plain) if kinds[-1] is Ellipsis else kinds
        return tuple(from_plain(each, item, payload) for each, item in zip(inner, plain, strict=True))
    if origin is Mapping:
        return {name: from_plain(get_args(kind)[1], item, payload) for name, item in plain.items()}
    if origin is np.ndarray:
        return _array(plain, payload)
    return plain if origin is Literal or kind is object else kind(plain)


def _array(plain: dict[str, Any], payload: bytes) -> NDArray[Any]:
    kind, shape = np.dtype(plain["type"]), tuple(plain["shape"])
    count = int(np.prod(shape, dtype=np.int64))
    return np.frombuffer(payload, kind, count, plain["at"]).reshape(shape) if count else np.empty(shape, kind)


def _whole(data: bytes, length: int) -> bytes:
    if len(data) < length:
        raise EOFError(f"{length} bytes were announced, {len(data)} came")
    return data
