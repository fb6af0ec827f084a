"""Virtual environments of this checkout: made once, and kept while nothing they were made from changes."""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from steps import system_packages

ROOT = Path(__file__).resolve().parents[2]
CONSTRAINTS = ROOT / "constraints.txt"
PROJECT = ROOT / "pyproject.toml"

Step = tuple[str, ...]
"""The arguments of one ``pip install``."""


class SetupError(Exception):
    """What keeps an environment from being made; its text is a sentence for the person at the keyboard."""


@dataclass(frozen=True)
class Environment:
    """A virtual environment in a folder, and the files that pin what is installed into it."""

    folder: Path
    constraints: tuple[Path, ...] = (CONSTRAINTS,)

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.command("python")

    @property
    def pins(self) -> list[str]:
        """What tells pip which versions to install."""
        return [f"--constraint={file}" for file in self.constraints]

    @property
    def site_packages(self) -> Path:
        """Where its packages lie."""
        if os.name == "nt":
            return self.folder / "Lib" / "site-packages"
        return self.folder / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"

    @property
    def stamp_file(self) -> Path:
        """The file that tells what it was made from; it is there once the making was finished."""
        return self.folder / "made-from.json"

    def command(self, name: str) -> Path:
        """Return the path of one of its commands."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin") / (name + ".exe" * (os.name == "nt"))

    def create(self) -> None:
        """Make it anew and empty; whatever is in the folder goes."""
        _require_venv()
        import venv  # not before it is known to be there

        try:
            venv.EnvBuilder(clear=True, with_pip=True, symlinks=os.name != "nt").create(self.folder)
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            raise SetupError(f"The environment {self.folder} could not be made: {error}") from error

    def pip_install(self, step: Step) -> None:
        """Install with its pins; a person sees pip at work, a log only its errors."""
        quiet = [] if sys.stdout.isatty() else ["--quiet"]
        pip = [str(self.python), "-m", "pip", "--disable-pip-version-check"]
        command = [*pip, "install", *quiet, *self.pins, *step]
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            raise SetupError(
                f"pip could not install {' '.join(step)}; its own words stand above. "
                "With the network and some room on the disk, the same command again finishes the set-up."
            )


@dataclass(frozen=True)
class Stamp:
    """What an environment was made from."""

    interpreter: str
    sources: str
    steps: tuple[Step, ...]

    @classmethod
    def read(cls, environment: Environment) -> "Stamp | None":
        """Return the stamp of a finished environment; None if there is none, or it was left half made."""
        try:
            fields = json.loads(environment.stamp_file.read_text(encoding="utf-8"))
            steps = tuple(tuple(step) for step in fields["steps"])
            return cls(fields["interpreter"], fields["sources"], steps)
        except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
            return None

    def write(self, environment: Environment) -> None:
        """Call the environment finished, in one instant."""
        draft = environment.stamp_file.with_suffix(".new")
        draft.write_text(json.dumps(self.__dict__, indent=1), encoding="utf-8")
        draft.replace(environment.stamp_file)


def ensure(environment: Environment, steps: Sequence[Step]) -> None:
    """Make sure that the environment exists and that each of the steps was done with the pins of today.

    A step done earlier stays: what the tests installed, a later start leaves alone.
    """
    interpreter, sources = _interpreter(environment), _digest((PROJECT, *environment.constraints))
    stamp = _usable_stamp(environment, interpreter)
    done = stamp.steps if stamp else ()
    wanted = (*done, *(step for step in steps if step not in done))
    if stamp == Stamp(interpreter, sources, wanted):
        return
    print(f"Setting up {environment.folder.name} (once; it takes a minute or two) ...", flush=True)
    started = time.monotonic()
    if stamp:
        environment.stamp_file.unlink()
    else:
        environment.create()
    for step in wanted if not stamp or stamp.sources != sources else wanted[len(done) :]:
        environment.pip_install(step)
    Stamp(interpreter, sources, wanted).write(environment)
    print(f"Set up in {time.monotonic() - started:.0f} s.", flush=True)


def _usable_stamp(environment: Environment, interpreter: str) -> Stamp | None:
    """Return the stamp of an environment that this Python can go on using; None if it must be made anew."""
    stamp = Stamp.read(environment)
    usable = stamp is not None and stamp.interpreter == interpreter and environment.python.exists()
    return stamp if usable else None


def _interpreter(environment: Environment) -> str:
    # The folder counts too: an environment does not survive being moved with its checkout.
    return f"{sys.version} at {os.path.realpath(sys.base_prefix)} in {environment.folder}"


def _digest(files: Sequence[Path]) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _require_venv() -> None:
    """Debian keeps the parts of Python that make environments in a package of their own."""
    package = f"python3.{sys.version_info.minor}-venv"
    if _lacks_venv() and system_packages.may_install():
        system_packages.install([package])
    if _lacks_venv():
        raise SetupError(
            f"This Python ({sys.executable}) cannot make virtual environments: it lacks venv or ensurepip.\n"
            f"On Debian and Ubuntu they come with: sudo apt-get install {package}"
        )


def _lacks_venv() -> bool:
    importlib.invalidate_caches()
    return any(importlib.util.find_spec(module) is None for module in ("venv", "ensurepip"))
