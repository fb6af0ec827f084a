"""Language modelling: the next character of a text, read as streams with carried states."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from math import log
from typing import Any, ClassVar, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import Baseline, Batch, Example, Predict, Reading, Symbols, Task, TaskError, TaskSettings
from workbench.tasks.support.characters import Characters
from workbench.tasks.support.files import UserPath, read_text
from workbench.tasks.support.manual import manual_text
from workbench.tasks.support.metrics import accuracy, cross_entropy
from workbench.tasks.support.ngrams import ngram_probabilities
from workbench.tasks.support.randomness import generator
from workbench.tasks.support.sampling import write_symbols

State = TypeVar("State")

HELD_OUT_SHARE = 0.1
HELD_OUT_MOST = 500_000
HELD_OUT_SEQUENCES = 128
WRITTEN = 50
"""Characters of each text written at once."""
TEMPERATURE = 0.8
ORDERS = {1: "unigram", 2: "bigram", 5: "5-gram"}
COUNTED = 1_000_000
"""Training characters the n-grams count at most: those nearest to the held-out text."""


class LanguageModelSettings(TaskSettings):
    """Which text, in what pieces."""

    title: ClassVar[str] = "Language model"
    about: ClassVar[str] = "Predict the next character of a text."
    use = "Text"

    name: Literal["language-model"] = "language-model"
    path: UserPath = Field(
        "",
        title="Text file",
        description="A UTF-8 text of your own, at most 200 MB; empty for Python's English reference texts.",
        json_schema_extra={"format": "file-path"},
    )
    length: int = Field(
        100,
        title="Length",
        description="Characters of a stream in one training step; the states carry over to the next.",
        json_schema_extra={"unit": "characters"},
        ge=4,
        le=10_000,
    )
    vocabulary: int = Field(
        256,
        title="Vocabulary",
        description="At most this many symbols; characters beyond the most frequent become one symbol.",
        json_schema_extra={"unit": "symbols"},
        ge=3,
        le=10_000,
    )

    def build(self, seed: int) -> "LanguageModel":
        """Return the task on this text; raises TaskError where the text is unfit or too short."""
        return LanguageModel(self, seed)


class LanguageModel(Task):
    """Inputs are characters; at every step the target is the character that follows."""

    inputs: Symbols
    loss = "cross-entropy"
    reads = "every"
    metric = "bits a character"
    better = "lower"
    version = 1
    predicts_next = True
    writes = 4
    source = "Carried states: Mikolov et al. 2010; by character: Sutskever, Martens & Hinton 2011"
    solved = "Never; below the 5-gram, the network uses more than the last four characters."

    def __init__(self, settings: LanguageModelSettings, seed: int) -> None:
        self.settings = settings
        self.length = settings.length
        self._seed = seed
        text = self._read(settings)
        kept = len(text) - min(int(len(text) * HELD_OUT_SHARE), HELD_OUT_MOST)
        if min(kept, len(text) - kept) <= self.length:
            raise TaskError(
                f"The text has {len(text):,} characters; length {self.length} needs at least "
                f"{(self.length + 1) / HELD_OUT_SHARE:,.0f}, for a tenth is held out. "
                "Lower task.length or give a longer text."
            )
        self.characters = Characters.of(text[:kept], settings.vocabulary)
        symbols = self.characters.encode(text)
        self._training, self._held_out_text = symbols[:kept], symbols[kept:]
        self.inputs = Symbols(self.characters.size, self.characters.names)
        self.outputs = self.characters.size
        self.output_names = self.inputs.names
        self._context = self.length // 4
        self.protocol = (
            f"{self._title}, {len(text):,} characters. The last {len(text) - kept:,} are held out. The rest is "
            f"cut into as many streams as a batch has columns; each step reads the next {self.length} characters "
            "of all, states carried over, and each time the streams have been read the cuts shift. Validation "
            f"reads up to {HELD_OUT_SEQUENCES} sequences of {self.length} from zero states; their first "
            f"{self._context} characters only give context and do not count. {self.outputs} symbols, one of "
            "them for characters unknown from training."
        )

    def _read(self, settings: LanguageModelSettings) -> str:
        if not settings.path:
            self._title = "Python's reference texts, each paragraph once"
            text, self._hash = manual_text()
            return text
        file = read_text(settings.path)
        self._title, self._hash = file.path.name, file.sha256
        return file.text

    def training_batch(self, step: int, batch: int) -> Batch:
        """Return the next piece of each stream; TaskError if the text is too short for such a batch."""
        stream = len(self._training) // batch
        pieces, spare = divmod(stream - 1, self.length)
        if pieces < 1:
            raise TaskError(
                f"The text has {len(self._training):,} characters to train on; batch {batch} with length "
                f"{self.length} needs {batch * (self.length + 1):,}. Lower batch or task.length, or give a "
                "longer text."
            )
        epoch, piece = divmod(step, pieces)
        shift = int(generator(self._seed, "language-model/shift", epoch).integers(spare + 1))
        starts = np.arange(batch) * stream + shift + piece * self.length
        return self._cut(self._training, starts, continues=piece > 0)

    def validation(self) -> Batch:
        """Return sequences evenly spaced over the held-out text."""
        return self._held_out

    @cached_property
    def _held_out(self) -> Batch:
        cut = self._cut(self._held_out_text, self._held_out_starts, continues=False)
        valid = np.ones(cut.targets.shape, dtype=np.bool_)
        valid[: self._context] = False
        return Batch(cut.inputs, cut.targets, valid=valid)

    @property
    def _held_out_starts(self) -> NDArray[np.int64]:
        last = len(self._held_out_text) - self.length - 1
        count = min(HELD_OUT_SEQUENCES, 1 + last // self.length)
        return np.linspace(0, last, count).astype(np.int64)

    def _cut(self, text: NDArray[np.uint16], starts: NDArray[np.int64], continues: bool) -> Batch:
        places = starts + np.arange(self.length + 1)[:, None]
        symbols = text[places].astype(np.int64)
        return Batch(symbols[:-1], symbols[1:], continues=continues)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return what counting alone reaches on the very characters that validation counts."""
        return self._baselines

    @cached_property
    def _baselines(self) -> tuple[Baseline, ...]:
        return (*self.simple_baselines(), *self._ngrams())

    def simple_baselines(self) -> tuple[Baseline, ...]:
        """Return the score of an even guess."""
        return (_baseline("uniform", log(self.outputs), f"ln {self.outputs}", "every symbol equally likely"),)

    def _ngrams(self) -> list[Baseline]:
        known = self._training[-COUNTED:]
        symbols = np.concatenate([known, self._held_out_text])
        first = self._context + 1
        due = (self._held_out_starts + np.arange(first, self.length + 1)[:, None]).ravel()
        return [
            _baseline(
                ORDERS[n],
                float(-np.log(probability[due]).mean()),
                f"interpolated {n}-gram, Witten-Bell, counted on {len(known):,} training characters",
                "Witten & Bell 1991; Chen & Goodman 1999",
            )
            for n, probability in enumerate(
                ngram_probabilities(symbols, len(known), self.outputs, max(ORDERS)), start=1
            )
            if n in ORDERS
        ]

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return bits a character, perplexity and accuracy over the characters that count."""
        counts = np.ones(batch.targets.shape, dtype=np.bool_) if batch.valid is None else batch.valid
        logits, targets = outputs[counts], batch.targets[counts]
        nats = cross_entropy(logits, targets)
        return {
            "bits a character": nats / log(2),
            "perplexity": float(np.exp(nats)),
            "accuracy": accuracy(logits, targets),
        }

    def describe(self, batch: Batch, own: int) -> Example:
        """Return a piece of text and the same one character later, line ends visible."""
        return Example(self._print(batch.inputs[:, own]), self._print(batch.targets[:, own]))

    def describe_output(self, outputs: NDArray[Any]) -> str:
        """Return the most likely character at each step."""
        return self._print(outputs.argmax(axis=-1))

    def reading(self, example: Example, outputs: NDArray[Any], target: NDArray[Any]) -> Reading:
        """Return the text beside the most likely character at each step, and how often that was right."""
        note = f"{accuracy(outputs, target):.0%} of the characters right"
        return replace(super().reading(example, outputs, target), note=note)

    def _print(self, symbols: NDArray[Any]) -> str:
        return self.characters.decode(symbols).replace("\n", "⏎")

    def sample(
        self,
        predict: Callable[[int, State], tuple[NDArray[Any], State]],
        state: State,
        *,
        count: int = 400,
        temperature: float = TEMPERATURE,
        seed: int = 0,
        prompt: str = "",
    ) -> str:
        """Return ``count`` characters that the network writes after a prompt (a line end if it is empty).

        ``predict(symbol, state)`` returns the logits of the next character and the new state. Raises
        TaskError for a negative temperature and for logits that are not finite.
        """

        def predict_one(symbols: NDArray[Any], state: State) -> tuple[NDArray[Any], State]:
            logits, state = predict(int(symbols[0]), state)
            return logits[None], state

        random = generator(seed, "language-model/sample")
        start = self.characters.encode(prompt or "\n")
        return self.characters.decode(write_symbols(predict_one, state, start, count, temperature, random)[:, 0])

    def write(self, predict: Predict, step: int) -> str:
        """Return the beginnings of a few lines, 200 characters in all; written side by side, they cost a quarter."""
        random = generator(self._seed, "language-model/write", step)
        start = self.characters.encode("\n")
        symbols = write_symbols(predict, None, start, WRITTEN, TEMPERATURE, random, texts=self.writes)
        return "\n".join(self.characters.decode(symbols[:, own]) for own in range(self.writes))

    def data_hashes(self) -> dict[str, str]:
        """Return the hash of the text."""
        return {"text": self._hash}


def _baseline(name: str, nats: float, formula: str, source: str) -> Baseline:
    return Baseline(name, nats, nats / log(2), formula, source)
