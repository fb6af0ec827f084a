"""What is learned: one file a task; a new file here is a new task."""

from workbench.tasks.base import (
    END,
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
    Use,
    at_length,
)
from workbench.tasks.discovery import describe_task, describe_tasks, parse_task, task_class, task_types

__all__ = [
    "END",
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
    "Use",
    "at_length",
    "describe_task",
    "describe_tasks",
    "parse_task",
    "task_class",
    "task_types",
]
