"""Progress in a terminal, on the error stream: a run's step, loss, speed and time left; or things counted."""

import sys
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Self, TypeVar

from tqdm import tqdm

from workbench.lab.workbook import RunRecord

_FORMAT = "{desc} {percentage:3.0f}% |{bar}| {n:,}/{total:,}{postfix}, {rate_noinv_fmt}, {remaining} left"

_COUNTED = "{desc} {percentage:3.0f}% |{bar}| {n}/{total}{postfix}"

Thing = TypeVar("Thing")


def counted(things: Sequence[Thing], unit: str, name: Callable[[Thing], str]) -> Iterator[Thing]:
    """Go through things with a progress bar that names the one at hand."""
    tqdm.monitor_interval = 0  # no thread that watches the bar
    with tqdm(total=len(things), desc=unit, bar_format=_COUNTED, file=sys.stderr, dynamic_ncols=True) as bar:
        for thing in things:
            bar.set_postfix_str(name(thing))
            yield thing
            bar.update()
        bar.set_postfix_str("done")


class Progress:
    """A progress bar for one run; a context manager."""

    def __init__(self, record: RunRecord) -> None:
        tqdm.monitor_interval = 0  # as above: the bar is shown ten times a second anyway
        # A file or pipe gets a line now and then, not ten a second.
        interval = 0.1 if sys.stderr.isatty() else 10.0
        self._said = ""
        self._bar = tqdm(
            total=record.steps,
            initial=record.step,
            desc=record.name,
            unit=" steps",
            bar_format=_FORMAT,
            file=sys.stderr,
            mininterval=interval,
            miniters=0,
            dynamic_ncols=True,
        )

    def show(self, record: RunRecord) -> None:
        """Show how far the run is."""
        if record.status == "starting":
            self._tell(record.sentence)
        what = f"loss {record.loss:.4g}" if record.loss is not None else record.status
        if record.status == "paused":
            what = record.sentence or f"{what}, paused"
        self._bar.set_postfix_str(what, refresh=False)
        # A resumed run goes back to its last checkpoint first.
        self._bar.update(max(record.step - self._bar.n, 0))

    def _tell(self, sentence: str) -> None:
        """Say once, above the bar, what the run waits for."""
        if sentence not in ("", self._said):
            self._bar.write(sentence, file=sys.stderr)
            self._said = sentence

    def note(self, word: str) -> None:
        """Say what happened in place of the loss."""
        self._bar.set_postfix_str(word)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()
