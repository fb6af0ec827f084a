"""Whether a window can open here. Knows nothing of Qt, which would end the program where it cannot."""

from collections.abc import Mapping

NO_DISPLAY = (
    "No display was found (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open here. "
    "Experiments train without one: rnn-workbench run adding-lstm"
)
NO_QT = "The window needs PySide6 and pyqtgraph, which are not installed here. Without a window: rnn-workbench run"


def has_display(platform: str, variables: Mapping[str, str]) -> bool:
    """Tell whether a window can open; on Linux a display server has to be named in the environment."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return platform != "linux" or any(variables.get(name) for name in named)
