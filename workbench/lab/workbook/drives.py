"""Telling network drives from local ones: SQLite's WAL needs memory that all processes share."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

_NETWORK = frozenset(
    {
        "9p", "afs", "afpfs", "beegfs", "ceph", "cifs", "davfs", "fuse.davfs", "fuse.glusterfs",
        "fuse.rclone", "fuse.sshfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "smb2",
        "smb3", "smbfs", "webdav",
    }
)  # fmt: skip
_REMOTE_DRIVE = 4  # DRIVE_REMOTE of GetDriveTypeW


def network_drive(path: Path) -> bool:
    """Tell whether the file lies on another machine, as far as the system lets us know."""
    place = path.resolve()
    if sys.platform == "win32":
        return str(place).startswith("\\\\") or _is_remote_drive(place.anchor)
    return file_system(place, _mounts()) in _NETWORK


def file_system(path: Path, mounts: dict[str, str]) -> str:
    """Return the type of the file system a path lies on, "" if unknown; `mounts`: type by mount point."""
    for place in (path, *path.parents):
        if str(place) in mounts:
            return mounts[str(place)]
    return ""


def parse_mountinfo(text: str) -> dict[str, str]:
    """Read Linux's /proc/self/mountinfo: the file system's type by mount point."""
    mounts = {}
    for line in text.splitlines():
        before, separator, after = line.partition(" - ")
        if separator:
            mounts[_unescaped(before.split()[4])] = after.split()[0]
    return mounts


def parse_mount(text: str) -> dict[str, str]:
    """Read what macOS's `mount` prints: lines such as "//a@b/c on /Volumes/c (smbfs, nodev)"."""
    mounts = {}
    for line in text.splitlines():
        place, separator, options = line.partition(" on ")[2].rpartition(" (")
        if separator:
            mounts[place] = options.rstrip(")").split(",")[0]
    return mounts


def _mounts() -> dict[str, str]:
    try:
        if sys.platform == "darwin":
            return parse_mount(subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=True).stdout)
        return parse_mountinfo(Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape"))
    except (OSError, subprocess.CalledProcessError):
        return {}


def _unescaped(text: str) -> str:
    for code in ("\\040", "\\011", "\\012", "\\134"):
        text = text.replace(code, chr(int(code[1:], 8)))
    return text


def _is_remote_drive(anchor: str) -> bool:
    if os.name != "nt":
        return False
    return bool(ctypes.windll.kernel32.GetDriveTypeW(anchor) == _REMOTE_DRIVE)  # type: ignore[attr-defined,unused-ignore]
