"""Numbers of bytes as a person reads them."""


def readable_bytes(count: int) -> str:
    """Return a number of bytes in the largest unit of which it has one: 1.5 MiB."""
    size = float(count)
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:,.1f} TiB"
