"""Cells made up at random: several states, several stages, parameters used twice, values read in any order.

Arguments of log, sqrt and division are kept positive, and what the states take is bounded (engine.md).
"""

from hypothesis import strategies as st

from workbench.cells import Cell

STATES = ("h", "c", "m")
BOUNDED = ("tanh({})", "sin({})", "cos({})", "sigmoid({})", "norm({})", "exp(-softplus({}))")
PRODUCTS = ("(W @ ({}))", "(W.T @ ({}))", "(M @ ({}))", "(R @ ({}))")
PAIRS = ("({} + {})", "({} - {})", "({} * {})")
OTHERS = (
    "-{}",
    "({} * 1)",
    "(0 + {})",
    "relu({})",
    "abs({})",
    "softplus({})",
    "floor({})",
    "exp(tanh({}))",
    "log(softplus({}) + 0.5)",
    "sqrt(softplus({}) + 0.1)",
    "({} / (softplus({}) + 0.5))",
    "mod({}, softplus({}) + 0.5)",
    "maximum({}, {})",
    "minimum({}, {})",
    "where({} < {}, {}, {})",
    "where({} >= {}, {}, {})",
    "where({} == {}, {}, {})",
    "where(mod(t, 2) == 0, {}, {})",
)
# What is worth most is drawn most often.
FORMS = (*3 * PRODUCTS, *4 * PAIRS, *BOUNDED, *OTHERS)
LEAVES = ("b", "k", "exp(-exp(k))", "floor(b)", "(U @ x)", "(V @ x)", "0", "1", "-1", "0.5", "2", "t", "mod(t, 3)")


@st.composite
def made_up_cells(draw: st.DrawFn, *, plain_input: bool = False) -> Cell:
    """A cell of one to three states; ``plain_input``: x may stand outside products too."""
    states = STATES[: draw(st.integers(1, 3))]
    helpers = tuple(f"a{number}" for number in range(draw(st.integers(0, 3))))
    bounded = (*states, *(["x"] if plain_input else []))
    readable = list(bounded)
    lines = []
    for name in draw(st.permutations((*states, *helpers))):
        if name in states:
            lines.append(f"{name} = {draw(_new_states(readable, bounded))}")
        else:
            lines.append(f"{name} = {draw(_expressions(readable, 3))}")
            readable.append(name)
    # What never meets the input is no test of anything.
    return Cell.from_equations("\n".join(lines) + " + 0.1 * tanh(U @ x)", states=states)


@st.composite
def _new_states(draw: st.DrawFn, readable: list[str], bounded: tuple[str, ...]) -> str:
    """A bounded expression, or a gate between one and a bounded name, or that name itself."""
    kept = draw(st.sampled_from(bounded))
    form = draw(st.sampled_from((*2 * BOUNDED, *6 * ["gate"], *3 * ["name"])))
    if form == "name":
        return kept
    if form == "gate":
        gate, new = draw(_expressions(readable, 2)), draw(_expressions(readable, 3))
        return f"(1 - sigmoid({gate})) * {kept} + sigmoid({gate}) * tanh({new})"
    return form.format(draw(_expressions(readable, 3)))


@st.composite
def _expressions(draw: st.DrawFn, readable: list[str], depth: int) -> str:
    """An expression of at most this depth; nearer its root it is less likely to end in a name or a number."""
    leaves = (*4 * readable, *LEAVES)
    form = draw(st.sampled_from((*leaves, *(depth * FORMS))))
    return form.format(*(draw(_expressions(readable, depth - 1)) for _ in range(form.count("{}"))))
