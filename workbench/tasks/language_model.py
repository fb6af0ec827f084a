"""Language modelling: the next character or word of a text, read as streams with carried states."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from math import log
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import Baseline, Batch, Example, Predict, Reading, Symbols, Task, TaskError, TaskSettings
from workbench.tasks.support.files.reading import Encoding, FileHash, TextPieces, UserPath, refuse_other_file
from workbench.tasks.support.metrics import accuracy, cross_entropy
from workbench.tasks.support.randomness import generator
from workbench.tasks.support.text.corpus import Corpus, Level, read_corpus
from workbench.tasks.support.text.manual import manual_text
from workbench.tasks.support.text.ngrams import ngram_probabilities
from workbench.tasks.support.text.sampling import write_symbols

State = TypeVar("State")

HELD_OUT_SEQUENCES = 128
WRITTEN = {"characters": 50, "words": 12}
"""Symbols of each text written at once."""
TEMPERATURE = 0.8
ORDERS = {1: "unigram", 2: "bigram", 5: "5-gram"}
COUNTED = 1_000_000
"""Training symbols the n-grams count at most: those nearest to the held-out text."""


class LanguageModelSettings(TaskSettings):
    """Which text, read as characters or words, in what pieces."""

    title: ClassVar[str] = "Language model"
    about: ClassVar[str] = "Predict the next character or word of a text."
    use = "Text"

    name: Literal["language-model"] = "language-model"
    path: UserPath = Field(
        "",
        title="Text file",
        description="A text of your own, of up to 1 GiB; empty for Python's English reference texts.",
        json_schema_extra={"format": "file-path"},
    )
    encoding: Encoding = Field("utf-8", title="Encoding", description="How the file's characters are written.")
    level: Level = Field(
        "character", title="Symbols", description="What is read and predicted at each step: a character or a word."
    )
    length: int = Field(
        100,
        title="Length",
        description="Characters or words of a stream in one training step; the states carry over to the next.",
        json_schema_extra={"unit": "steps"},
        ge=4,
        le=10_000,
    )
    vocabulary: int = Field(
        2000,
        title="Vocabulary",
        description="At most this many symbols; characters or words beyond the most frequent become one symbol.",
        json_schema_extra={"unit": "symbols"},
        ge=3,
        le=50_000,
    )
    held_out: float = Field(
        0.1,
        title="Held out",
        description="Share of the text that is held out, at its end; 500,000 symbols at most.",
        ge=0.01,
        le=0.5,
    )
    sha256: FileHash = Field(
        "",
        title="File's hash",
        description="The SHA-256 that the file must have; empty: the one it has when a run starts.",
    )

    def build(self, seed: int) -> "LanguageModel":
        """Return the task on this text; raises TaskError where the text is unfit or too short."""
        return LanguageModel(self, seed)


class LanguageModel(Task):
    """Inputs are characters or words; at every step the target is the one that follows."""

    inputs: Symbols
    loss = "cross-entropy"
    reads = "every"
    metric = "bits a character"
    better = "lower"
    version = 1
    predicts_next = True
    writes = 4
    source = "Carried states: Mikolov et al. 2010; by character: Sutskever, Martens & Hinton 2011"
    solved = "Never; below the 5-gram, the network uses more than the last four symbols."

    def __init__(self, settings: LanguageModelSettings, seed: int) -> None:
        self.settings = settings
        self.length = settings.length
        self._seed = seed
        self._unit = "characters" if settings.level == "character" else "words"
        corpus = self._corpus = self._read(settings)
        self._training, self._held_out_text, self.alphabet = corpus.training, corpus.held_out, corpus.alphabet
        if min(len(self._training), len(self._held_out_text)) <= self.length:
            raise TaskError(
                f"The text has {len(corpus):,} {self._unit}; length {self.length} needs at least "
                f"{(self.length + 1) / settings.held_out:,.0f}, for {settings.held_out:.0%} of them are held out. "
                "Lower task.length or give a longer text."
            )
        self.inputs = Symbols(self.alphabet.size, self.alphabet.names)
        self.outputs = self.alphabet.size
        self.output_names = self.inputs.names
        self._context = self.length // 4
        self.protocol = (
            f"{self._title}, {len(corpus):,} {self._unit}. The last {len(self._held_out_text):,} are held out. The "
            f"rest is cut into as many streams as a batch has columns; each step reads the next {self.length} "
            f"{self._unit} of all, states carried over, and each time the streams have been read the cuts shift. "
            f"Validation reads up to {HELD_OUT_SEQUENCES} sequences of {self.length} from zero states; their first "
            f"{self._context} {self._unit} only give context and do not count. {self.outputs:,} symbols, one of "
            f"them for {self._unit} unknown from training.{self._conversion()}"
        )

    def _read(self, settings: LanguageModelSettings) -> Corpus:
        if settings.path:
            self._title = Path(settings.path).name
            pieces = TextPieces(settings.path, settings.encoding)
            corpus = read_corpus(pieces, settings.level, settings.vocabulary, settings.held_out)
            self._hash = pieces.sha256
            refuse_other_file(settings.path, settings.sha256, self._hash)
            return corpus
        self._title = "Python's reference texts, each paragraph once"
        text, self._hash = manual_text()
        return read_corpus((text,), settings.level, settings.vocabulary, settings.held_out)

    def _conversion(self) -> str:
        if self._unit == "characters":
            return ""
        return (
            f" Words are in lower case; bits a word become bits a character by the {self._corpus.characters:.3f} "
            "characters, spaces among them, that a held-out word has on average. An unknown word is only predicted to "
            "be unknown, not spelled: a small vocabulary scores better than it is."
        )

    def training_batch(self, step: int, batch: int) -> Batch:
        """Return the next piece of each stream; TaskError if the text is too short for such a batch."""
        stream = len(self._training) // batch
        pieces, spare = divmod(stream - 1, self.length)
        if pieces < 1:
            raise TaskError(
                f"The text has {len(self._training):,} {self._unit} to train on; batch {batch} with length "
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

    def _cut(self, text: NDArray[np.unsignedinteger[Any]], starts: NDArray[np.int64], continues: bool) -> Batch:
        places = starts + np.arange(self.length + 1)[:, None]
        symbols = text[places].astype(np.int64)
        return Batch(symbols[:-1], symbols[1:], continues=continues)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return what counting alone reaches on the very symbols that validation counts."""
        return self._baselines

    @cached_property
    def _baselines(self) -> tuple[Baseline, ...]:
        return (*self.simple_baselines(), *self._ngrams())

    def simple_baselines(self) -> tuple[Baseline, ...]:
        """Return the score of an even guess."""
        return (self._baseline("uniform", log(self.outputs), f"ln {self.outputs}", "every symbol equally likely"),)

    def _ngrams(self) -> list[Baseline]:
        known = self._training[-COUNTED:]
        symbols = np.concatenate([known, self._held_out_text])
        first = self._context + 1
        due = (self._held_out_starts + np.arange(first, self.length + 1)[:, None]).ravel()
        return [
            self._baseline(
                ORDERS[n],
                float(-np.log(probability[due]).mean()),
                f"interpolated {n}-gram, Witten-Bell, counted on {len(known):,} training {self._unit}",
                "Witten & Bell 1991; Chen & Goodman 1999",
            )
            for n, probability in enumerate(
                ngram_probabilities(symbols, len(known), self.outputs, max(ORDERS)), start=1
            )
            if n in ORDERS
        ]

    def _baseline(self, name: str, nats: float, formula: str, source: str) -> Baseline:
        return Baseline(name, nats, self._bits(nats), formula, source)

    def _bits(self, nats: float) -> float:
        """Return the bits a character that nats a symbol are."""
        return nats / log(2) / self._corpus.characters

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return bits a character, perplexity and accuracy over the symbols that count."""
        counts = np.ones(batch.targets.shape, dtype=np.bool_) if batch.valid is None else batch.valid
        logits, targets = outputs[counts], batch.targets[counts]
        nats = cross_entropy(logits, targets)
        return {
            "bits a character": self._bits(nats),
            "perplexity" if self._unit == "characters" else "perplexity a word": float(np.exp(nats)),
            "accuracy": accuracy(logits, targets),
        }

    def describe(self, batch: Batch, own: int) -> Example:
        """Return a piece of text and the same one symbol later, line ends visible."""
        return Example(self._print(batch.inputs[:, own]), self._print(batch.targets[:, own]))

    def describe_output(self, outputs: NDArray[Any]) -> str:
        """Return the most likely symbol at each step."""
        return self._print(outputs.argmax(axis=-1))

    def reading(self, example: Example, outputs: NDArray[Any], target: NDArray[Any]) -> Reading:
        """Return the text beside the most likely symbol at each step, and how often that was right."""
        note = f"{accuracy(outputs, target):.0%} of the {self._unit} right"
        return replace(super().reading(example, outputs, target), note=note)

    def _print(self, symbols: NDArray[Any]) -> str:
        return self.alphabet.decode(symbols).replace("\n", "⏎")

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
        """Return ``count`` characters or words that the network writes after a prompt (a line end if it is empty).

        ``predict(symbol, state)`` returns the logits of the next symbol and the new state. Raises
        TaskError for a negative temperature and for logits that are not finite.
        """

        def predict_one(symbols: NDArray[Any], state: State) -> tuple[NDArray[Any], State]:
            logits, state = predict(int(symbols[0]), state)
            return logits[None], state

        random = generator(seed, "language-model/sample")
        start = self.alphabet.encode(prompt or "\n")
        return self.alphabet.decode(write_symbols(predict_one, state, start, count, temperature, random)[:, 0])

    def write(self, predict: Predict, step: int) -> str:
        """Return the beginnings of a few lines; written side by side, they cost a quarter."""
        random = generator(self._seed, "language-model/write", step)
        start = self.alphabet.encode("\n")
        symbols = write_symbols(predict, None, start, WRITTEN[self._unit], TEMPERATURE, random, texts=self.writes)
        return "\n".join(self.alphabet.decode(symbols[:, own]) for own in range(self.writes))

    def data_hashes(self) -> dict[str, str]:
        """Return the hash of the text."""
        return {"text": self._hash}
