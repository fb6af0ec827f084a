"""Trains an experiment, given as JSON, and keeps nothing: what recording is measured against."""

import sys

from workbench.lab.building import build_trainer, prepare
from workbench.lab.experiment import Experiment


def main() -> None:
    """Train and validate as a worker does."""
    experiment = Experiment.from_json(sys.argv[1])
    setup = prepare(experiment)
    setup.task.baselines()
    trainer = build_trainer(setup)
    for step in range(experiment.steps):
        trainer.train_step()
        if (step + 1) % experiment.validate_every == 0:
            trainer.validate()


if __name__ == "__main__":
    main()
