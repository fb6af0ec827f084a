"""Trains with torch for the benchmark: a question in JSON a line, an answer in JSON a line."""

import json
import sys
from functools import cache
from importlib.util import find_spec
from typing import Any

from benchmarks.timing import rate


@cache
def _make_step(cell: str, hidden: int, batch: int, length: int) -> Any:
    """A training step as ours: adding problem, mean squared error, clip to norm 1, Adam."""
    import torch

    torch.manual_seed(0)
    kind = {"elman": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[cell]
    layer, readout = kind(2, hidden), torch.nn.Linear(hidden, 1)
    parameters = [*layer.parameters(), *readout.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=0.001)

    def step() -> None:
        x = torch.rand(length, batch, 2)
        target = x[:2, :, :1].sum(0)
        optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.mse_loss(readout(layer(x)[0][-1]), target)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        loss.item()

    step()
    return step


def main() -> None:
    """Answer until the questions end."""
    print(json.dumps({"torch": find_spec("torch") is not None}), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        seconds = question.pop("seconds")
        print(json.dumps({"rate": rate(_make_step(**question), seconds)}), flush=True)


if __name__ == "__main__":
    main()
