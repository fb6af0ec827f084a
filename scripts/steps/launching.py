"""Set up the environment and start the program in it."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

from steps import qt_libraries
from steps.environment import ROOT, Environment, SetupError, ensure

FIRST_RUN = ("run", "adding-lstm")
PROGRAM = Environment(ROOT / ".venv")
INSTALL = ("-e", ".")


def main(arguments: Sequence[str]) -> int:
    """Set up, then start ``rnn-workbench`` (left to itself, with the first preset); return the status."""
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
        print(f"Ready. To start: {headless_command()}")
        return 0
    if not arguments and not has_display(sys.platform, os.environ):
        print(
            "No display was found (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open here. "
            f"Experiments run without one: {headless_command()}",
            flush=True,
        )
    return launch(arguments or FIRST_RUN)


def has_display(platform: str, variables: Mapping[str, str]) -> bool:
    """Tell whether a window can open; on Linux a display server has to be named in the environment."""
    return platform != "linux" or bool(variables.get("DISPLAY") or variables.get("WAYLAND_DISPLAY"))


def headless_command() -> str:
    """Return the command that trains the first preset without a window, as typed in the checkout."""
    program = PROGRAM.command("rnn-workbench").relative_to(ROOT)
    return " ".join([str(program), *FIRST_RUN])


def launch(arguments: Sequence[str]) -> int:
    """Start ``rnn-workbench`` in this process's place; where that cannot be done, wait for it."""
    command = [str(PROGRAM.python), "-m", "workbench", *arguments]
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode
