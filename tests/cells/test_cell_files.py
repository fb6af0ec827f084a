"""Cell files: what they hold, what they say when they are wrong, and the catalogue."""

from pathlib import Path

import pytest

from workbench.cells import Cell, CellError, catalogue

LEAKY = """
title = "Leaky"
about = "Forgets at a rate of its own."
source = "This test"
states = ["h"]
fixed = ["W"]
equations = \"\"\"
h = a * h + tanh(W @ h + U @ x)
\"\"\"
[init]
a = 0.5
W = "orthogonal(0.9)"
"""


def test_a_cell_file_holds_all_of_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "leaky.toml"
    path.write_text(LEAKY, encoding="utf-8")
    cell = Cell.from_file(path)
    assert (cell.name, cell.title, cell.about, cell.source) == (
        "leaky",
        "Leaky",
        "Forgets at a rate of its own.",
        "This test",
    )
    assert cell.states == ("h",)
    assert cell.fixed == {"W"}
    assert cell.init == {"a": 0.5, "W": "orthogonal(0.9)"}
    assert cell.parameters == ("W", "U", "a")


def test_the_path_of_a_cell_file_may_be_text(tmp_path: Path) -> None:
    (tmp_path / "leaky.toml").write_text(LEAKY, encoding="utf-8")
    assert Cell.from_file(str(tmp_path / "leaky.toml")).name == "leaky"


def test_a_cell_without_a_title_is_called_by_its_name() -> None:
    assert Cell.from_text('states = ["h"]\nequations = "h = tanh(U @ x)"', name="plain").title == "plain"


def test_the_values_of_a_cell_make_the_same_cell() -> None:
    cell = Cell.from_text(LEAKY, "leaky")
    again = Cell.from_values(cell.values, "leaky")
    assert again.values == cell.values
    assert again.assignments == cell.assignments


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "the cell file has no states; it needs states = [...] and equations"),
        ('states = ["h"]', "the cell file has no equations"),
        ('equations = "h = x"', "the cell file has no states"),
        ('state = ["h"]\nequations = "h = x"', "a cell file has no key 'state'; it has about, equations, fixed"),
        ('states = "h"\nequations = "h = x"', 'states in a cell file is a list of names, such as ["h"]'),
        ('states = [1]\nequations = "h = x"', "states in a cell file is a list of names"),
        ('states = []\nequations = "h = x"', "a cell needs at least one state"),
        ('states = ["h"]\nequations = ["h = x"]', "equations in a cell file is text, not list"),
        ('states = ["h"]\nequations = ""', "there are no equations"),
        ('states = ["h"]\nequations = "h = x"\ntitle = 1', "title in a cell file is text, not int"),
        ('states = ["h"]\nequations = "h = x"\nabout = 1979-05-27', "about in a cell file is text, not date"),
        ('states = ["h"]\nequations = "h = x"\nfixed = "W"', "fixed in a cell file is a list of names"),
        ('states = ["h"]\nequations = "h = x"\nfixed = ["W"]', "fixed names 'W', which is no parameter"),
        ('states = ["h"]\nequations = "h = x"\ninit = [1]', "init in a cell file is a table"),
        ('states = ["h"]\nequations = "h = x"\n[init]\nb = 1', "[init] names 'b', which is no parameter"),
        ('states = ["h"]\nequations = "h = x', "the cell file is not valid TOML"),
        ('states = ["h"]\nstates = ["h"]', "the cell file is not valid TOML"),
        ('states = ["h"]\nequations = """\nh = tanh(\n"""', "equations, line 1, column 9: a bracket has no partner"),
    ],
)
def test_a_wrong_cell_file_says_which_key_is_wrong_and_why(text: str, wrong: str) -> None:
    with pytest.raises(CellError) as caught:
        Cell.from_text(text)
    assert wrong in str(caught.value)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(CellError, match=r"nowhere\.toml cannot be read: No such file or directory; check the path"):
        Cell.from_file(tmp_path / "nowhere.toml")


def test_a_folder_is_no_cell_file(tmp_path: Path) -> None:
    with pytest.raises(CellError, match="cannot be read"):
        Cell.from_file(tmp_path)


def test_a_picture_is_no_cell_file(tmp_path: Path) -> None:
    path = tmp_path / "cell.toml"
    path.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF")
    with pytest.raises(CellError, match="is not a text file; a cell file is TOML in UTF-8"):
        Cell.from_file(path)


def test_a_huge_file_is_no_cell_file(tmp_path: Path) -> None:
    path = tmp_path / "cell.toml"
    path.write_text("#" * 100_001, encoding="utf-8")
    with pytest.raises(CellError, match="is larger than 100,000 bytes"):
        Cell.from_file(path)


def test_the_catalogue_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        catalogue()["mine"] = catalogue()["lstm"]  # type: ignore[index]
