"""Handwritten digits read as a sequence: 64 pixels one by one, or 8 rows."""

from functools import cache, cached_property
from hashlib import sha256
from math import log
from typing import Any, ClassVar, Literal
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.resources import resource_path
from workbench.tasks.base import Baseline, Batch, Example, Real, Task, TaskError, TaskSettings
from workbench.tasks.support.logistic import Dense, fit_logistic
from workbench.tasks.support.metrics import accuracy, cross_entropy, most_likely
from workbench.tasks.support.randomness import Shuffled, generator

TRAINING = 1297
PIXELS, CLASSES, WHITEST = 64, 10, 16
SHADES = " .:-=+*#@"
DATA = ("data", "digits.npz")


class DigitsSettings(TaskSettings):
    """In what order the network sees an image."""

    title: ClassVar[str] = "Handwritten digits"
    about: ClassVar[str] = "Name the digit whose pixels arrive one after another."
    use = "Images"

    name: Literal["digits"] = "digits"
    order: Literal["row", "pixel"] = Field(
        "row",
        title="Order",
        description="What arrives at a step: a row of 8 pixels (8 steps) or one pixel (64 steps).",
    )
    permuted: bool = Field(
        False,
        title="Permuted",
        description="Shuffle the pixels of every image in one way, drawn from the seed.",
    )

    def build(self, seed: int) -> "Digits":
        """Return the task; the seed decides the order of training and the permutation."""
        return Digits(self, seed)


class Digits(Task):
    """Inputs are pixels from 0 to 1, read at the last step: one of ten digits."""

    loss = "cross-entropy"
    reads = "last"
    metric = "accuracy"
    better = "higher"
    version = 1
    source = (
        "Images: Alpaydin & Kaynak 1998, UCI optical digits, as in scikit-learn; pixel by pixel and "
        "permuted, on MNIST: Le, Jaitly & Hinton 2015"
    )
    solved = "At least 95 % of the held-out digits named."

    def __init__(self, settings: DigitsSettings, seed: int) -> None:
        self.settings = settings
        steps = 8 if settings.order == "row" else PIXELS
        self.inputs = Real(PIXELS // steps, _channels(PIXELS // steps))
        self.outputs = CLASSES
        self.output_names = tuple(map(str, range(CLASSES)))
        self.length = steps
        shuffled = "after one fixed shuffle of the pixels, " if settings.permuted else ""
        self.protocol = (
            f"1,797 images of 8x8 pixels, {shuffled}{steps} steps of {PIXELS // steps}. The first 1,297 in "
            "the file's order train, each once an epoch in a new order; the last 500 are held out. That is "
            "harder than a random split, which has more of the same handwriting on both sides."
        )
        images, self._labels = _load()
        self._pixels = images.reshape(-1, PIXELS) / WHITEST
        seen = generator(seed, "digits/permutation").permutation(PIXELS) if settings.permuted else slice(None)
        sequences = self._pixels[:, seen].reshape(-1, steps, PIXELS // steps)
        self._sequences = np.ascontiguousarray(sequences.transpose(1, 0, 2))
        self._order = Shuffled(seed, "digits/training", TRAINING)

    def training_batch(self, step: int, batch: int) -> Batch:
        """Return the images of this step in the epochs' shuffled order."""
        return self._take(self._order.indices(step, batch))

    def validation(self) -> Batch:
        """Return the last 500 images."""
        return self._held_out

    @cached_property
    def _held_out(self) -> Batch:
        return self._take(np.arange(TRAINING, len(self._labels)))

    def _take(self, images: NDArray[np.int64]) -> Batch:
        return Batch(self._sequences[:, images], self._labels[images])

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the scores of an even guess and of a linear model that sees the whole image at once."""
        return (*self.simple_baselines(), self._linear)

    def simple_baselines(self) -> tuple[Baseline, ...]:
        """Return the score of an even guess."""
        return (
            Baseline("even guess", log(CLASSES), 1 / CLASSES, "ln 10; accuracy 10 %", "ten classes, equally often"),
        )

    @cached_property
    def _linear(self) -> Baseline:
        model = fit_logistic(Dense(self._pixels[:TRAINING]), self._labels[:TRAINING], CLASSES)
        logits, truth = model.logits(Dense(self._pixels[TRAINING:])), self._labels[TRAINING:]
        return Baseline(
            "linear, all pixels at once",
            cross_entropy(logits, truth),
            accuracy(logits, truth),
            "softmax(W x + b), penalty |W|^2 / 2, fitted to the training images",
            "multinomial logistic regression, measured on the held-out images",
        )

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return accuracy and cross-entropy."""
        return {
            "accuracy": accuracy(outputs, batch.targets),
            "cross-entropy": cross_entropy(outputs, batch.targets),
        }

    def preview(self, count: int = 3) -> tuple[Example, ...]:
        """Return images drawn in eight lines of characters, as they were before any permutation."""
        return tuple(
            Example(_draw(self._pixels[image]), str(self._labels[image])) for image in self._order.indices(0, count)
        )

    def describe(self, batch: Batch, own: int) -> Example:
        """Return the digit alone: its pixels are not read as words."""
        return Example("", str(batch.targets[own]))

    def describe_output(self, outputs: NDArray[Any]) -> str:
        """Return the most likely digit and its probability."""
        digit, chance = most_likely(outputs)
        return f"{digit}, {chance:.2f}"

    def data_hashes(self) -> dict[str, str]:
        """Return the hash of the file of images."""
        return {"digits.npz": sha256(resource_path(*DATA).read_bytes()).hexdigest()}


@cache
def _load() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    path = resource_path(*DATA)
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return arrays["images"], arrays["labels"].astype(np.int64)
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        raise TaskError(f"The digits in {path} cannot be read ({error}). Install the workbench again.") from error


def _channels(size: int) -> tuple[str, ...]:
    return tuple(f"pixel {number}" for number in range(1, size + 1)) if size > 1 else ("pixel",)


def _draw(pixels: NDArray[np.float64]) -> str:
    shades = (pixels * (len(SHADES) - 1)).astype(int).reshape(8, 8)
    return "\n".join("".join(SHADES[shade] for shade in row) for row in shades)
