"""Cells as users type them, from papers and from mischief; every suite runs them beside the catalogue."""

from collections.abc import Mapping

from workbench.cells import Cell

# Of each cell by name: its states, then its equations.
_TEXTS: dict[str, tuple[tuple[str, ...], str]] = {
    # Lei et al. 2018 as published: the highway passes x itself, which needs as many inputs as units
    "sru-of-plain-input": (
        ("h", "c"),
        """
        f = sigmoid(W_f @ x + v_f * c + b_f)
        r = sigmoid(W_r @ x + v_r * c + b_r)
        c = f * c + (1 - f) * (W @ x)
        h = r * c + (1 - r) * x
        """,
    ),
    # Ba, Kiros & Hinton 2016: the two products of a gate normalised apart
    "layer-norm-lstm": (
        ("h", "c"),
        """
        f = sigmoid(norm(W_fh @ h) + norm(W_fx @ x) + b_f)
        i = sigmoid(norm(W_ih @ h) + norm(W_ix @ x) + b_i)
        o = sigmoid(norm(W_oh @ h) + norm(W_ox @ x) + b_o)
        c = f * c + i * tanh(norm(W_ch @ h) + norm(W_cx @ x) + b_c)
        h = o * tanh(gain * norm(c) + shift)
        """,
    ),
    "chain-of-states": (
        ("h", "c", "d"),
        "h = tanh(W @ h + V @ c + U @ x)\nc = tanh(d - h)\nd = sin(c + h) * k",
    ),
    "delay-line": (("h", "a", "b"), "h = a\na = b\nb = tanh(U @ x)"),
    "swap": (("a", "b"), "old = a\na = tanh(b + U @ x)\nb = old"),
    "plain-swap": (("a", "b"), "a = b\nb = a"),
    "alias": (("h", "c"), "c = tanh(W @ c + U @ x)\nh = c"),
    "alias-through-a-name": (("h", "c"), "a = tanh(W @ h + U @ x)\nh = a\nc = a * c + a"),
    "echo": (("h", "e", "d"), "e = sin(d)\nd = tanh(h * k)\nh = tanh(W @ h + U @ x)"),
    "observer-of-the-past": (("h", "o"), "o = cos(V @ h)\nh = tanh(U @ x + b)"),
    "memoryless": (("h", "g"), "g = sigmoid(V @ x)\nh = tanh(U @ x + b) * g"),
    "constant-states": (("h", "c", "d", "e"), "c = 0.5\nd = b\ne = t\nh = tanh(U @ x) + c * d * e"),
    "state-beside-an-equal-operand": (("h", "c"), "h = tanh(W @ 0.5 + V @ b)\nc = sigmoid(0)\n"),
    "the-input-itself": (("h",), "a = x\nh = a"),
    "unused": (("h",), "spare = tanh(Z @ h) * k\nagain = spare + W @ h\nh = tanh(W @ h + U @ x)"),
    "tied": (("h",), "a = W @ h\nb = V @ h\nh = tanh(a + b + W @ x - W.T @ tanh(a) - V @ tanh(b))"),
    "transposed-input": (("h",), "h = tanh(W.T @ x + V.T @ h - V @ x)"),
    "products-of-constants": (("h",), "h = sin(W @ h + V @ 2 + V @ t + V @ b + V @ exp(b) + U @ x)"),
    "flat-constants": (("h",), "h = tanh(W @ h + floor(3 * b) + U @ x) * where(k > 0, 1, 2) + log(exp(1))"),
    "deciding-product": (("h",), "h = where(W @ h > V @ x, tanh(U @ x), sin(h)) + floor(Q @ h)"),
    "two-ways-down": (("h",), "a = tanh(W @ h)\nh = tanh(a * a + maximum(a, h) - minimum(a, 2 * h) + U @ x)"),
    "one-gradient-by-two-ways": (("h", "c"), "h = tanh(h)\nc = tanh(c + U @ x - h + c) + 0.1 * tanh(U @ x)"),
    "without-input": (("h",), "h = tanh(u * h + b)"),
    "gates-in-turn": (
        ("h",),
        "g = sigmoid(u * h + U @ x)\nk = sigmoid(v * h + V @ x)\nh = tanh(p * g + q * k + r * g)",
    ),
    "sum-of-two-states": (("h", "c"), "a = u * h + b\nc = sin(a) * c + U @ x\nh = tanh(a)"),
    "minus-signs": (("h",), "h = -tanh(-(W @ h) - (U @ x - b) - -h)"),
    "two-products-with-one-gradient": (("h",), "a = U @ x\nb = V @ x\nh = sin(a + b + W @ h)"),
    "product-of-a-product": (("h",), "h = tanh(A @ (B @ (A @ h)) + A @ h) * sigmoid(B @ h + U @ x)"),
    "product-of-a-sum-with-the-input": (("h",), "a = U @ x\nh = tanh(a + W @ (x + h) + V @ x)"),
    "time-in-the-gradient": (("h",), "h = where(t < 4, tanh(W @ h + U @ x) * t, 0.5 * h + b + c * t * 0.01)"),
    "log-space": (("h",), "h = log(1 + exp(-abs(W @ h))) + softplus(U @ x) / (1 + h * h) - sqrt(1 + h * h)"),
}

TYPED: Mapping[str, Cell] = {
    name: Cell.from_equations(text, states=states, name=name) for name, (states, text) in _TEXTS.items()
}
