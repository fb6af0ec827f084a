"""The other end of the process that draws: asks it, and asks again where it died."""

import atexit
from functools import cache
from typing import Literal, Self

from workbench.figures.errors import DrawingError
from workbench.figures.spec import FigureSpec
from workbench.figures.style import RESOLUTION, Style, checked_resolution
from workbench.lab.helper import Helper, HelperLost
from workbench.lab.wire import to_plain

HELPER = "workbench.figures.drawing"
Drawn = Literal["png", "svg", "pdf"]


class Renderer:
    """Draws figures in a process of its own, which starts with the first one and lives until ``close``.

    Threads may share it: one figure is drawn after another. The helper ends by itself when this process does.
    """

    def __init__(self) -> None:
        self._helper = Helper(HELPER, "draws figures", {"MPLBACKEND": "agg"})

    def render(self, spec: FigureSpec, style: Style, file_format: Drawn, *, dpi: int = RESOLUTION) -> bytes:
        """Return the file's bytes; ``dpi`` matters to PNG. Takes a second the first time.

        Raises DrawingError with what is wrong, or where the helper died twice.
        """
        payload = bytearray()
        header = {
            "spec": to_plain(spec, payload),
            "style": to_plain(style, payload),
            "format": file_format,
            "dpi": checked_resolution(dpi),
        }
        try:
            try:
                said, drawn = self._helper.ask(header, bytes(payload))
            except HelperLost:
                said, drawn = self._helper.ask(header, bytes(payload))
        except HelperLost as error:
            raise DrawingError(str(error)) from error
        if "error" in said:
            raise DrawingError(said["error"])
        return drawn

    def start(self) -> None:
        """Start the helper now, so that the first figure comes sooner."""
        self._helper.start()

    @property
    def process(self) -> int | None:
        """The helper's process id, None while there is none."""
        return self._helper.process

    def close(self) -> None:
        """End the helper. Drawing again starts another."""
        self._helper.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


@cache
def shared_renderer() -> Renderer:
    """Return the one renderer of this process; it ends with the process."""
    renderer = Renderer()
    atexit.register(renderer.close)
    return renderer
