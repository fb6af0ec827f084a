"""Commands about files."""

from workbench.gui.commands.commands import Command
from workbench.gui.context import Context

MENU = "File"


def file_commands(context: Context) -> tuple[Command, ...]:
    """Return the commands of the File menu."""
    files, session, draft = context.files, context.session, context.draft

    def no_workbook() -> str:
        return "" if session.workbook is not None else "No workbook is open."

    def no_run() -> str:
        return "" if session.runs.current is not None else "There is no run yet."

    return (
        Command("file.new", "New workbook …", MENU, files.ask_new_workbook, icon="new", shortcut="Ctrl+N"),
        Command(
            "file.open",
            "Open …",
            MENU,
            files.ask_open,
            icon="open",
            shortcut="Ctrl+O",
            tip="Open a workbook, or bring an experiment file into the form",
        ),
        Command(
            "file.own_data",
            "Open data …",
            MENU,
            files.ask_data,
            shortcut="Ctrl+Shift+O",
            tip="Learn a text, a table (CSV, TSV, Parquet) or arrays (NPZ) of your own",
            words="open data file csv tsv parquet npz text import load series sentences pairs",
        ),
        Command(
            "file.copy",
            "Save a copy of the workbook …",
            MENU,
            files.ask_copy,
            icon="save",
            tip="Everything is saved as it happens; this saves a copy elsewhere",
            why_not=no_workbook,
            words="backup save as",
        ),
        Command(
            "file.save_experiment",
            "Save experiment …",
            MENU,
            files.save_draft,
            shortcut="Ctrl+S",
            tip="Save what stands in the form as a TOML file",
            why_not=lambda: "" if draft.experiment is not None else "Something in the form is wrong.",
            starts_group=True,
        ),
        Command(
            "figure.export",
            "Export …",
            MENU,
            context.dialogs.export_figure,
            icon="export",
            shortcut="Ctrl+E",
            tip="Save a figure for a paper, a report or a slide",
            why_not=no_run,
            words="figure pdf svg png csv picture",
            starts_group=True,
        ),
        Command(
            "file.quit",
            "Quit",
            MENU,
            context.window.close,
            shortcut="Ctrl+Q",
            words="exit close",
            starts_group=True,
        ),
    )
