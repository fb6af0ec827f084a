"""The tools of the loss panel: what is drawn, on which scales, how smooth, and whether the newest is followed."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout

from workbench.gui.panels import quantities
from workbench.gui.panels.tools import Choice, MenuChoice, divider, word
from workbench.tasks import Task

SMOOTHINGS = (0, 5, 25, 100, 500)
_SCALES = {
    "log": ("log", "Draw powers of ten at equal distances; numbers that are not above 0 become gaps."),
    "linear": ("linear", "Draw equal differences at equal distances."),
}
_ACROSS = {
    "step": ("step", "Draw over training steps."),
    "time": ("time", "Draw over the time spent training."),
    "samples": ("samples", "Draw over the sequences learned from: steps times batch."),
}


class LossTools(QObject):
    """The tools and what they are set to."""

    changed = Signal()
    """A person set something else."""
    follow_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._task: type[Task] | None = None
        self._scales: dict[str, str] = {}
        self.quantity = MenuChoice("Quantity", "Choose what is drawn.", lambda text: text)
        self.scale = Choice(_SCALES, "log")
        self.across = Choice(_ACROSS, "step")
        self.smoothing = MenuChoice(
            "Smoothing",
            "Choose over how many steps the strong curve takes its mean; the faint one has every step.",
            lambda text: f"smooth {text.split()[0]}",
        )
        self.follow = word("follow", "Show the newest steps as they come; so does a double click.", checkable=True)
        self.follow.setChecked(True)
        self.quantity.offer([(quantities.LOSS, quantities.title(quantities.LOSS))], quantities.LOSS)
        self.smoothing.offer([(str(width), _smoothing_text(width)) for width in SMOOTHINGS], "25")
        self.quantity.changed.connect(self._take_quantity)
        self.scale.changed.connect(self._take_scale)
        self.across.changed.connect(self.changed)
        self.smoothing.changed.connect(self.changed)
        self.follow.clicked.connect(self._press_follow)

    def add_to(self, layout: QHBoxLayout) -> None:
        """Put the tools side by side."""
        layout.addWidget(self.quantity.button)
        layout.addWidget(divider())
        self.scale.add_to(layout)
        layout.addWidget(divider())
        self.across.add_to(layout)
        layout.addWidget(divider())
        layout.addWidget(self.smoothing.button)
        layout.addWidget(self.follow)

    @property
    def log(self) -> bool:
        """Whether powers of ten are drawn at equal distances."""
        return self.scale.value == "log"

    def suit(self, task: type[Task] | None) -> None:
        """Suit the task of the run looked at: its metrics have scales of their own."""
        if task is not self._task:
            self._task = task
            self._set_scale()

    def offer(self, names: Sequence[str]) -> bool:
        """Offer what can be drawn; return whether what was chosen is among it, else the loss is chosen instead."""
        chosen = self.quantity.value
        there = chosen in names or len(names) < 2  # before the first numbers nobody knows what will come
        offered = dict.fromkeys((*names, chosen) if there else names)
        entries = [(name, quantities.title(name)) for name in offered]
        self.quantity.offer(entries, chosen if there else quantities.LOSS)
        if not there:
            self._take_quantity(quantities.LOSS)
        return there

    def settings(self) -> dict[str, Any]:
        """Return what the tools are set to, as JSON's types."""
        return {
            "quantity": self.quantity.value,
            "scales": dict(self._scales),
            "across": self.across.value,
            "smoothing": int(self.smoothing.value),
        }

    def restore(self, settings: Mapping[str, Any]) -> None:
        """Set the tools; what is not understood is left as it is."""
        quantity, scales = settings.get("quantity"), settings.get("scales")
        if isinstance(quantity, str) and quantity:
            self.quantity.offer([(quantity, quantities.title(quantity))], quantity)
        if isinstance(scales, Mapping):
            self._scales = {str(name): str(scale) for name, scale in scales.items() if scale in _SCALES}
        self.across.set(str(settings.get("across")))
        self.smoothing.set(str(settings.get("smoothing")))
        self._set_scale()
        self.changed.emit()

    def _take_quantity(self, _: str) -> None:
        self._set_scale()
        self.changed.emit()

    def _take_scale(self, scale: str) -> None:
        self._scales[self.quantity.value] = scale
        self.changed.emit()

    def _set_scale(self) -> None:
        """Choose the scale on which a person last saw this quantity, else its natural one."""
        name = self.quantity.value
        self.scale.set(self._scales.get(name, quantities.natural_scale(name, self._task)))

    def _press_follow(self) -> None:
        self.follow.setChecked(True)  # pressed again it still follows: dragging the plot is what ends that
        self.follow_pressed.emit()


def _smoothing_text(width: int) -> str:
    return f"{width} steps" if width else "off"
