"""The one ancestor of every error this program raises on purpose."""


class WorkbenchError(Exception):
    """Something a person can put right; its text is the sentence they read: what, where, what to do."""
