"""The system libraries that Qt's window needs on Linux: found by trying, installed or named."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from steps import system_packages
from steps.environment import Environment

TRIED = (
    "QtWidgets.abi3.so",
    "QtTest.abi3.so",
    "Qt/plugins/platforms/libqoffscreen.so",
    "Qt/plugins/platforms/libqxcb.so",
    "Qt/plugins/xcbglintegrations/libqxcb-glx-integration.so",
)


def provide(environment: Environment) -> str | None:
    """Install what is missing where that is ours to do; return a sentence if something stays missing."""
    missing = missing_libraries(environment)
    if missing and system_packages.may_install():
        system_packages.install(packages_of(missing))
        missing = missing_libraries(environment)
    return complaint(missing) if missing else None


def missing_libraries(environment: Environment) -> list[str]:
    """Return the names of the libraries that the loader does not find for Qt's window, sorted."""
    if sys.platform != "linux" or shutil.which("ldd") is None:  # without glibc there is no Qt wheel either
        return []
    files = [str(path) for path in tried_files(environment.site_packages / "PySide6")]
    shown = subprocess.run(["ldd", *files], capture_output=True, text=True, check=False)
    return not_found(shown.stdout)


def tried_files(qt: Path) -> list[Path]:
    """Return the files of an installed Qt that must load: modules, and the plugins that are loaded late."""
    return [qt / name for name in TRIED if (qt / name).exists()]


def not_found(ldd_output: str) -> list[str]:
    """Return the libraries that a listing of ``ldd`` calls not found, sorted."""
    return sorted(set(re.findall(r"^\s*(\S+) => not found", ldd_output, flags=re.MULTILINE)))


def packages_of(libraries: list[str]) -> list[str]:
    """Return the Debian packages of the libraries, sorted, each once."""
    return sorted({system_packages.debian_package(library) for library in libraries})


def complaint(libraries: list[str]) -> str:
    """Return the sentence for libraries that are missing, with the one line that installs them."""
    return (
        f"The window needs system libraries that are not here: {', '.join(libraries)}.\n"
        f"Install them with: {system_packages.advice(packages_of(libraries))}"
    )
