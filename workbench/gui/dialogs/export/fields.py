"""The fields of a figure's options, with what a run offers as their choices."""

from typing import Any

from workbench.figures.choices import Choices
from workbench.figures.options import Options
from workbench.figures.style import FONT_SIZES, RESOLUTION, RESOLUTIONS, STYLES
from workbench.gui.form.fields import FormField, form_field
from workbench.gui.format import steps

LEFT_OUT = ""
"""The choice that leaves an option out: the figure's own default."""
_DEFAULT_WORDS = {"steps": "Last", "layers": "All", "metrics": "Main", "values": "First state", "matrices": "First"}


def option_fields(model: type[Options], choices: Choices) -> tuple[FormField, ...]:
    """Return the fields of a kind's options."""
    return tuple(_option_field(name, model, choices) for name in model.model_fields)


def choice_words(model: type[Options], name: str, choice: Any) -> str:
    """Return how one choice of an option is called."""
    source = _source(model, name)
    if choice == LEFT_OUT:
        return _DEFAULT_WORDS[source]
    return steps(choice) if source == "steps" else str(choice)


def offers(model: type[Options], name: str) -> bool:
    """Tell whether the run says what an option can be."""
    return bool(_source(model, name))


STYLE_FIELD = FormField(
    "style", "Size", "How wide the figure is on paper.", "Page", "choice", "column", choices=tuple(STYLES)
)
FONT_FIELD = FormField(
    "font_size",
    "Font size",
    "Of all texts; left empty, what suits the size.",
    "Page",
    "number",
    "",
    unit="pt",
    bounds={"ge": FONT_SIZES[0], "le": FONT_SIZES[1]},
)
TITLE_FIELD = FormField("title", "Title", "Above the figure.", "Page", "text", "")
CAPTION_FIELD = FormField("caption", "Caption", "Below the figure.", "Page", "text", "")

RESOLUTION_FIELD = FormField(
    "dpi",
    "Resolution",
    "Dots per inch of a PNG, and of what is copied; PDF and SVG are sharp at any size.",
    "Page",
    "whole",
    RESOLUTION,
    unit="dpi",
    bounds={"ge": RESOLUTIONS[0], "le": RESOLUTIONS[1]},
)


def _option_field(name: str, model: type[Options], choices: Choices) -> FormField:
    field = form_field(name, model.model_fields[name])
    source = _source(model, name)
    if not source:
        return field
    offered: tuple[Any, ...] = getattr(choices, source)
    if field.default in (None, ""):
        offered = (LEFT_OUT, *offered)
    return FormField(name, field.title, field.description, field.group, "choice", field.default, choices=offered)


def _source(model: type[Options], name: str) -> str:
    extra = model.model_fields[name].json_schema_extra
    return str(extra.get("choices", "")) if isinstance(extra, dict) else ""
