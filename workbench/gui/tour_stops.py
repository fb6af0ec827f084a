"""Where the tour stops, and what it says there."""

from PySide6.QtWidgets import QMainWindow, QToolButton

from workbench.gui.dialogs.tour import Stop
from workbench.gui.workspace import Workspace


def tour_stops(window: QMainWindow, workspace: Workspace) -> tuple[Stop, ...]:
    """Return the stops of the tour through a window."""
    main = window.findChild(QToolButton, "main")
    assert main is not None
    panels = workspace.panels
    return (
        Stop(
            workspace.form,
            "An experiment",
            "A cell, a task and sizes: all that defines a run stands here, ready to go. Change what you like; "
            "every edit can be undone with Ctrl+Z.",
        ),
        Stop(main, "One click trains", "Press Train, or the space bar. It trains in a process of its own."),
        Stop(
            panels["loss"],
            "The loss, live",
            "The dashed line is what a trivial predictor gets: the network has learnt something once it is below.",
        ),
        Stop(
            panels["hidden_state"],
            "What the network remembers",
            "Every row is a unit, every column a step of one held-out sequence. The tabs show states and gates.",
        ),
        Stop(
            panels["gradient_flow"],
            "Where the gradient vanishes",
            "How much each step of the sequence still matters to the loss. A steep fall to the left means that early "
            "inputs cannot be learnt from.",
        ),
        Stop(
            workspace.film_bar,
            "The film",
            "Snapshots are kept while the run trains. Drag the slider to see how the states came to be.",
        ),
        Stop(
            panels["runs"],
            "Runs stay",
            "Each run is saved as it happens. Tick several to compare them, and press Ctrl+E for a figure fit for "
            "paper. Ctrl+K finds every command.",
        ),
    )
