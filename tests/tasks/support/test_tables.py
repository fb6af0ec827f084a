from hashlib import sha256
from pathlib import Path

import pytest

from workbench.tasks import TaskError
from workbench.tasks.support import tables
from workbench.tasks.support.tables import read_labelled


def read(folder: Path, content: str, delimiter: str = "comma") -> list[tuple[str, str]]:
    path = folder / "table.csv"
    path.write_text(content, encoding="utf-8", newline="")
    return read_labelled(str(path), "text", "label", delimiter)[0]


def test_rows_are_read_from_the_chosen_columns(tmp_path: Path) -> None:
    assert read(tmp_path, "id,label,text\n1,good,fine film\n2,bad,dull film\n") == [
        ("fine film", "good"),
        ("dull film", "bad"),
    ]


def test_the_hash_is_that_of_the_file(tmp_path: Path) -> None:
    content = b"text,label\na,1\nb,2\n"
    (tmp_path / "t.csv").write_bytes(content)
    digest = read_labelled(str(tmp_path / "t.csv"), "text", "label", "comma")[1]
    assert digest == sha256(content).hexdigest()


def test_a_quoted_field_may_hold_delimiters_quotes_and_new_lines(tmp_path: Path) -> None:
    rows = read(tmp_path, 'text,label\r\n"one, ""two""\r\nthree",good\r\nfour,bad\r\n')
    assert rows == [('one, "two"\nthree', "good"), ("four", "bad")]


@pytest.mark.parametrize(("delimiter", "mark"), [("semicolon", ";"), ("tab", "\t"), ("bar", "|")])
def test_other_delimiters_are_read(tmp_path: Path, delimiter: str, mark: str) -> None:
    assert read(tmp_path, f"text{mark}label\na, b{mark}1\nc{mark}2\n", delimiter) == [
        ("a, b", "1"),
        ("c", "2"),
    ]


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    assert len(read(tmp_path, "\ntext,label\n\na,1\n\nb,2\n\n")) == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is empty"),
        ("review,label\na,1\n", r'no column "text"; it has "review", "label"\. Set task.text_column'),
        ("text,stars\na,1\n", r'no column "label"; it has "text", "stars"'),
        ("text;label\na;1\n", r'no column "text".*Set task.delimiter to "semicolon"'),
        ("text,label\n", "has a header and no rows"),
        ("text,label\na,1\nb,1\n", r'Every label in .*, column "label", is "1"'),
        ("text,label\na,1\nb\n", "line 3: 1 field where the header has 2"),
        ("text,label\na,1\nb, c,2\n", "line 3: 3 fields where the header has 2"),
        ("text,label\na,1\n,2\n", "line 3: the text or the label is empty"),
        ("text,label\na,1\nb, \n", "line 3: the text or the label is empty"),
        ('text,label\na,1\n"b,2\n', "line 3: unexpected end of data"),
        (f"text,label\n{'a' * 200_000},1\n", "line 2: field larger than field limit"),
        ("text,label\n" + "".join(f"a,{n}\n" for n in range(51)), "51 different labels; at most 50"),
    ],
)
def test_a_table_that_does_not_fit_gets_a_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    with pytest.raises(TaskError, match=sentence):
        read(tmp_path, content)


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    with pytest.raises(TaskError, match="has more than 3 rows"):
        read(tmp_path, "text,label\na,1\nb,2\nc,1\nd,2\n")


def test_a_formula_in_a_field_is_text_like_any_other(tmp_path: Path) -> None:
    attack = "__import__('os').system('touch attacked')"
    assert read(tmp_path, f'text,label\n"{attack}",1\n=1+1,2\n') == [(attack, "1"), ("=1+1", "2")]
