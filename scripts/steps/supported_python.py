"""Which Pythons the program runs on. Any Python 3 can read this file: an old one has to say the sentence."""

import shutil
import subprocess
import sys

OLDEST = (3, 11)
NEWEST = (3, 13)


def is_supported(version: "tuple[int, int]") -> bool:
    """Tell whether the program runs on this version of Python."""
    return OLDEST <= version <= NEWEST


def supported_on_path() -> "list[str]":
    """Return the commands on the path that start a supported Python, newest first."""
    versions = range(NEWEST[1], OLDEST[1] - 1, -1)
    return [command for command in (f"python3.{minor}" for minor in versions) if _starts(command)]


def refusal(version: "tuple[int, int]", script: str, others: "list[str]") -> str:
    """Return the sentence for an unsupported Python: what is wrong, and what to type instead."""
    bounds = f"{OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}"
    sentence = f"RNN Workbench runs on Python {bounds}; this is Python {version[0]}.{version[1]}."
    if others:
        return f"{sentence} Another one is here: {others[0]} {script}"
    return f"{sentence} Please install one of these (your system's packages have them) and start again with it."


def require_supported() -> None:
    """Leave with a sentence unless this Python is supported."""
    version = (sys.version_info[0], sys.version_info[1])
    if not is_supported(version):
        sys.exit(refusal(version, sys.argv[0], supported_on_path()))


def _starts(command: str) -> bool:
    # A version manager may put a command on the path that only says that it is switched off.
    if shutil.which(command) is None:
        return False
    nowhere = subprocess.DEVNULL
    return subprocess.call([command, "-c", ""], stdout=nowhere, stderr=nowhere) == 0
