"""A process that trains a whole experiment with one library when asked: ``seconds`` a step."""

import sys
from collections.abc import Callable

from benchmarks.answering import answer, seconds_each
from workbench.lab.building import build_trainer, prepare
from workbench.lab.experiment import Experiment

Step = Callable[[], object]


def own_step(experiment: Experiment) -> Step:
    """Our own training step, with the backend that the experiment names."""
    return build_trainer(prepare(experiment)).train_step


def torch_step(experiment: Experiment) -> Step:
    """The same with torch: adding problem, mean squared error, clip to norm 1, Adam."""
    import torch

    torch.manual_seed(0)
    kind = {"elman": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[experiment.cell_name]
    layer, readout = kind(2, experiment.hidden), torch.nn.Linear(experiment.hidden, 1)
    parameters = [*layer.parameters(), *readout.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=experiment.learning_rate)
    length = experiment.task.model_dump()["length"]

    def step() -> None:
        x = torch.rand(length, experiment.batch, 2)
        target = x[:2, :, :1].sum(0)
        optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.mse_loss(readout(layer(x)[0][-1]), target)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, experiment.clip_norm)
        optimizer.step()
        loss.item()

    return step


LIBRARIES: dict[str, Callable[[Experiment], Step]] = {"ours": own_step, "torch": torch_step}


def main() -> None:
    """Train with the library named first an experiment given as JSON."""
    library, experiment = sys.argv[1:]
    step = LIBRARIES[library](Experiment.from_json(experiment))
    answer({"seconds": seconds_each(step)})


if __name__ == "__main__":
    main()
