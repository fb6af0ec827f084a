"""What is learned: one file a task; a new file here is a new task."""

from workbench.tasks.base import (
    Baseline,
    Batch,
    Example,
    Loss,
    Predict,
    Reading,
    Reads,
    Real,
    Symbols,
    Task,
    TaskError,
    TaskSettings,
)
from workbench.tasks.discovery import describe_task, describe_tasks, parse_task, task_types

__all__ = [
    "Baseline",
    "Batch",
    "Example",
    "Loss",
    "Predict",
    "Reading",
    "Reads",
    "Real",
    "Symbols",
    "Task",
    "TaskError",
    "TaskSettings",
    "describe_task",
    "describe_tasks",
    "parse_task",
    "task_types",
]
