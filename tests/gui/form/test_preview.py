"""Examples of tasks as a few words, in the tasks' own terms."""

import pytest

from workbench.gui.form.preview import example_text, is_picture, shades
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
        assert len(example_text(example)) < 160
        assert "<b></b>" not in example_text(example)


def test_a_picture_in_characters_becomes_shades() -> None:
    assert is_picture(Example(" @\n.", "1"))
    assert shades(" @\n.") == [[0, 1], [1 / 8, 0]]
