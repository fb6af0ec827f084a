from pathlib import Path

import pytest
from steps.qt_libraries import complaint, not_found, packages_of, tried_files
from steps.system_packages import debian_package

# Of `ldd libqxcb.so` from PySide6 6.12 on a bare Debian 12.
LDD = """
libqxcb.so:
	linux-vdso.so.1 (0x00007ffd2b5f2000)
	libxcb-cursor.so.0 => not found
	libxcb-icccm.so.4 => not found
	libQt6Gui.so.6 => /qt/lib/libQt6Gui.so.6 (0x00007f1b1c000000)
	libEGL.so.1 => not found
	libxcb-icccm.so.4 => not found
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f1b1b800000)
"""


def test_libraries_the_loader_misses_are_listed_once() -> None:
    assert not_found(LDD) == ["libEGL.so.1", "libxcb-cursor.so.0", "libxcb-icccm.so.4"]


# Names as `dpkg -S` gives them on Debian 12.
@pytest.mark.parametrize(
    ("library", "package"),
    [
        ("libEGL.so.1", "libegl1"),
        ("libGL.so.1", "libgl1"),
        ("libX11-xcb.so.1", "libx11-xcb1"),
        ("libX11.so.6", "libx11-6"),
        ("libdbus-1.so.3", "libdbus-1-3"),
        ("libfontconfig.so.1", "libfontconfig1"),
        ("libglib-2.0.so.0", "libglib2.0-0"),
        ("libgssapi_krb5.so.2", "libgssapi-krb5-2"),
        ("libgthread-2.0.so.0", "libglib2.0-0"),
        ("libxcb-cursor.so.0", "libxcb-cursor0"),
        ("libxcb-icccm.so.4", "libxcb-icccm4"),
        ("libxcb-render-util.so.0", "libxcb-render-util0"),
        ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
        ("libxkbcommon.so.0", "libxkbcommon0"),
        ("libz.so.1", "zlib1g"),
    ],
)
def test_a_library_is_found_in_its_debian_package(library: str, package: str) -> None:
    assert debian_package(library) == package


def test_two_libraries_of_one_package_name_it_once() -> None:
    assert packages_of(["libglib-2.0.so.0", "libgthread-2.0.so.0"]) == ["libglib2.0-0"]


def test_the_complaint_names_every_library_and_every_package() -> None:
    sentence = complaint(not_found(LDD))
    assert "libEGL.so.1, libxcb-cursor.so.0, libxcb-icccm.so.4" in sentence
    assert "libegl1 libxcb-cursor0 libxcb-icccm4" in sentence


def test_only_files_of_the_installed_qt_are_tried(tmp_path: Path) -> None:
    (tmp_path / "QtWidgets.abi3.so").touch()
    assert tried_files(tmp_path) == [tmp_path / "QtWidgets.abi3.so"]
