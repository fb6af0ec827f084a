"""Equations as the field prints them."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from tests.cells.support import one_line
from workbench.cells import Cell, catalogue
from workbench.cells.oracle import Oracle

LATEX = {
    "elman": [r"s_{t} &= \tanh\left(W^{s,s} s_{t-1} + W^{s,x} x_{t} + b_{s}\right)"],
    "irnn": [r"s_{t} &= \operatorname{relu}\left(W^{s,s} s_{t-1} + W^{s,x} x_{t} + b_{s}\right)"],
    "feedforward": [r"h_{t} &= \tanh\left(W^{h,x} x_{t} + b_{h}\right)"],
    "gated": [
        r"g_{t} &= \sigma\left(W^{g,s} s_{t-1} + W^{g,x} x_{t} + b_{g}\right)",
        (
            r"s_{t} &= \left(1 - g_{t}\right) \odot s_{t-1} + "
            r"g_{t} \odot \tanh\left(W^{s,s} s_{t-1} + W^{s,x} x_{t} + b_{s}\right)"
        ),
    ],
    "gru": [
        r"z_{t} &= \sigma\left(W^{z,h} h_{t-1} + W^{z,x} x_{t} + b_{z}\right)",
        r"r_{t} &= \sigma\left(W^{r,h} h_{t-1} + W^{r,x} x_{t} + b_{r}\right)",
        r"n_{t} &= \tanh\left(W^{n,x} x_{t} + b_{n} + r_{t} \odot \left(W^{n,h} h_{t-1} + c_{n}\right)\right)",
        r"h_{t} &= \left(1 - z_{t}\right) \odot n_{t} + z_{t} \odot h_{t-1}",
    ],
    "gru-reset-before": [
        r"z_{t} &= \sigma\left(W^{z,h} h_{t-1} + W^{z,x} x_{t} + b_{z}\right)",
        r"r_{t} &= \sigma\left(W^{r,h} h_{t-1} + W^{r,x} x_{t} + b_{r}\right)",
        r"n_{t} &= \tanh\left(W^{n,x} x_{t} + W^{n,h} \left(r_{t} \odot h_{t-1}\right) + b_{n}\right)",
        r"h_{t} &= \left(1 - z_{t}\right) \odot n_{t} + z_{t} \odot h_{t-1}",
    ],
    "lstm": [
        r"f_{t} &= \sigma\left(W^{f,h} h_{t-1} + W^{f,x} x_{t} + b_{f}\right)",
        r"i_{t} &= \sigma\left(W^{i,h} h_{t-1} + W^{i,x} x_{t} + b_{i}\right)",
        r"o_{t} &= \sigma\left(W^{o,h} h_{t-1} + W^{o,x} x_{t} + b_{o}\right)",
        r"c_{t} &= f_{t} \odot c_{t-1} + i_{t} \odot \tanh\left(W^{c,h} h_{t-1} + W^{c,x} x_{t} + b_{c}\right)",
        r"h_{t} &= o_{t} \odot \tanh\left(c_{t}\right)",
    ],
    "lstm-peephole": [
        r"f_{t} &= \sigma\left(W^{f,h} h_{t-1} + W^{f,x} x_{t} + w_{fc} \odot c_{t-1} + b_{f}\right)",
        r"i_{t} &= \sigma\left(W^{i,h} h_{t-1} + W^{i,x} x_{t} + w_{ic} \odot c_{t-1} + b_{i}\right)",
        r"c_{t} &= f_{t} \odot c_{t-1} + i_{t} \odot \tanh\left(W^{c,h} h_{t-1} + W^{c,x} x_{t} + b_{c}\right)",
        r"o_{t} &= \sigma\left(W^{o,h} h_{t-1} + W^{o,x} x_{t} + w_{oc} \odot c_{t} + b_{o}\right)",
        r"h_{t} &= o_{t} \odot \tanh\left(c_{t}\right)",
    ],
}


@pytest.mark.parametrize("name", sorted(LATEX))
def test_every_cell_of_the_catalogue_prints_as_it_is_taught(name: str) -> None:
    assert catalogue()[name].latex.splitlines() == [
        r"\begin{aligned}",
        *(line + r" \\" for line in LATEX[name][:-1]),
        LATEX[name][-1],
        r"\end{aligned}",
    ]


def test_rich_text_has_the_same_signs_in_html() -> None:
    assert catalogue()["gated"].rich_text == (
        (
            "<i>g</i><sub>t</sub> = σ(<i>W</i><sup>g,s</sup> <i>s</i><sub>t−1</sub> + "
            "<i>W</i><sup>g,x</sup> <i>x</i><sub>t</sub> + <i>b</i><sub>g</sub>)"
        ),
        (
            "<i>s</i><sub>t</sub> = (1 − <i>g</i><sub>t</sub>) ⊙ <i>s</i><sub>t−1</sub> + <i>g</i><sub>t</sub> ⊙ "
            "tanh(<i>W</i><sup>s,s</sup> <i>s</i><sub>t−1</sub> + <i>W</i><sup>s,x</sup> <i>x</i><sub>t</sub> + "
            "<i>b</i><sub>s</sub>)"
        ),
    )


def right_side(expression: str, *, html: bool = False) -> str:
    cell = one_line(expression)
    if html:
        return cell.rich_text[0].split(" = ", 1)[1]
    return cell.latex.splitlines()[1].split("&= ")[1]


@pytest.mark.parametrize(
    ("expression", "latex"),
    [
        ("t * x", r"t \odot x_{t}"),
        ("W_hh.T @ h", r"\left(W^{h,h}\right)^{\top} h_{t-1}"),
        ("W.T @ h", r"W^{\top} h_{t-1}"),
        ("W_in_2 @ x", r"W^{in,2} x_{t}"),
        ("nu * h", r"\nu \odot h_{t-1}"),
        ("theta_h * h", r"\theta_{h} \odot h_{t-1}"),
        ("gain * h", r"\mathrm{gain} \odot h_{t-1}"),
        ("b_in_2 * h", r"b_{in,2} \odot h_{t-1}"),
        ("x / (h + 1)", r"\frac{x_{t}}{h_{t-1} + 1}"),
        ("2 * x", r"2 x_{t}"),
        ("x * 2", r"x_{t} \odot 2"),
        ("2 * (3 * x)", r"2 \odot 3 x_{t}"),
        ("0.00001 * x", r"10^{-5} x_{t}"),
        ("2.5e-7 * x", r"2.5 \cdot 10^{-7} x_{t}"),
        ("norm(x)", r"\operatorname{norm}\left(x_{t}\right)"),
        ("where(mod(t, p) <= 0, x, h)",
         r"\operatorname{where}\left(\operatorname{mod}\left(t, p\right) \le 0, x_{t}, h_{t-1}\right)"),
        ("x - (h - 1)", r"x_{t} - \left(h_{t-1} - 1\right)"),
        ("x + (h - 1)", r"x_{t} + h_{t-1} - 1"),
        ("x + -h", r"x_{t} + \left(-h_{t-1}\right)"),
        ("-(x + h)", r"-\left(x_{t} + h_{t-1}\right)"),
        ("(W @ h) * x", r"\left(W h_{t-1}\right) \odot x_{t}"),
        ("W @ (h * x)", r"W \left(h_{t-1} \odot x_{t}\right)"),
        ("W @ (V @ h)", r"W \left(V h_{t-1}\right)"),
        ("W @ tanh(h)", r"W \tanh\left(h_{t-1}\right)"),
        ("-(W @ h)", r"-W h_{t-1}"),
    ],
)  # fmt: skip
def test_names_numbers_and_brackets_print_in_the_notation_of_the_field(expression: str, latex: str) -> None:
    assert right_side(expression) == latex


def test_greek_names_are_letters_in_rich_text_too() -> None:
    assert right_side("exp(-nu) * h", html=True) == "exp(−<i>ν</i>) ⊙ <i>h</i><sub>t−1</sub>"


def test_a_value_made_of_parameters_alone_has_no_time() -> None:
    lines = catalogue()["lru"].latex.splitlines()
    assert lines[1] == r"\rho &= \exp\left(-\exp\left(\nu\right)\right) \\".replace(r"\exp", r"\operatorname{exp}")
    assert lines[6].startswith(r"u_{t} &= a \odot u_{t-1} - b \odot v_{t-1} + \gamma \odot")


def test_a_state_has_a_time_even_where_parameters_alone_make_it() -> None:
    cell = Cell.from_equations("c = 2 * k\nh = tanh(c + U @ x)", states=["h", "c"])
    assert cell.latex.splitlines()[1] == r"c_{t} &= 2 k \\"


def test_rich_text_has_no_sign_that_html_would_swallow() -> None:
    assert right_side("where(x < h, x, h)", html=True).count("<") == right_side("where(x > h, x, h)", html=True).count(
        "<"
    )
    assert "&lt;" in right_side("where(x < h, x, h)", html=True)


def test_a_state_is_marked_as_previous_until_its_line() -> None:
    cell = Cell.from_equations("a = c\nc = a * x\nh = c", states=["h", "c"])
    assert [line.split("&= ")[1].removesuffix(r" \\") for line in cell.latex.splitlines()[1:-1]] == [
        "c_{t-1}",
        r"a_{t} \odot x_{t}",
        "c_{t}",
    ]


def trees(leaves: tuple[str, ...]) -> Iterator[str]:
    """Every way to join the leaves by operators and brackets, each part perhaps negated or multiplied by a matrix."""
    if len(leaves) == 1:
        yield leaves[0]
    for cut in range(1, len(leaves)):
        for left, operator, right in product(trees(leaves[:cut]), "+-*/", trees(leaves[cut:])):
            yield f"({left} {operator} {right})"
    if len(leaves) == 2:
        for left, operator, right in product(leaves[:1], "+-*/", leaves[1:]):
            yield f"(-({left} {operator} {right}))"
            yield f"(W @ ({left} {operator} {right}))"


@pytest.mark.parametrize("html", [False, True], ids=["latex", "rich text"])
def test_two_expressions_that_print_alike_are_equal(html: bool) -> None:
    parameters = {
        "a": [2.0, 3.0],
        "b": [5.0, 7.0],
        "c": [11.0, 13.0],
        "d": [17.0, 19.0],
        "W": np.array([[1, 2], [3, 5]]),
    }
    values = defaultdict(set)
    for expression in (*trees(("a", "b", "c", "d")), *trees(("2", "b", "3")), *trees(("a", "2", "3"))):
        cell = one_line(expression)
        value = Oracle(cell, {name: parameters[name] for name in cell.parameters}, X, START).values["h"]
        values[right_side(expression, html=html)].add(tuple(value.ravel().round(9)))
    assert {text for text, found in values.items() if len(found) > 1} == set()
    assert len(values) > 400


X, START = np.zeros((1, 1, 2)), {"h": np.zeros((1, 2))}


def test_one_name_can_be_typeset_alone() -> None:
    cell = catalogue()["lstm"]

    assert cell.rich_text_name("W_fh") == "<i>W</i><sup>f,h</sup>"
    assert cell.rich_text_name("b_f") == "<i>b</i><sub>f</sub>"
    assert cell.rich_text_name("c") == "<i>c</i><sub>t</sub>"


@pytest.mark.parametrize(
    ("name", "latex"), [("W_fh", "W^{f,h}"), ("b_f", "b_{f}"), ("c", "c_{t}"), ("f", "f_{t}"), ("h", "h_{t}")]
)
def test_one_name_is_said_as_in_the_equations_after_its_line(name: str, latex: str) -> None:
    assert catalogue()["lstm"].latex_name(name) == latex
