"""Writing TOML: the few kinds of values that experiments and cells hold. Reading is the library's."""

import json
from collections.abc import Mapping
from typing import Any


def dump_toml(values: Mapping[str, Any]) -> str:
    """Return TOML text; tables come last, text of several lines keeps its lines."""
    return "\n".join(_lines(values, ())) + "\n"


def _lines(values: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    lines = [f"{_key(name)} = {_value(value)}" for name, value in values.items() if not isinstance(value, Mapping)]
    for name, value in values.items():
        if isinstance(value, Mapping):
            inside = (*path, _key(name))
            lines += ["", f"[{'.'.join(inside)}]", *_lines(value, inside)]
    return lines


def _key(name: str) -> str:
    plain = name and all(c.isascii() and (c.isalnum() or c in "_-") for c in name)
    return name if plain else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return _lines_of_text(value) if "\n" in value else _text(value)
    return "[" + ", ".join(_value(entry) for entry in value) + "]"


def _text(value: str) -> str:
    # JSON's escapes are TOML's, but JSON lets DEL stand.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _lines_of_text(value: str) -> str:
    return '"""\n' + "\n".join(_text(line)[1:-1] for line in value.split("\n")) + '"""'
