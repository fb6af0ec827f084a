"""How the window looks: colours, fonts, spacing, icons. No colour literal stands outside this folder."""

from workbench.gui.theme.colours import DARK, LIGHT, Colours, with_alpha
from workbench.gui.theme.icons import icon, icon_names
from workbench.gui.theme.roles import set_role
from workbench.gui.theme.theme import MODES, Mode, Theme, theme

__all__ = [
    "DARK",
    "LIGHT",
    "MODES",
    "Colours",
    "Mode",
    "Theme",
    "icon",
    "icon_names",
    "set_role",
    "theme",
    "with_alpha",
]
