"""The helpers' own side: read questions on the standard input, answer each, until whoever asks is gone."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from workbench.lab.wire import read_message, write_message

Answer = Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes]]


def serve(answer: Answer) -> None:
    """Answer questions with ``answer``, which raises nothing, until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program, which closes our input
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever prints must not end up among the answers
    while (message := read_message(sys.stdin.buffer)) is not None:
        write_message(answers, *answer(*message))
