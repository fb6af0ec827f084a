"""Measure the workbench: ``python3 scripts/bench.py [training] [recording] [opening] [--json FILE]``.

Run it with the environment that ``scripts/test.py`` sets up: the peer, torch, is measured in the same run where it is
installed. Prints a table for each section and, last, one JSON object.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import opening, recording, training
from benchmarks.tables import Section

SECTIONS: dict[str, Callable[[], Section]] = {
    "training": training.measure,
    "recording": recording.measure,
    "opening": opening.measure,
}
# These pin older or smaller kernels; a user's machine has them unset.
PINNED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def main() -> int:
    """Measure the sections named, or all."""
    parser = argparse.ArgumentParser(description="Measure the workbench.")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; none: all")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    arguments = parser.parse_args()
    unknown = set(arguments.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"there is no section {min(unknown)!r}; there are {', '.join(SECTIONS)}")
    if any(name in os.environ for name in PINNED):
        for name in PINNED:
            os.environ.pop(name, None)
        os.execv(sys.executable, [sys.executable, *sys.argv])
    figures: dict[str, object] = {"machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.platform()}"}
    for name in arguments.sections or SECTIONS:
        section = SECTIONS[name]()
        print(section.table(), flush=True)
        figures[name] = section.rows
    text = json.dumps(figures)
    if arguments.json:
        arguments.json.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
