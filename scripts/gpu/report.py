"""What was found: lines of a table for people, one JSON object for machines."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field

from workbench.errors import WorkbenchError

Figure = str | int | float | bool | None


@dataclass(frozen=True)
class Line:
    """One thing that was checked or measured; ``passed`` is None where there is no bar to pass."""

    part: str
    name: str
    passed: bool | None
    says: str
    figures: dict[str, Figure] = field(default_factory=dict)


@dataclass
class Report:
    """All lines, told as they come. ``about``: the card, the driver, the libraries."""

    about: dict[str, Figure]
    say: Callable[[str], object]
    lines: list[Line] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def run(self, part: str, work: Callable[[], Iterable[Line]]) -> None:
        """Take the lines of a part; one that breaks off is a line that failed, and keeps no other from its turn."""
        start = time.perf_counter()
        self.say(f"\n{part}")
        try:
            for line in work():
                self._add(line)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is told, and the other parts go on)
            self._add(failed(part, "the whole part", error))
        self.seconds[part] = round(time.perf_counter() - start, 1)

    def _add(self, line: Line) -> None:
        self.lines.append(line)
        self.say(f"  {mark(line)} {line.name}: {line.says}")

    @property
    def passed(self) -> bool:
        """Whether nothing failed."""
        return all(line.passed is not False for line in self.lines)

    def table(self) -> str:
        """Return all lines as Markdown, those that failed first."""
        rows = [(line.part, line.name, mark(line), line.says) for line in sorted(self.lines, key=_failed_first)]
        cells = [("part", "what", "", "result"), *rows]
        widths = [max(len(row[column]) for row in cells) for column in range(3)]
        drawn = [
            "| " + " | ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]) + " |"
            for row in cells
        ]
        rule = "| " + " | ".join([*("-" * width for width in widths), "---"]) + " |"
        return "\n".join([drawn[0], rule, *drawn[1:]])

    def json(self) -> str:
        """Return everything as one JSON object on one line."""
        values = {
            "about": self.about,
            "passed": self.passed,
            "seconds": self.seconds,
            "lines": [asdict(line) for line in self.lines],
        }
        return json.dumps(values, allow_nan=False, default=str)


def failed(part: str, name: str, error: BaseException) -> Line:
    """Return the line of something that broke off."""
    words = str(error) if isinstance(error, WorkbenchError) else f"{type(error).__name__}: {error}"
    return Line(part, name, False, words.strip().splitlines()[-1][:300] if words.strip() else type(error).__name__)


def guarded(part: str, name: str, work: Callable[..., Line], *arguments: object) -> Line:
    """Return the line that ``work`` makes of its arguments, or the one that says how it broke off."""
    try:
        return work(*arguments)
    except Exception as error:  # noqa: BLE001 (one case that fails keeps no other from its turn)
        return failed(part, name, error)


def mark(line: Line) -> str:
    """Return a line's verdict in a word."""
    return {True: "ok", False: "FAILED", None: "-"}[line.passed]


def _failed_first(line: Line) -> bool:
    return line.passed is not False
