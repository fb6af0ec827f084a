"""What all tasks with an encoder and a decoder share: a source is read, then an answer is written."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import END, Batch, Example, Reading, Symbols, Task
from workbench.tasks.support.metrics import accuracy, cross_entropy

END_NAME = "∎"
UNENDED = "…"


class Answers(Task):
    """Sources of symbols 0, 1, ... and answers of classes 1, 2, ..., each ended by class END."""

    inputs: Symbols
    output_names: tuple[str, ...]
    loss = "cross-entropy"
    reads = "decoder"
    metric = "exact match"
    better = "higher"

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return the accuracy and the cross-entropy of a symbol, each written after true ones."""
        due = valid_of(batch)
        logits, targets = outputs[due], batch.targets[due]
        return {"symbol accuracy": accuracy(logits, targets), "cross-entropy": cross_entropy(logits, targets)}

    def judge_written(self, written: NDArray[np.int64], batch: Batch) -> dict[str, float]:
        """Return the share of answers that are right from the first symbol to END."""
        return {"exact match": float(exact(written, batch.targets).mean())}

    def describe(self, batch: Batch, own: int) -> Example:
        """Return a source and its answer as texts."""
        length = batch.inputs.shape[0] if batch.lengths is None else int(batch.lengths[own])
        return Example(self.print_source(batch.inputs[:length, own]), self.print_answer(batch.targets[:, own]))

    def describe_output(self, outputs: NDArray[Any]) -> str:
        """Return the most likely symbols up to END."""
        return self.print_answer(outputs.argmax(axis=-1))

    def is_correct(self, outputs: NDArray[Any], target: NDArray[Any]) -> bool:
        """Return whether each symbol up to END is the most likely one after the true ones."""
        due = len(before_end(target)) + 1
        return bool((outputs[:due].argmax(axis=-1) == target[:due]).all())

    def reading_written(self, example: Example, written: NDArray[np.int64], target: NDArray[np.int64]) -> Reading:
        """Return what a decoder wrote beside the target; it is correct as a whole or not at all."""
        correct = bool(exact(written[:, None], target[:, None])[0])
        return Reading(example.inputs, example.target, self.print_answer(written), correct, example.note)

    def print_source(self, symbols: NDArray[Any]) -> str:
        """Return a source, without its padding, as a person reads it."""
        return "".join(self.inputs.names[symbol] for symbol in symbols)

    def print_answer(self, symbols: NDArray[Any]) -> str:
        """Return the text of classes up to END: ∎ where there are none, with … where none of them is END."""
        text = self.join_answer(tuple(self.output_names[symbol] for symbol in before_end(symbols)))
        return (text or END_NAME) if END in symbols else text + UNENDED

    def join_answer(self, names: tuple[str, ...]) -> str:
        """Return the text that the names of an answer's symbols make."""
        return "".join(names)


def valid_of(batch: Batch) -> NDArray[np.bool_]:
    """Return which targets (U, B) count: all of them where the batch does not say."""
    return np.ones(batch.targets.shape, dtype=np.bool_) if batch.valid is None else batch.valid


def valid_up_to_end(targets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return (U, B), True up to and including the first END of each column."""
    ended = np.logical_or.accumulate(targets == END, axis=0)
    valid = np.ones_like(ended)
    np.logical_not(ended[:-1], out=valid[1:])
    return valid


def before_end(symbols: NDArray[Any]) -> NDArray[Any]:
    """Return the symbols of one answer before its first END."""
    ends = np.flatnonzero(symbols == END)
    return symbols[: ends[0]] if len(ends) else symbols


def exact(written: NDArray[np.int64], targets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return (B,): whether what was written (W, B) equals the targets (U, B), both padded with END."""
    shared = min(len(written), len(targets))
    same: NDArray[np.bool_] = (written[:shared] == targets[:shared]).all(axis=0)
    nothing_else: NDArray[np.bool_] = (written[shared:] == END).all(axis=0) & (targets[shared:] == END).all(axis=0)
    return same & nothing_else
