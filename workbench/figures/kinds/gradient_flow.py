"""Gradient flow: how strongly the loss depends on the state at each time step."""

from collections.abc import Sequence

from workbench.figures.kind import Kind
from workbench.figures.kinds.course import refuse_nothing_to_draw
from workbench.figures.layers import layer_words
from workbench.figures.options import Options, option
from workbench.figures.source import Source, run_labels
from workbench.figures.spec import Axis, Curve, FigureSpec, Panel, Scale, whole_numbers


class GradientFlowOptions(Options):
    """What can be chosen about the figure of the gradient flow."""

    step: int | None = option(None, "Training step", "The snapshot to draw; left out, the last.", choices="steps", ge=0)
    layer: int | None = option(
        None, "Layer", "One layer, counted from 1; left out, all of them.", choices="layers", ge=1
    )
    scale: Scale = option("log", "Scale", "The norm on a logarithmic or a linear axis.")


def make(sources: Sequence[Source], options: GradientFlowOptions) -> FigureSpec:
    """Return the figure. Raises FigureError for a layer or step that the run does not have."""
    curves: list[Curve] = []
    places: list[str] = []
    for source, run in zip(sources, run_labels(sources), strict=True):
        step = source.snapshot_step(options.step)
        own = [_curve(source, step, layer, state, len(curves) + number, run if len(sources) > 1 else "")
               for number, (layer, state) in enumerate(_states(source, options.layer))]  # fmt: skip
        refuse_nothing_to_draw("The gradient", source.run, [curve.y for curve in own], options.scale)
        curves += own
        places.append(f"{run} after training step {step}")
    norm = Axis("norm of dL/ds_t", label=r"\(\|\partial L / \partial s_t\|\)", scale=options.scale)
    panel = Panel(
        x=Axis("time step", label=r"time step \(t\)", whole=True),
        y=norm,
        curves=tuple(curves),
        uprights=sources[0].answer_begins(sources[0].snapshot_step(options.step)) if len(sources) == 1 else (),
    )
    description = (
        "Norm of the gradient of a sequence's loss with respect to each state at time step t, mean over the probe's "
        f"sequences: {'; '.join(places)}. A gap is a gradient of exactly 0."
    )
    return FigureSpec("gradient-flow", (panel,), description)


def _states(source: Source, layer: int | None) -> list[tuple[str, str]]:
    layers = source.layers_of("gradient-norm", layer)
    return [(each, state) for each in layers for state in source.names_of("gradient-norm", each)]


def _curve(source: Source, step: int, layer: str, state: str, number: int, run: str) -> Curve:
    norms = source.array(step, f"gradient-norm/{layer}.{state}")
    where = f", {layer_words(layer)}" if source.experiment.layers > 1 or source.experiment.bidirectional else ""
    symbol = source.label(state) + where
    return Curve(
        name=": ".join(filter(None, (run, f"{state}, {layer_words(layer)}"))),
        x=whole_numbers(len(norms)),
        y=norms,
        label=": ".join(filter(None, (run, symbol))),
        colour=number,
        line=number,
    )


KIND = Kind(
    "gradient-flow", "Gradient flow", "Norm of dL/ds_t over time, one curve a state and layer; also of several runs.",
    GradientFlowOptions, several=True, make=make,
)  # fmt: skip
