"""What a file can be for: which task learns it, and which columns that needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from workbench.tasks.support.files.look import Column, FileLook

ColumnKind = Literal["text", "number"]


@dataclass(frozen=True)
class Role:
    """What a column is to a task."""

    setting: str
    """The task's setting that names the column."""
    title: str
    kinds: tuple[ColumnKind, ...] = ("text", "number")
    several: bool = False
    """Whether columns are ticked, one or more; the setting holds their names with commas between."""

    def fits(self, column: Column) -> bool:
        """Tell whether a column can have this role; a comma would part the name of one of several."""
        return column.kind in self.kinds and not (self.several and "," in column.name)

    def names(self, value: str) -> list[str]:
        """Return the names of columns in a value of the setting."""
        return [name.strip() for name in value.split(",") if name.strip()] if self.several else [value]


def joined(names: Sequence[str]) -> str:
    """Return names of several columns as one setting."""
    return ", ".join(names)


@dataclass(frozen=True)
class Use:
    """One thing that a file can be for."""

    task: str
    title: str
    about: str
    roles: tuple[Role, ...] = ()
    """What columns are chosen for; nothing where the whole file is read."""
    settings: tuple[str, ...] = ()
    """Other settings of the task that are worth a choice at once."""


SENTENCES = Use(
    "sentiment",
    "Sentences with labels",
    "The network reads a sentence and tells its label.",
    (Role("text_column", "Sentence", ("text",)), Role("label_column", "Label")),
)
PAIRS = Use(
    "translate",
    "Pairs: source and target",
    "The network reads the source and writes the target.",
    (Role("source_column", "Source"), Role("target_column", "Target")),
    settings=("level",),
)
SERIES = Use(
    "series",
    "A series of numbers",
    "The network reads the rows in their order and tells those that come.",
    (Role("columns", "Columns", ("number",), several=True),),
    settings=("horizon", "scaling", "held_out"),
)
TEXT = Use(
    "language-model",
    "Running text",
    "The network reads the text and tells what comes next.",
    settings=("level", "vocabulary"),
)


def uses_of(look: FileLook) -> tuple[Use, ...]:
    """Return what a file can be for, tables first: what is text by its bytes is running text too."""
    match look.kind:
        case "table":
            return (SENTENCES, PAIRS, SERIES, *([TEXT] if look.encoding else []))
        case "arrays":
            return (SERIES,)
        case "text":
            return (TEXT,)
