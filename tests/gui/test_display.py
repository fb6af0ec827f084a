"""Whether a window can open is known before Qt is loaded, which would end the program where it cannot."""

import pytest

from workbench.gui.display import has_display


@pytest.mark.parametrize("variables", [{"DISPLAY": ":0"}, {"WAYLAND_DISPLAY": "wayland-0"}])
def test_a_named_display_server_is_a_display(variables: dict[str, str]) -> None:
    assert has_display("linux", variables)


@pytest.mark.parametrize("variables", [{}, {"DISPLAY": ""}])
def test_linux_without_a_display_server_has_no_display(variables: dict[str, str]) -> None:
    assert not has_display("linux", variables)


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_always_have_a_display(platform: str) -> None:
    assert has_display(platform, {})
