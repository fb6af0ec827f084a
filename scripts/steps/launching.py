"""Set up the environment and start the program in it."""

import os
import subprocess
import sys
from collections.abc import Sequence

from steps import qt_libraries
from steps.environment import ROOT, Environment, SetupError, ensure

PROGRAM = Environment(ROOT / ".venv")
INSTALL = ("-e", ".")


def main(arguments: Sequence[str]) -> int:
    """Set up, then start ``rnn-workbench``, which opens the window unless asked for more; return the status."""
    try:
        ensure(PROGRAM, [INSTALL])
        complaint = qt_libraries.provide(PROGRAM)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped while setting up; the same command starts over.", file=sys.stderr)
        return 130
    if complaint:
        print(complaint, file=sys.stderr, flush=True)
    if "--no-launch" in arguments:
        print(f"Ready. To start: {window_command()}")
        return 0
    return launch(arguments)


def window_command() -> str:
    """Return the command that opens the window, as typed in the checkout."""
    return str(PROGRAM.command("rnn-workbench").relative_to(ROOT))


def launch(arguments: Sequence[str]) -> int:
    """Start ``rnn-workbench`` in this process's place; where that cannot be done, wait for it."""
    command = [str(PROGRAM.python), "-m", "workbench", *arguments]
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode
