"""Keys and mouse in the panels: no commands of the window, but what a panel does while it has the focus."""

from workbench.gui.dialogs.shortcuts import Group

PANEL_KEYS: tuple[Group, ...] = (
    (
        "In a plot",
        (
            ("click", "Pin the cursor, or let go of it"),
            ("wheel", "Zoom"),
            ("double click", "Show all again, and follow"),
        ),
    ),
    (
        "Hidden state",
        (
            ("← →", "Move the cursor by one time step"),
            ("↑ ↓", "Move the cursor by one unit"),
            ("PgUp PgDn", "Look at the previous or next sequence, while the run trains"),
            ("Esc", "Let go of the cursor"),
        ),
    ),
    (
        "Attention",
        (
            ("↑ ↓", "Go through the steps of the answer"),
            ("Esc", "Let go of the cursor"),
        ),
    ),
    (
        "Runs",
        (
            ("Space", "Draw the run, or leave it out"),
            ("Enter", "Look at the run alone"),
            ("F2", "Rename the run"),
            ("Delete", "Move the run to the trash"),
        ),
    ),
)
