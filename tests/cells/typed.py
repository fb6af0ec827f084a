"""Cells as users type them, from papers and from mischief; every suite runs them beside the catalogue."""

from collections.abc import Mapping

from workbench.cells import Cell

# Of each cell by name: its states, then its equations.
_TEXTS: dict[str, tuple[tuple[str, ...], str]] = {
    # Zhou et al. 2016
    "mgu": (
        ("h",),
        """
        f = sigmoid(W_fh @ h + W_fx @ x + b_f)
        n = tanh(W_nh @ (f * h) + W_nx @ x + b_n)
        h = (1 - f) * h + f * n
        """,
    ),
    # Jozefowicz et al. 2015
    "mut1": (
        ("h",),
        """
        z = sigmoid(W_zx @ x + b_z)
        r = sigmoid(W_rx @ x + W_rh @ h + b_r)
        h = tanh(W_hh @ (r * h) + tanh(W_x @ x) + b_h) * z + h * (1 - z)
        """,
    ),
    # Lei et al. 2018; the highway needs as many inputs as units
    "sru": (
        ("h", "c"),
        """
        f = sigmoid(W_f @ x + v_f * c + b_f)
        c = f * c + (1 - f) * (W @ x)
        r = sigmoid(W_r @ x + b_r)
        h = r * c + (1 - r) * x
        """,
    ),
    # Feng et al. 2024
    "min-gru": (("h",), "z = sigmoid(W_z @ x + b_z)\nh = (1 - z) * h + z * (W_h @ x + b_h)"),
    # Li et al. 2018
    "indrnn": (("h",), "h = relu(W @ x + u * h + b)"),
    # Ba, Kiros & Hinton 2016
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
    # Chang et al. 2019
    "antisymmetric": (("h",), "h = h + 0.1 * tanh(M @ h - M.T @ h - 0.01 * h + W_x @ x + b)"),
    # Zilly et al. 2017, depth 2, coupled gates
    "recurrent-highway": (
        ("s",),
        """
        t_1 = sigmoid(T_1 @ s + T_x @ x + b_1)
        s_1 = tanh(R_1 @ s + R_x @ x + a_1) * t_1 + s * (1 - t_1)
        t_2 = sigmoid(T_2 @ s_1 + b_2)
        s = tanh(R_2 @ s_1 + a_2) * t_2 + s_1 * (1 - t_2)
        """,
    ),
    # Koutnik et al. 2014, without the mask of its matrix
    "clockwork": (("h",), "h = where(mod(t, p) == 0, tanh(W_h @ h + W_x @ x + b), h)"),
    # Beck et al. 2024, the exponential gate with its stabiliser
    "slstm": (
        ("h", "c", "n", "m"),
        """
        z = tanh(W_zh @ h + W_zx @ x + b_z)
        i = W_ih @ h + W_ix @ x + b_i
        f = W_fh @ h + W_fx @ x + b_f
        o = sigmoid(W_oh @ h + W_ox @ x + b_o)
        old = m
        m = maximum(f + m, i)
        c = exp(f + old - m) * c + exp(i - m) * z
        n = exp(f + old - m) * n + exp(i - m)
        h = o * c / (abs(n) + 0.5)
        """,
    ),
    # Orvieto et al. 2023: eigenvalues and normalisation are expressions of parameters alone
    "lru": (
        ("h", "u", "v"),
        """
        radius = exp(-exp(nu))
        re = radius * cos(exp(theta))
        im = radius * sin(exp(theta))
        gain = sqrt(1 - radius * radius + 0.001)
        old = u
        u = re * u - im * v + gain * (B_u @ x)
        v = re * v + im * old + gain * (B_v @ x)
        h = C_u @ u - C_v @ v + d * (D @ x)
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
    "log-space": (("h",), "h = log(1 + exp(-abs(W @ h))) + softplus(U @ x) / (1 + h * h) - sqrt(1 + h * h)"),
}

TYPED: Mapping[str, Cell] = {
    name: Cell.from_equations(text, states=states, name=name) for name, (states, text) in _TEXTS.items()
}
