"""Why a panel that draws snapshots has none to draw, in a sentence."""

from workbench.lab.workbook import RunRecord

PAUSED_EARLY = "Paused before its first step."


def why_no_snapshot(record: RunRecord | None, what: str) -> str:
    """Return why ``what``, as "The hidden state", cannot be seen of this run, and what to do."""
    if record is None:
        return f"Press Train. {what} appears here."
    match record.status:
        case "idle":
            return f"This run has not begun. {what} appears here when it is trained."
        case "starting":
            return f"The run is starting. {what} appears here with its first step."
        case "paused" if not record.step:
            return PAUSED_EARLY
        case "failed":
            return f"The run failed before anything could be seen. {record.sentence}".rstrip()
        case "running" | "paused" | "stopping":
            return f"{what} appears here with the run's first snapshot."
        case _:
            return "This run ended before anything could be seen. Train it again, or look at another run."
