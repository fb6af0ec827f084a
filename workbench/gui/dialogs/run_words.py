"""How a run stands, and where it ran, in words."""

from collections.abc import Mapping, Sequence

from workbench.gui.format import moment, seconds, size, steps
from workbench.gui.panels.run_table import Score
from workbench.gui.panels.run_table.about import Facts, experiment_facts, progress_facts, score_facts, status_word
from workbench.gui.theme.roles import Role
from workbench.lab.workbook import RunRecord

_ORIGIN = {
    "backend": "Backend",
    "threads": "Threads",
    "machine": "Machine",
    "program": "RNN Workbench",
    "python": "Python",
    "numpy": "NumPy",
    "numba": "Numba",
    "device": "GPU",
    "cupy": "CuPy",
    "cuda": "CUDA",
    "driver": "Driver, CUDA up to",
    "way": "Sequences",
    "reason": "Backend chosen",
}
_DIGITS = 16  # of a hash; enough to tell files apart


def how_it_stands(record: RunRecord, checkpoints: Sequence[int]) -> tuple[Role, str]:
    """Return in which role, and in what words, a run's state is told: why it failed, and what can be done."""
    place = f"step {steps(record.step)} of {steps(record.steps)}"
    match record.status:
        case "finished":
            return "good", f"Finished: {steps(record.steps)} steps in {seconds(record.seconds)}."
        case "failed":
            return "bad", f"Failed at {place}. {record.sentence} {_way_on(checkpoints)}"
        case "interrupted":
            why = record.sentence or "The process that trained it is gone."
            return "warning", f"Interrupted at {place}. {why} {_way_on(checkpoints)}"
        case "stopped":
            return "muted", " ".join(filter(None, (f"Stopped at {place}.", record.sentence, _way_on(checkpoints))))
        case "idle":
            return "muted", "Waiting: nobody has trained it yet."
    return "muted", " ".join(filter(None, (f"{status_word(record).capitalize()}: {place}.", record.sentence)))


def sections(record: RunRecord, score: Score | None, checkpoints: Sequence[int]) -> dict[str, Facts]:
    """Return all facts of a run, titles and values, by section."""
    kept = ", ".join(map(steps, checkpoints)) or "none"
    run = [*progress_facts(record), *score_facts(record, score), ("Checkpoints", f"at steps {kept}")]
    times = (("Created", record.created), ("Last started", record.started), ("Ended", record.ended))
    run += [(title, moment(time)) for title, time in times if time is not None]
    return {"Run": run, "Experiment": experiment_facts(record), "Where and with what": _origin(record.origin)}


def _way_on(checkpoints: Sequence[int]) -> str:
    if not checkpoints:
        return "There is no checkpoint: a resumed run begins anew."
    return f"The last good checkpoint is at step {steps(max(checkpoints))}; a resumed run goes on from there."


def _origin(origin: Mapping[str, object]) -> Facts:
    """Return what is known of where a run was made; an earlier version may have kept less."""
    found = [(title, str(origin[name])) for name, title in _ORIGIN.items() if origin.get(name)]
    parameters, memory = origin.get("parameters"), origin.get("memory")
    if isinstance(parameters, int):
        found.append(("Parameters", steps(parameters)))
    if isinstance(memory, int):
        found.append(("Memory needed", size(memory)))
    if "task_version" in origin:
        found.append(("Task protocol", f"{origin.get('task', '')}, version {origin['task_version']}"))
    data = origin.get("data")
    if isinstance(data, Mapping):
        found += [(f"Data: {name}", f"SHA-256 {str(digest)[:_DIGITS]}…") for name, digest in data.items()]
    return found
