"""Network drives are told from local ones."""

from pathlib import Path

import pytest

from workbench.lab.workbook import open_workbook
from workbench.lab.workbook import workbook as workbook_module
from workbench.lab.workbook.drives import file_system, network_drive, parse_mount, parse_mountinfo

MOUNTINFO = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:35 / /home/me/on\\040a\\040server rw,relatime - nfs4 server:/export rw,vers=4.2
41 22 0:36 / /mnt/share rw - cifs //nas/share rw
"""
MOUNT = """\
/dev/disk3s1 on / (apfs, sealed, local, read-only, journaled)
//me@nas/my share on /Volumes/my share (smbfs, nodev, nosuid, mounted by me)
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/me/book.rnnw", "ext4"),
        ("/home/me/on a server/deep/book.rnnw", "nfs4"),
        ("/mnt/share/book.rnnw", "cifs"),
        ("/mnt/shared/book.rnnw", "ext4"),
    ],
)
def test_linux_tells_the_file_system_of_a_path(path: str, kind: str) -> None:
    assert file_system(Path(path), parse_mountinfo(MOUNTINFO)) == kind


def test_macos_tells_the_file_system_of_a_path() -> None:
    mounts = parse_mount(MOUNT)

    assert file_system(Path("/Volumes/my share/book.rnnw"), mounts) == "smbfs"
    assert file_system(Path("/Users/me/book.rnnw"), mounts) == "apfs"


def test_a_temporary_folder_is_local(tmp_path: Path) -> None:
    assert not network_drive(tmp_path / "book.rnnw")


def test_a_workbook_on_a_network_drive_carries_a_warning(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_module, "network_drive", lambda place: True)

    with open_workbook(path, create=True) as workbook:
        assert any("network drive" in sentence for sentence in workbook.warnings)
