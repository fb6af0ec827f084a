"""What is said of a training that diverged: where it broke down, and what to try."""

from workbench.training.errors import DIVERGED


def advice(what: str, *, step: int, gradient_norm: float, learning_rate: float, clips_norm: bool) -> str:
    """Return a sentence on ``what`` is not finite after ``step`` good steps, the last of the given gradient norm."""
    last = (
        f"The last finite gradient norm was {_plain(gradient_norm)}"
        if step
        else "It was the first step: the cell itself may give such values (rnn-workbench check tells)"
    )
    clipping = "lower the clip norm" if clips_norm else "set the clip norm (1 is a common choice)"
    return (
        f"{DIVERGED} at step {step + 1}: {what}. {last}. "
        f"Lower the learning rate (now {_plain(learning_rate)}), or {clipping}."
    )


def _plain(number: float) -> str:
    """Return three digits that count, with a power of ten only where a person would write one."""
    rounded = float(f"{number:.3g}")
    if rounded == 0 or 1e-6 <= abs(rounded) < 1e6:
        return f"{rounded:.8f}".rstrip("0").rstrip(".")
    return f"{rounded:g}"
