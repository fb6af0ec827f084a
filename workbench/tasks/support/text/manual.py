"""Python's own reference texts: English that stands on every machine with Python."""

from hashlib import sha256
from importlib import import_module

from workbench.tasks.base import TaskError


def manual_text() -> tuple[str, str]:
    """Return the text of ``pydoc_data.topics`` and its SHA-256; both differ between Python versions.

    Many topics repeat paragraphs of others. Each paragraph is kept once, so that what is held out was not
    read in training. Raises TaskError where Python comes without these texts.
    """
    try:
        topics: dict[str, str] = import_module("pydoc_data.topics").topics
    except ImportError as error:
        raise TaskError(
            "This Python comes without its reference texts (pydoc_data). Set task.path to a text file."
        ) from error
    paragraphs = dict.fromkeys(part for topic in topics.values() for part in topic.strip().split("\n\n"))
    text = "\n\n".join(paragraphs)
    return text, sha256(text.encode()).hexdigest()
