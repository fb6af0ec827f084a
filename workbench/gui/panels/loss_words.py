"""What the loss panel says: where the mouse points, the newest number, and why there is nothing to see."""

from workbench.gui.format import number, seconds, steps
from workbench.gui.panels import quantities
from workbench.gui.panels.loss_reading import Drawing, Latest
from workbench.gui.panels.without_film import PAUSED_EARLY
from workbench.lab.workbook import RunRecord
from workbench.training.errors import DIVERGED

INVITATION = "Press Train and the loss appears here."
_TIMES = {1.0: "s", 60.0: "minutes", 3600.0: "hours"}
_CHANGE = 0.1  # share by which a number changes over a tenth of the run before that is worth a word


def x_label(data: Drawing) -> str:
    """Return the x axis's text, with the unit."""
    return {
        "step": "training step",
        "time": f"training time ({_TIMES[data.unit]})",
        "samples": "sequences learned from",
    }[data.wanted.across]


def place(x: float, data: Drawing) -> str:
    """Return a place on the x axis in words."""
    if data.wanted.across == "time":
        return seconds(max(x, 0.0) * data.unit)
    count = steps(max(round(x), 0))
    return f"step {count}" if data.wanted.across == "step" else f"{count} sequences"


def summary(record: RunRecord, data: Drawing) -> str:
    """Return a run's newest number in words, "" where it has none."""
    latest = data.latest_of(record.id)
    if latest is None:
        return ""
    name = quantities.title(data.wanted.quantity)
    words = f"{record.name}: {name} {number(latest.value)} at step {steps(latest.step)}, {_trend(latest)}."
    return f"{words} {record.sentence}" if record.status == "failed" else words


def why_empty(record: RunRecord | None) -> str:
    """Return why a run has no numbers, and what to do."""
    if record is None or record.status == "idle":
        return INVITATION
    if record.status == "failed":
        return failure(record)
    if record.status == "paused":
        return "Paused before its first numbers." if record.step else PAUSED_EARLY
    if record.active:
        return f"Starting {record.name} …"
    return f"{record.name} ended before its first step. {record.sentence}".strip()


def failure(record: RunRecord | None) -> str:
    """Return in few words how a run failed, "" where it did not; the whole sentence stands above the panels."""
    if record is None or record.status != "failed":
        return ""
    if record.sentence.startswith(DIVERGED):
        return f"Diverged at step {steps(record.step + 1)}."
    return f"Failed at step {steps(record.step)}."


def _trend(latest: Latest) -> str:
    change = (latest.value - latest.before) / abs(latest.before) if latest.before else 0.0
    return "falling" if change < -_CHANGE else "rising" if change > _CHANGE else "level"
