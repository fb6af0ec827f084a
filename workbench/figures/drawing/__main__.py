"""The helper's loop: read a figure, answer with its bytes or a sentence, until the input ends.

A request's header is ``{"spec": ..., "style": ..., "format": "png", "dpi": 300}``, its payload the spec's arrays. An
answer's header is ``{}`` with the file as payload, or ``{"error": sentence}``. See ``workbench.lab.wire``.
"""

import sys
import warnings
from typing import Any

from workbench.figures.drawing.page import render
from workbench.figures.drawing.settings import use_own_fonts
from workbench.figures.errors import DrawingError
from workbench.figures.spec import FigureSpec
from workbench.figures.style import Style
from workbench.lab.serving import serve
from workbench.lab.wire import from_plain


def main() -> int:
    """Draw what the standard input asks for; it ends with whoever holds the other end."""
    warnings.simplefilter("ignore", UserWarning)  # a letter that the font lacks becomes a box
    use_own_fonts()
    serve(draw)
    return 0


def draw(header: dict[str, Any], payload: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the answer to a request: the figure's file, or a sentence."""
    try:
        spec = from_plain(FigureSpec, header["spec"], payload)
        style = from_plain(Style, header["style"], payload)
        return {}, render(spec, style, header["format"], header["dpi"])
    except DrawingError as error:
        return {"error": str(error)}, b""
    except Exception as error:  # noqa: BLE001 - the sentence goes to the person, and the next figure may be fine
        return {"error": f"The figure could not be drawn ({type(error).__name__}: {error})."}, b""


if __name__ == "__main__":
    sys.exit(main())
