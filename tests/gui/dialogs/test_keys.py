"""Keys of a shortcut are told apart."""

import pytest

from workbench.gui.dialogs.keys import key_names


@pytest.mark.parametrize(
    ("keys", "names"),
    [
        ("Ctrl+Shift+C", ("Ctrl", "Shift", "C")),
        ("Ctrl++", ("Ctrl", "+")),
        ("+", ("+",)),
        (".", (".",)),
        ("⌘⇧C", ("⌘⇧C",)),
        ("double click", ("double click",)),
        ("", ()),
    ],
)
def test_a_shortcut_is_split_at_its_pluses_but_not_at_the_key_plus(keys: str, names: tuple[str, ...]) -> None:
    assert key_names(keys) == names
