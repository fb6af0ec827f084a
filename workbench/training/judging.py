"""Judging a network on held-out data: its loss, the task's metrics, sequences of other lengths, running freely."""

from dataclasses import dataclass

from workbench.backends.quiet import quiet
from workbench.tasks import Batch, Task, at_length
from workbench.training.encoder_decoder import EncoderDecoder
from workbench.training.evaluation import Evaluation
from workbench.training.learning import Learner
from workbench.training.network import Network


@dataclass(frozen=True)
class Validation:
    """The mean loss over the held-out sequences, and the task's metrics on them."""

    loss: float
    metrics: dict[str, float]


def judge(learner: Learner, network: Network | EncoderDecoder, task: Task, *, together: int) -> Validation:
    """Return what the held-out data say, ``together`` sequences at once."""
    batch = task.validation()
    evaluation = learner.evaluate(batch, together)
    metrics = _metrics(task, evaluation, batch)
    for length, other in task.by_length().items():
        found = _metrics(task, learner.evaluate(other, together), other)
        metrics[at_length(task.metric, length)] = found[task.metric]
    if isinstance(network, Network):
        with quiet(network.backend.xp):
            metrics |= task.free_running(network.step)
    return Validation(evaluation.loss, metrics)


def _metrics(task: Task, evaluation: Evaluation, batch: Batch) -> dict[str, float]:
    metrics = task.metrics(evaluation.outputs, batch)
    return metrics if evaluation.written is None else metrics | task.judge_written(evaluation.written, batch)
