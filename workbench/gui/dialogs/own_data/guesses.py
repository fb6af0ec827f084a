"""What a file is most likely for, and which of its columns is what: a guess that a person can correct."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from workbench.gui.dialogs.own_data.uses import PAIRS, SENTENCES, SERIES, Role, Use, joined, uses_of
from workbench.tasks.support.files.look import LOOKED_AT, Column, FileLook
from workbench.tasks.support.text.labelled import MOST_LABELS

Columns = Mapping[str, str]
"""Names of columns by the setting that holds them; several have commas between."""
_MOST_TICKED = 8
_DECIMALS = 9
_REPEATS = 3  # a label comes this often at least, on average, beside sentences that differ


def best_use(look: FileLook) -> Use:
    """Return what a file is most likely for."""
    if look.kind != "table":
        return uses_of(look)[0]
    if _sentence_and_label(look) is not None:
        return SENTENCES
    if sum(column.distinct > 1 for column in _worded(look)) >= len(PAIRS.roles):
        return PAIRS
    if _numbers(look):
        return SERIES
    return SENTENCES if len(look.columns) >= len(SENTENCES.roles) else uses_of(look)[-1]


def guessed_columns(use: Use, look: FileLook) -> Columns:
    """Return the columns that a use most likely takes; "" where there is none."""
    if use == SERIES:
        return {role.setting: joined(_measured(look)) for role in use.roles}
    if use == SENTENCES and (found := _sentence_and_label(look)) is not None:
        return dict(zip((role.setting for role in use.roles), found, strict=True))
    free = [*_worded(look), *(column for column in look.columns if column not in _worded(look))]
    guessed = {}
    for role in use.roles:
        fitting = [column for column in free if role.fits(column)]
        guessed[role.setting] = fitting[0].name if fitting else ""
        free = [column for column in free if column not in fitting[:1]]
    return guessed


def known_columns(use: Use, look: FileLook, settings: Mapping[str, Any]) -> Columns:
    """Return the columns that a task's settings name, where the file has them all; else the guess."""
    known = {role.setting: str(settings[role.setting]) for role in use.roles}
    there = all(_named(role, known[role.setting], look) for role in use.roles)
    return known if there else guessed_columns(use, look)


def objection(use: Use, columns: Columns, look: FileLook) -> str:
    """Return why these columns cannot be used so, as far as the first rows tell; "" where nothing is known."""
    for role in use.roles:
        if not any(map(role.fits, look.columns)):
            kind = "numbers" if role.kinds == ("number",) else "text"
            return f"There is no column of {kind}. Choose another delimiter, or another use."
        if not role.names(columns[role.setting]):
            return "Tick at least one column."
    if len(look.columns) < len(use.roles):
        return "There is one column only, and two are needed. Choose another delimiter, or another use."
    if len(set(columns.values())) < len(columns):
        first, second = (role.title for role in use.roles)
        return f"{first} and {second.lower()} are the same column. Choose two."
    return _objection_to_labels(_labels(columns, look), look) if use == SENTENCES else ""


def doubt(use: Use, columns: Columns, look: FileLook) -> str:
    """Return what may keep these columns from being used so, in rows that were not looked at."""
    if use != SENTENCES or _labels(columns, look).distinct > 1:
        return ""
    return f"The first rows hold a single label in “{columns['label_column']}”. There have to be others further down."


def _named(role: Role, names: str, look: FileLook) -> bool:
    """Tell whether names are those of columns that can have a role."""
    fitting = {column.name for column in look.columns if role.fits(column)}
    wanted = set(role.names(names))
    return bool(wanted) and wanted <= fitting


def _labels(columns: Columns, look: FileLook) -> Column:
    return next(column for column in look.columns if column.name == columns["label_column"])


def _objection_to_labels(column: Column, look: FileLook) -> str:
    whole = look.row_count is not None and look.row_count <= LOOKED_AT
    if column.distinct < 2 and whole:
        return f"“{column.name}” holds a single label; two or more are needed. Choose another column."
    if column.distinct > MOST_LABELS:
        return (
            f"“{column.name}” holds {column.distinct} different labels in the rows looked at; at most {MOST_LABELS} "
            "are allowed. Choose another column."
        )
    return ""


def _sentence_and_label(look: FileLook) -> tuple[str, str] | None:
    """Return a column of sentences that differ and one of few labels, None where there are not both."""
    sentences = sorted(_worded(look), key=lambda column: -len(column.longest))
    labels = sorted(look.columns, key=lambda column: column.distinct)
    for sentence in sentences:
        for label in labels:
            few = 2 <= label.distinct <= MOST_LABELS and label.distinct * _REPEATS <= sentence.distinct
            if few and label is not sentence:
                return sentence.name, label.name
    return None


def _measured(look: FileLook) -> list[str]:
    """Return the columns of numbers to learn; of many, or of arrays of different lengths, the first."""
    numbers = _numbers(look)
    measured = [column.name for column in numbers if column.distinct > 1 and _is_measured(look, column)]
    names = measured or [column.name for column in numbers]
    same_rows = look.kind == "table" or look.row_count is not None
    return names if len(names) <= _MOST_TICKED and same_rows else names[:1]


def _is_measured(look: FileLook, column: Column) -> bool:
    """Tell whether the rows shown lack no value, and do not grow by the same each, as numbers of rows and years do."""
    place = look.columns.index(column)
    cells = [row[place] for row in look.rows if place < len(row)]
    try:
        numbers = [float(cell.replace(",", ".")) for cell in cells]
    except ValueError:
        return False
    grows = {round(after - before, _DECIMALS) for before, after in pairwise(numbers)}
    return len(grows) != 1


def _worded(look: FileLook) -> list[Column]:
    """Return the columns of words: texts with letters in them, which dates have none of."""
    return [
        column for column in look.columns if column.kind == "text" and any(sign.isalpha() for sign in column.longest)
    ]


def _numbers(look: FileLook) -> list[Column]:
    return [column for column in look.columns if all(role.fits(column) for role in SERIES.roles)]
