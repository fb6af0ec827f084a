"""Trains the grid, as far as it is not trained yet, and writes the table."""

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from known_results.grid import ROWS, chosen, load_grid
from known_results.jobs import Job, take_up
from known_results.kept import Outcome, identity, outcome_of
from known_results.plan import Entry, experiments_of, plan
from known_results.progress import Progress
from known_results.table import ours, table
from known_results.training import train_all
from workbench.errors import WorkbenchError
from workbench.lab.experiment import Experiment
from workbench.lab.machine import usable_cores
from workbench.lab.workbook import Workbook, open_workbook

DONE, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str]) -> int:
    """Train what is asked for and write the table; 0, or 1 where a run failed, 2 where what is asked is wrong."""
    options = _parser().parse_args(arguments)
    try:
        sections = chosen(load_grid(options.rows), options.only)
        entries = plan(sections, "long" if options.long else "short", options.seeds)
        with open_workbook(options.workbook, create=True) as workbook:
            return measure(workbook, entries, options.together, options.out)
    except WorkbenchError as error:
        print(error, file=sys.stderr)
        return WRONG


def measure(workbook: Workbook, entries: Sequence[Entry], together: int, out: Path | None) -> int:
    """Train all entries that are not trained yet and write the table, also that of an interruption."""
    results = Results(workbook, entries)
    try:
        results.train(together)
        status = FAILED if any(outcome.trouble for outcome in results.outcomes.values()) else DONE
    except KeyboardInterrupt:
        print("Stopped; what was trained is kept, and the same command goes on from there.", file=sys.stderr)
        status = INTERRUPTED
    text = results.text()
    if out is not None:
        out.write_text(text, encoding="utf-8")
    print(f"\n{text}", end="")
    return status


class Results:
    """The runs of all entries: what came of them so far."""

    def __init__(self, workbook: Workbook, entries: Sequence[Entry]) -> None:
        self._workbook, self._entries = workbook, entries
        self.outcomes: dict[Experiment, Outcome] = {}

    def train(self, together: int) -> None:
        """Train what was not trained before, so many runs at once."""
        experiments = {identity(experiment): experiment for experiment in experiments_of(self._entries)}
        _say(f"{len(experiments)} runs are asked for; looking at what they need and what is there already.")
        jobs = []
        for own, experiment in experiments.items():
            found = take_up(self._workbook, experiment)
            if isinstance(found, Job):
                jobs.append(found)
            else:
                self.outcomes[own] = found
        progress = Progress(self._workbook, jobs, together, _say)
        _say(f"{len(experiments) - len(jobs)} are done, {len(jobs)} are to be trained; {progress.time_left()}")
        train_all(self._workbook, jobs, together, progress.show, lambda job, why: self._end(progress, job, why))

    def text(self) -> str:
        """Return the table with a line on what it was measured with."""
        seconds = sum(outcome.seconds for outcome in self.outcomes.values())
        about = (
            f"{len(self.outcomes)} runs, {seconds / 60:.0f} minutes of training on one thread each; "
            f"{platform.machine()}, {usable_cores()} cores, Python {platform.python_version()}."
        )
        return f"{table(self._entries, self.outcomes)}\n{about}\n"

    def _end(self, progress: Progress, job: Job, why: str) -> None:
        outcome = Outcome({}, trouble=why) if why else outcome_of(self._workbook, job.run)
        own = identity(job.experiment)
        self.outcomes[own] = outcome
        entry = next(entry for entry in self._entries if own in map(identity, entry.experiments))
        progress.end(job, f"{ours(entry, [outcome])} after {outcome.seconds:.0f} s")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/results.py", description="Train the grid of known results.")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--short", action="store_true", help="sizes for half an hour on two cores (the default)")
    size.add_argument("--long", action="store_true", help="the published sizes: many hours")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="only these sections of the grid")
    parser.add_argument(
        "--workbook", type=Path, default=Path("results.rnnw"), help="where runs are kept (results.rnnw)"
    )
    parser.add_argument("--out", type=Path, metavar="FILE.md", help="write the table to this file too")
    parser.add_argument("--seeds", type=_count, metavar="N", help="seeds 1 to N for every row")
    parser.add_argument("--together", type=_count, default=_cores(), metavar="N", help="runs at once (one a core)")
    parser.add_argument("--rows", type=Path, default=ROWS, metavar="FOLDER", help="another grid")
    return parser


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError(text)
    return count


def _cores() -> int:
    return max(1, usable_cores())


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(main(sys.argv[1:]))
