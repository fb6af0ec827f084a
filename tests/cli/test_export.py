"""rnn-workbench export: figures of runs, written as files."""

import csv
from pathlib import Path

import pytest

from tests.cli.support import Terminal
from tests.figures.support import add_run
from workbench.figures.arguments import EXPORT, OPTIONS
from workbench.figures.figure import FORMATS
from workbench.figures.registry import FIGURES
from workbench.figures.style import STYLES
from workbench.lab.workbook import open_workbook


@pytest.fixture
def kept(book: Path) -> Path:
    """A workbook with two runs."""
    with open_workbook(book, create=True) as workbook:
        add_run(workbook, name="first")
        add_run(workbook, name="second", fall=60.0)
    return book


@pytest.mark.parametrize(("name", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF"), ("csv", b"ser")])
def test_every_format_is_written_and_announced(
    terminal: Terminal, kept: Path, tmp_path: Path, name: str, start: bytes
) -> None:
    out = tmp_path / "figure"
    said = terminal("export", kept, 1, "--figure", "loss", "--format", name, "--out", out, "--json")
    assert said.status == 0
    assert said.json == {"file": str(out), "figure": "loss", "format": name, "bytes": out.stat().st_size}
    assert out.read_bytes().startswith(start)


def test_the_format_follows_from_the_suffix(terminal: Terminal, kept: Path, tmp_path: Path) -> None:
    said = terminal("export", kept, 1, "--figure", "loss", "--out", tmp_path / "loss.csv")
    assert said.status == 0
    assert said.out.startswith("Wrote ")
    assert (tmp_path / "loss.csv").read_text().startswith("series,training step")


def test_several_runs_come_into_one_figure(terminal: Terminal, kept: Path, tmp_path: Path) -> None:
    out = tmp_path / "both.csv"
    assert terminal("export", kept, 2, "--with", 1, "--figure", "metric", "--out", out).status == 0
    names = [row["series"] for row in csv.DictReader(out.read_text().splitlines())]
    assert list(dict.fromkeys(names)) == ["second: mse", "first: mse", "baseline: always 1"]


def test_options_reach_the_figure(terminal: Terminal, kept: Path, tmp_path: Path) -> None:
    out = tmp_path / "gate.csv"
    words = ("--value", "f", "--step", 50, "--layer", 1, "--order", "final value", "--inputs", "no")
    assert terminal("export", kept, 1, "--figure", "states", *words, "--out", out).status == 0
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert set(rows[0]) == {"series", "time step", "unit", "f"}
    last = [float(row["f"]) for row in rows if row["time step"] == "11"]
    assert last == sorted(last)


def test_words_size_and_style_reach_the_page(terminal: Terminal, kept: Path, tmp_path: Path) -> None:
    out = tmp_path / "loss.svg"
    words = ("--title", "How it fell", "--caption", "So it did.", "--style", "slide", "--font-size", 20, "--linear")
    assert terminal("export", kept, 1, "--figure", "loss", *words, "--out", out).status == 0
    svg = out.read_text()
    assert 'width="720pt"' in svg  # 254 mm
    assert ">How it fell<" in svg
    assert ">So it did.<" in svg
    assert "font-size: 20px" in svg
    assert "mathdefault" not in svg  # which sets the powers of ten of a logarithmic axis


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((1, "--figure", "los", "--out", "a.png"), "There is no figure 'los'"),
        ((1, "--figure", "loss", "--out", "a.jpg"), "does not end in .pdf, .svg, .png, .csv"),
        ((1, "--figure", "loss", "--out", "a.png", "--value", "h"), "has no option value"),
        ((1, "--figure", "states", "--out", "a.png", "--value", "z"), "It has h, c, f, i, o."),
        ((1, "--figure", "states", "--out", "a.png", "--step", "7"), "The nearest is of step 0 or 50"),
        ((1, "--figure", "states", "--out", "a.png", "--with", "2"), "shows one run"),
        ((9, "--figure", "loss", "--out", "a.png"), "There is no run 9"),
        ((1, "--figure", "loss", "--out", "a.png", "--style", "poster"), "There is no style 'poster'"),
        ((1, "--figure", "loss", "--out", "a.png", "--dpi", "9999"), "between 30 and 1200"),
        ((1, "--figure", "loss", "--out", "none/a.png"), "There is no folder"),
        ((1, "--figure", "loss", "--out", "a.png", "--title", r"\(\what\)"), "cannot be set"),
        ((1, "--figure", "loss", "--out", "book.rnnw", "--format", "png"), "has a workbook's name"),
        ((1, "--figure", "loss"), "--out"),
        ((1, "--out", "a.png"), "--figure"),
        ((1, "--figure", "loss", "--out", "a.png", "--format", "gif"), "invalid choice"),
    ],
)
def test_what_cannot_be_drawn_gets_a_sentence_and_leaves_no_file(
    terminal: Terminal,
    kept: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[object, ...],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    said = terminal("export", kept, *words)
    assert said.status == 2
    assert sentence in said.err
    assert "Traceback" not in said.err
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_file_that_is_no_workbook_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "note.rnnw").write_text("a note")
    said = terminal("export", tmp_path / "note.rnnw", 1, "--figure", "loss", "--out", tmp_path / "a.png")
    assert said.status == 2
    assert not (tmp_path / "a.png").exists()


def test_every_option_of_every_figure_can_be_given_and_the_help_names_all_there_is() -> None:
    known = {name for kind in FIGURES.values() for name in kind.options.model_fields}
    assert known == set(OPTIONS)
    arguments = dict(EXPORT)
    assert all(name in arguments["--figure"]["help"] for name in FIGURES)
    assert all(name in arguments["--style"]["help"] for name in STYLES)
    assert arguments["--format"]["choices"] == list(FORMATS)
