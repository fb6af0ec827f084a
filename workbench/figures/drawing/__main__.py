"""The helper's loop: read a figure, answer with its bytes or a sentence, until the input ends.

A request's header is ``{"spec": ..., "style": ..., "format": "png", "dpi": 300}``, its payload the spec's arrays. An
answer's header is ``{}`` with the file as payload, or ``{"error": sentence}``. See ``workbench.figures.wire``.
"""

import os
import signal
import sys
import warnings
from typing import BinaryIO

from workbench.figures.drawing.page import render
from workbench.figures.drawing.settings import use_own_fonts
from workbench.figures.errors import DrawingError
from workbench.figures.spec import FigureSpec
from workbench.figures.style import Style
from workbench.figures.wire import from_plain, read_message, write_message


def main() -> int:
    """Draw what the standard input asks for; it ends with whoever holds the other end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program, which closes our input
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever prints must not end up among the answers
    warnings.simplefilter("ignore", UserWarning)  # a letter that the font lacks becomes a box
    use_own_fonts()
    serve(sys.stdin.buffer, answers)
    return 0


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    while (message := read_message(requests)) is not None:
        header, payload = message
        try:
            spec = from_plain(FigureSpec, header["spec"], payload)
            style = from_plain(Style, header["style"], payload)
            drawn = render(spec, style, header["format"], header["dpi"])
        except DrawingError as error:
            write_message(answers, {"error": str(error)})
        except Exception as error:  # noqa: BLE001 - the sentence goes to the person, and the next figure may be fine
            write_message(answers, {"error": f"The figure could not be drawn ({type(error).__name__}: {error})."})
        else:
            write_message(answers, {}, drawn)


if __name__ == "__main__":
    sys.exit(main())
