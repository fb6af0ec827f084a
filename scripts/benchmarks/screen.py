"""Where windows of a measurement appear, and where they keep their settings: not among the user's."""

import os
import sys
from pathlib import Path


def platform_name() -> str:
    """Return the Qt platform that windows of this measurement use."""
    named = os.environ.get("QT_QPA_PLATFORM")
    if named:
        return named
    screen = sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return "the system's" if screen else "offscreen"


def window_environment(folder: Path) -> dict[str, str]:
    """Return the variables under which a window is opened: a platform, and a folder for its settings."""
    variables = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE", "STATE")}
    return variables | ({"QT_QPA_PLATFORM": "offscreen"} if platform_name() == "offscreen" else {})
