"""Packages of the operating system: installed where that is ours to do, named where it is not."""

import os
import shutil
import subprocess
from collections.abc import Sequence

INSTALL = ("apt-get", "-qq", "install", "-y", "--no-install-recommends")


def debian_package(library: str) -> str:
    """Return the Debian package of a shared library, by the naming rule of Debian Policy, section 8.1.

    ``libxcb-icccm.so.4`` lies in ``libxcb-icccm4``; the few libraries older than the rule are listed.
    """
    name, _, version = library.lower().replace("_", "-").partition(".so")
    version = version.lstrip(".")
    older = {"libz": "zlib1g", "libglib-2.0": "libglib2.0-0", "libgthread-2.0": "libglib2.0-0"}
    hyphen = "-" if name[-1].isdigit() and version else ""
    return older.get(name, f"{name}{hyphen}{version}")


def may_install() -> bool:
    """Tell whether this is Debian (or made from it) and we are its administrator."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install(packages: Sequence[str]) -> bool:
    """Install Debian packages and tell whether that worked; apt-get says itself what went wrong."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    print("Installing " + " ".join(packages), flush=True)
    return all(
        subprocess.run(command, env=environment, check=False).returncode == 0
        for command in (["apt-get", "-qq", "update"], [*INSTALL, *packages])
    )


def advice(packages: Sequence[str]) -> str:
    """Return the one line that installs the packages, for a person to type."""
    line = f"sudo apt-get install {' '.join(packages)}"
    return line if shutil.which("apt-get") else f"your system's counterparts of Debian's {' '.join(packages)}"
