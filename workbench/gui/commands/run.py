"""Commands that start and steer runs."""

from collections.abc import Callable

from workbench.gui.commands.commands import Command
from workbench.gui.context import Context

MENU = "Run"


def run_commands(context: Context) -> tuple[Command, ...]:
    """Return the commands of the Run menu."""
    control = context.control
    return (
        Command(
            "run.train_or_pause",
            "Train or pause",
            MENU,
            control.train_or_pause,
            icon="train",
            shortcut="Space",
            tip="Train the experiment in the form, or pause the run",
            why_not=lambda: "" if control.main != "train" else control.why_not_train(),
            words="start go on",
        ),
        Command(
            "run.train",
            "Train as a new run",
            MENU,
            control.train,
            icon="plus",
            shortcut="Ctrl+Return",
            tip="Train the experiment in the form beside what trains already",
            why_not=control.why_not_train,
        ),
        Command(
            "run.compare_windows",
            "Compare with windows …",
            MENU,
            lambda: context.dialogs.compare_windows(context.draft.last_valid, control.queue),
            tip="Train the experiment beside feed-forward networks that see the last k inputs",
            why_not=control.why_not_compare,
            words="feed-forward memory k contrast baseline",
        ),
        Command(
            "run.step",
            "Step",
            MENU,
            control.step,
            icon="step",
            shortcut=".",
            tip="Take one training step and wait; a run that goes on is paused first",
            why_not=control.why_not_steer,
            words="single one",
        ),
        Command(
            "run.stop",
            "Stop",
            MENU,
            control.stop,
            icon="stop",
            shortcut="Ctrl+.",
            tip="End the run with a checkpoint, so that it can be resumed",
            why_not=control.why_not_stop,
            words="end cancel",
        ),
        Command(
            "run.resume",
            "Resume",
            MENU,
            control.resume,
            icon="resume",
            shortcut="Ctrl+R",
            tip="Train the run on from its last checkpoint",
            why_not=control.why_not_resume,
            words="continue restart",
        ),
        Command(
            "run.snapshot",
            "Take a snapshot now",
            MENU,
            control.snapshot,
            icon="camera",
            shortcut="Ctrl+Shift+S",
            tip="Add the present states and gradients to the film",
            why_not=control.why_not_steer,
            starts_group=True,
        ),
        *_deeds(context),
    )


def _deeds(context: Context) -> tuple[Command, ...]:
    """Return what can be done to the current run."""
    runs, files, dialogs = context.session.runs, context.files, context.dialogs

    def why_not() -> str:
        return "" if runs.current is not None else "There is no run."

    def on_current(do: Callable[[int], object]) -> None:
        if runs.current is not None:
            do(runs.current)

    return (
        Command(
            "run.duplicate",
            "Duplicate as new experiment",
            MENU,
            lambda: on_current(files.duplicate),
            icon="duplicate",
            shortcut="Ctrl+D",
            tip="Bring the run's experiment into the form",
            why_not=why_not,
            words="copy fork",
        ),
        Command(
            "run.details",
            "Details and log …",
            MENU,
            lambda: on_current(dialogs.show_details),
            shortcut="Ctrl+I",
            tip="What defines the run, where it ran, what it said",
            why_not=why_not,
            words="origin messages error toml",
        ),
        Command(
            "run.trash",
            "Move to the trash",
            MENU,
            lambda: on_current(context.deeds.trash),
            icon="trash",
            tip="Move the run to the trash; it can be restored",
            why_not=why_not,
            words="delete remove",
        ),
        Command("run.open_trash", "Trash …", MENU, dialogs.show_trash, tip="Restore runs, or delete them for good"),
    )
