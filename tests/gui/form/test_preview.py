"""Examples of tasks as a few words, in the tasks' own terms."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from workbench.gui.form.form import NARROWEST
from workbench.gui.form.preview import example_text, is_picture, shades
from workbench.gui.form.scroll import MARGIN
from workbench.tasks import Example, parse_task, task_types


@pytest.mark.parametrize(
    ("example", "text"),
    [
        (Example("0.22 [0.29] ...", "0.47", "0.29 at step 12 + 0.18 at step 61"),
         "0.29 at step 12 + 0.18 at step 61 → <b>0.47</b>"),
        (Example("i like <it>", "positive"), "i like &lt;it&gt; → <b>positive</b>"),
        (Example("abc" + "·" * 20 + "!", "·" * 20 + "abc"), "abc ···… ! → <b>···… abc</b>"),
        (Example("0110000000", "0100000000"), "0110000000 → <b>0100000000</b>"),
        (Example("((((((()", "))"), "((((((() → <b>))</b>"),
        (Example("hello worl", "ello world"), "hello worl → <b>d</b>"),
        (Example("hello", "ello "), "hello → <b>␣</b>"),
    ],
)  # fmt: skip
def test_an_example_in_words(example: Example, text: str) -> None:
    assert example_text(example) == text


@pytest.mark.parametrize("name", task_types())
def test_examples_of_every_task_are_short(name: str) -> None:
    for example in parse_task({"name": name}).build(0).preview(8):
        assert len(example_text(example).replace("\u200b", "")) < 160
        assert "<b></b>" not in example_text(example)


def test_a_picture_in_characters_becomes_shades() -> None:
    assert is_picture(Example(" @\n.", "1"))
    assert shades(" @\n.") == [[0, 1], [1 / 8, 0]]


def test_a_long_row_of_bits_may_end_a_line_anywhere() -> None:
    bits = "01101001" * 6
    text = example_text(Example(bits, "1"))
    assert text.replace("\u200b", "") == f"{bits} → <b>1</b>"
    assert max(map(len, text.replace("\u200b", " ").split())) <= 8


@pytest.mark.parametrize("name", task_types())
def test_no_example_makes_the_form_wider(name: str, dressed: QApplication, qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    label.setWordWrap(True)
    for example in parse_task({"name": name}).build(0).preview(8) if name != "series" else ():
        label.setText(example_text(example))
        assert label.minimumSizeHint().width() < NARROWEST - 2 * MARGIN
