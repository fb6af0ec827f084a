"""Texts written to do harm: nothing in a cell is ever executed, and every refusal is a CellError."""

import builtins
import os
import pickle
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cells.support import refusal
from workbench.cells import Cell, CellError

HARMFUL = [
    "__import__('os').system('touch harmed')",
    "(lambda: open('harmed', 'w'))()",
    "[open('harmed', 'w') for i in (1,)]",
    "{open('harmed', 'w') for i in (1,)}",
    "(open('harmed', 'w') for i in (1,))",
    "f\"{open('harmed', 'w')}\"",
    "(a := open('harmed', 'w'))",
    "x.__class__.__base__.__subclasses__()",
    "x.__reduce__()",
    "tanh.__globals__['os']",
    "tanh(*open('harmed', 'w'))",
    "tanh(**{'a': 1})",
    "x[open('harmed', 'w')]",
    "x if open('harmed', 'w') else x",
    "open('harmed', 'w') or x",
    "open('harmed', 'w')",
    'exec(\'open("harmed", "w")\')',
    "eval('x')",
    "compile('x', 'y', 'exec')",
    "getattr(x, 'tofile')('harmed')",
    "W.tofile @ open('harmed', 'w')",
    "(yield open('harmed', 'w'))",
    "await open('harmed', 'w')",
    "...",
    "None",
    "b'x'",
    "9 ** 9 ** 9 ** 9",
    "1 << 10 ** 9",
    "'x' * 10 ** 9",
    "(x, x)",
    "[x] * 10 ** 9",
    "`id`",
    "$(id)",
    "\\x6f\\x73",
]
STATEMENTS = [
    "import os",
    "from os import system",
    "del h",
    "h: open('harmed', 'w') = x",
    "@open('harmed', 'w')\ndef h(): pass",
    "class h(metaclass=open('harmed', 'w')): pass",
    "def h(a=open('harmed', 'w')): pass",
    "with open('harmed', 'w') as h: pass",
    "for h in open('harmed', 'w'): pass",
    "while open('harmed', 'w'): pass",
    "assert open('harmed', 'w')",
    "raise open('harmed', 'w')",
    "global h",
    "h.a = open('harmed', 'w')",
    "h[open('harmed', 'w')] = x",
    "*h, = open('harmed', 'w')",
    "type h = open('harmed', 'w')",
    "match x:\n case open('harmed', 'w'): pass",
    "try: open('harmed', 'w')\nexcept: pass",
    "# -*- coding: utf-7 -*-\n+AGg-",
]


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to do harm in, and built-ins that fail the test when they are called."""

    def called(*args: object, **words: object) -> NoReturn:
        pytest.fail(f"code was run: {args}")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "system", called)
    for name in ("eval", "exec"):
        monkeypatch.setattr(builtins, name, called)
    return tmp_path


@pytest.mark.parametrize("expression", HARMFUL)
def test_an_expression_that_is_not_of_the_language_is_refused_and_not_run(expression: str, watched: Path) -> None:
    refusal(f"h = tanh(U @ x) + {expression}")
    refusal(f"h = tanh({expression})")
    assert not list(watched.iterdir())


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_that_assigns_no_name_is_refused_and_not_run(statement: str, watched: Path) -> None:
    refusal(f"h = tanh(U @ x)\n{statement}")
    assert not list(watched.iterdir())


class Harm:
    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, ("harmed", "w")


@pytest.mark.parametrize(
    "contents",
    [
        pickle.dumps(Harm()),
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"\x00" * 100,
        b"\xff\xfe" + "states = ['h']".encode("utf-16-le"),
        b"#!/bin/sh\ntouch harmed\n",
        b"!!python/object/apply:os.system ['touch harmed']",
        b"states = ['h']\nequations = 'h = x'\n[tool.harm]\nrun = 'touch harmed'",
        b"states = ['h']\nequations = 'h = x'\ninclude = '/etc/passwd'",
        b"states = ['h']\nequations = 'h = b'\n[init]\nb = \"__import__('os')\"",
        b"states = ['h']\nequations = 'h = b'\n[init]\nb = 'normal(__import__)'",
        b"states = ['h']\nequations = 'h = b'\n[init]\nb.c = 1",
        b"states = ['h']\nequations = 'h = b'\n[init]\nb = " + b"9" * 400,
        b"states = ['h']\nequations = 'h = b'\n[init]\nb = " + b"9" * 5000,
        b"states = ['h']\nequations = 'h = b'\n[init]\nb = 0x" + b"f" * 50_000,
        b"states = ['h']\nequations = 'h = b'\n[init]\nb = '" + b"a" + b" " * 50_000 + b"!'",
        b"states = ['h', 'h']\nequations = 'h = x'",
        b"a = " + b"[" * 50_000,
        b"a = " + b"{a=" * 20_000,
        b"a." * 3_000 + b"a = 1",
        b"states = ['h']\nequations = 'h = x'\n" + b"# " * 60_000,
    ],
    ids=lambda contents: repr(contents[-30:]),
)
def test_a_file_written_to_do_harm_is_refused_and_nothing_in_it_is_run(contents: bytes, watched: Path) -> None:
    path = watched / "cell.toml"
    path.write_bytes(contents)
    with pytest.raises(CellError):
        Cell.from_file(path)
    assert list(watched.iterdir()) == [path]


@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        ("(" * 400 + "x" + ")" * 400, "too many nested parentheses"),
        ("[" * 900, "too many nested parentheses"),
        ("-" * 900 + "x", "nested too deeply"),
        ("exp(" * 150 + "x" + ")" * 150, "nested too deeply"),
        ("W @ (" * 110 + "x" + ")" * 110, "nested too deeply"),
        ("+".join(["x"] * 400), "nested too deeply"),
        ("1" * 900, "too large"),
        ("x" * 5000, "a line has at most 1000 characters, this one has 5004"),
        ("x + " * 100_000 + "x", "a line has at most 1000 characters"),
    ],
    ids=["brackets", "square brackets", "minuses", "calls", "products", "terms", "digits", "letters", "length"],
)
def test_monstrous_lines_are_refused(expression: str, wrong: str) -> None:
    assert wrong in str(refusal(f"h = {expression}"))


def test_nesting_that_a_person_might_write_is_accepted() -> None:
    text = "(" * 50 + "exp(-" * 40 + "x" + ")" * 90
    assert Cell.from_equations(f"h = {text}", states=["h"]).plan


def test_a_text_of_ten_thousand_lines_is_refused() -> None:
    text = "\n".join(f"a{line} = x" for line in range(10_000))
    assert str(refusal(f"{text}\nh = x")) == "a cell has at most 200 lines, this one has 10001; make it shorter"


def test_the_longest_cell_that_is_accepted_compiles() -> None:
    lines = [f"a{line} = tanh(W{line} @ h + U{line} @ x) * a{line - 1}" for line in range(1, 199)]
    cell = Cell.from_equations("\n".join(["a0 = x", *lines, "h = tanh(a198)"]), states=["h"])
    assert cell.plan.stages == 1


@given(st.text())
def test_any_text_at_all_is_a_cell_or_a_cell_error(text: str) -> None:
    parses_or_refuses(text)


PIECES = [
    *"hxtWb0129_.@*/+-()[]{},:;=<>!#'\"\\ \t\n\r\f\x1f\u2028σ−",
    *("h = ", "tanh(", "where(", "norm(", "W @ ", ".T", " == ", " and ", "lambda ", "if ", "else ", "for ", "in "),
    *("import ", "f'", "b'", "1e9", "0x", "1j", ":=", "**", "//", "...", "->", "yield ", "await ", "None", "True"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_text_made_of_the_pieces_of_the_grammar_is_a_cell_or_a_cell_error(text: str) -> None:
    parses_or_refuses(text)
    parses_or_refuses(f"h = {text}")


def parses_or_refuses(text: str) -> None:
    try:
        cell = Cell.from_equations(text, states=["h"])
    except CellError as error:
        lines = ["", *text.splitlines()]
        within = 0 <= error.line < len(lines) and 0 <= error.column <= len(lines[error.line]) + 1
        if not within or not error.message:
            pytest.fail(f"a place outside the text: {error!r}")
    else:
        assert cell.plan
        assert cell.latex
        assert cell.rich_text
