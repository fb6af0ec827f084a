"""The experiment: one frozen value that describes a run completely."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SerializeAsAny, ValidationError
from pydantic.fields import FieldInfo

from workbench.cells import Cell, catalogue
from workbench.lab.errors import ExperimentError, Problem
from workbench.lab.experiment.parts import CellText, cell_from, task_from
from workbench.lab.experiment.problems import problems_of, unknown_name
from workbench.tasks import TaskSettings, task_class

SEPARATOR = "."


def _field(
    default: Any,
    title: str,
    description: str,
    *,
    group: str,
    unit: str = "",
    when: Mapping[str, Sequence[str | bool]] | None = None,
    **bounds: Any,
) -> Any:
    """Declare a field. ``when`` names the values of another field with which this one has a meaning.

    "task.reads" and "task.predicts_next" stand for what the class of the task chosen says.
    """
    extra: dict[str, Any] = {"group": group, "unit": unit}
    if when:
        extra["when"] = dict(when)
    return Field(default, title=title, description=description, json_schema_extra=extra, **bounds)


class Experiment(BaseModel):
    """All that defines a run. Raises ExperimentError, which names each field that is wrong and why.

    Every field carries title, description, group, unit and bounds: forms, columns and help derive from them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)

    name: str = _field(
        "",
        "Name",
        "What the run is called; left out, it says cell, task and size.",
        group="Experiment",
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f]*$",
    )
    cell: Annotated[str | CellText, BeforeValidator(cell_from)] = _field(
        ..., "Cell", "A cell of the catalogue, or equations of your own.", group="Cell"
    )
    task: Annotated[SerializeAsAny[TaskSettings], BeforeValidator(task_from)] = _field(
        ..., "Task", "What is to be learned.", group="Task"
    )
    hidden: int = _field(64, "Hidden units", "Units of each layer.", group="Sizes", unit="units", ge=1, le=16384)
    layers: int = _field(1, "Layers", "Layers, each reading the one below.", group="Sizes", ge=1, le=8)
    window: int = _field(
        1,
        "Window",
        "How many of the last inputs the cell sees at once.",
        group="Sizes",
        unit="steps",
        ge=1,
        le=1000,
    )
    embedding: int = _field(
        0, "Embedding", "Numbers a symbol becomes before the first layer; 0: one unit a symbol.",
        group="Sizes", ge=0, le=4096,
    )  # fmt: skip
    bidirectional: bool = _field(
        False, "Both directions",
        "A second network reads each sequence from its end; for an encoder, not for its decoder. Not for tasks that "
        "predict what comes next: it would only look there.",
        group="Sizes", when={"task.predicts_next": [False]},
    )  # fmt: skip
    representation: Literal["last", "mean", "max"] = _field(
        "last", "Representation",
        "What stands for the whole sequence: the last state, or the mean or the maximum of each unit over all steps.",
        group="Sizes", when={"task.reads": ["last"]},
    )  # fmt: skip
    attention: bool = _field(
        False, "Attention",
        "The decoder looks back at every step of the source (Bahdanau et al. 2015), not at its last state alone.",
        group="Sizes", when={"task.reads": ["decoder"]},
    )  # fmt: skip
    steps: int = _field(
        2000, "Steps", "Training steps, one batch each.", group="Training", unit="steps", ge=1, le=10**9
    )
    batch: int = _field(32, "Batch", "Sequences in a batch.", group="Training", unit="sequences", ge=1, le=65536)
    optimizer: Literal["sgd", "rmsprop", "adam", "adamw"] = _field(
        "adam", "Optimiser", "The rule by which parameters follow their gradient.", group="Training"
    )
    learning_rate: float = _field(0.001, "Learning rate", "How far a step goes.", group="Training", gt=0, le=1000)
    momentum: float = _field(
        0.0, "Momentum", "Share of the last update that goes on.", group="Training", ge=0, lt=1,
        when={"optimizer": ["sgd", "rmsprop"]},
    )  # fmt: skip
    weight_decay: float = _field(
        0.0, "Weight decay", "How strongly parameters are drawn to 0.", group="Training", ge=0, le=10
    )
    schedule: Literal["constant", "step", "cosine"] = _field(
        "constant", "Schedule", "How the learning rate changes over the run.", group="Training"
    )
    decay_every: int = _field(
        1000, "Decay every", "Steps from one reduction of the learning rate to the next.",
        group="Training", unit="steps", ge=1, le=10**9, when={"schedule": ["step"]},
    )  # fmt: skip
    decay: float = _field(
        0.5, "Decay", "What the learning rate is multiplied by.", group="Training", gt=0, le=1,
        when={"schedule": ["step"]},
    )  # fmt: skip
    warmup: int = _field(
        0,
        "Warm-up",
        "Steps over which the learning rate rises from 0.",
        group="Training",
        unit="steps",
        ge=0,
        le=10**9,
    )
    clip_norm: float = _field(
        1.0, "Clip norm", "The gradient is shortened to this norm; 0: never.", group="Training", ge=0
    )
    clip_value: float = _field(
        0.0, "Clip value", "Each entry of the gradient is cut to this size; 0: never.", group="Training", ge=0
    )
    truncate: int = _field(
        0, "Truncate", "Steps the gradient goes back; 0: the whole sequence.", group="Training", unit="steps",
        ge=0, le=10**6,
    )  # fmt: skip
    teacher_forcing: float = _field(
        1.0, "Teacher forcing",
        "Share of the decoder's inputs that are the true symbols; the others are what it wrote itself.",
        group="Training", ge=0, le=1, when={"task.reads": ["decoder"]},
    )  # fmt: skip
    validate_every: int = _field(
        100, "Validate every", "Steps from one look at the held-out data to the next.", group="Watching",
        unit="steps", ge=1, le=10**9,
    )  # fmt: skip
    beam: int = _field(
        1, "Beam", "Answers that are followed side by side when the network writes by itself; 1: the likeliest symbol.",
        group="Watching", ge=1, le=32, when={"task.reads": ["decoder"]},
    )  # fmt: skip
    probe_size: int = _field(
        16, "Probe", "Held-out sequences whose gradients are averaged.", group="Watching", unit="sequences",
        ge=1, le=1024,
    )  # fmt: skip
    probe_sequence: int = _field(
        0,
        "Sequence shown",
        "The sequence of the probe that is kept in full, from 0.",
        group="Watching",
        ge=0,
        le=1023,
    )
    seed: int = _field(0, "Seed", "Where all randomness starts.", group="Machine", ge=0, le=2**53)
    dtype: Literal["float32", "float64"] = _field(
        "float32", "Precision", "How numbers are kept; float64 is exact and slower.", group="Machine"
    )
    backend: Literal["auto", "numpy", "numba", "cupy"] = _field(
        "auto",
        "Backend",
        "What computes: plain NumPy, compiled code, the GPU; auto chooses.",
        group="Machine",
    )
    tf32: bool = _field(
        False, "TF32",
        "Matrix products round their factors to TensorFloat-32, about 3 decimal digits instead of 7: faster, less "
        "exact. Only on a GPU that was chosen by name, in float32; elsewhere it has no effect.",
        group="Machine", when={"backend": ["cupy"], "dtype": ["float32"]},
    )  # fmt: skip
    threads: int = _field(0, "Threads", "Processor threads; 0: chosen for the sizes.", group="Machine", ge=0, le=1024)
    checkpoint_every: int = _field(
        0, "Keep states every",
        "Saves memory on long sequences: states are kept at every so many steps alone, and the rest is computed again, "
        "for the same gradient; 0: everything is kept.",
        group="Machine", unit="steps", ge=0, le=10**6,
    )  # fmt: skip

    if not TYPE_CHECKING:  # the checker sees the fields as arguments; at run time errors become ours

        def __init__(self, **values: Any) -> None:
            try:
                super().__init__(**values)
            except ValidationError as error:
                raise ExperimentError(problems_of(error, type(self).model_fields)) from None
            self._refuse_contradictions()

    @property
    def uses_tf32(self) -> bool:
        """Whether products may be computed in TensorFloat-32."""
        return self.tf32 and self.backend == "cupy" and self.dtype == "float32"

    @property
    def label(self) -> str:
        """The name, or one made of cell, task and size."""
        return self.name or f"{self.cell_name} {self.hidden}, {self.task.name}"

    @property
    def cell_name(self) -> str:
        """The cell's name in the catalogue, or the title of one's own."""
        return self.cell if isinstance(self.cell, str) else self.cell.title or "own cell"

    def build_cell(self) -> Cell:
        """Return the cell."""
        return catalogue()[self.cell] if isinstance(self.cell, str) else self.cell.build()

    def values(self) -> dict[str, Any]:
        """Return all fields as plain values: what `Experiment(**values)` takes."""
        return self.model_dump(mode="json")

    def to_json(self) -> str:
        """Return the experiment as JSON text."""
        return json.dumps(self.values(), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the experiment that `to_json` described. Raises ExperimentError."""
        return cls(**json.loads(text))

    def changed(self, changes: Mapping[str, Any]) -> Self:
        """Return a copy in which fields have other values; paths may lead inside ("task.length").

        Another task or cell brings its own defaults. Raises ExperimentError.
        """
        values = self.values()
        for path, value in changes.items():
            _put(values, path, value)
        return type(self)(**values)

    def _refuse_contradictions(self) -> None:
        if self.probe_sequence >= self.probe_size:
            reason = f"must be below probe_size ({self.probe_size}), not {self.probe_sequence}"
            raise ExperimentError([Problem("probe_sequence", reason)])
        if self.warmup > self.steps:
            reason = f"must be at most steps ({self.steps}), not {self.warmup}"
            raise ExperimentError([Problem("warmup", reason)])
        self._refuse_networks_unfit_for_the_task()

    def _refuse_networks_unfit_for_the_task(self) -> None:
        task = task_class(self.task)
        if self.bidirectional and task.predicts_next:
            reason = f"{self.task.name} predicts what comes next, and a network that reads from the end has seen it"
            raise ExperimentError([Problem("bidirectional", reason)])
        pools = task.reads == "last" and self.representation != "last"
        whole = next(
            (
                what
                for what, is_whole in {
                    "bidirectional": self.bidirectional,
                    f"representation {self.representation}": pools,
                    f"the decoder of {self.task.name}": task.reads == "decoder",
                }.items()
                if is_whole
            ),
            None,
        )
        for name in ("truncate", "checkpoint_every"):
            if whole and getattr(self, name):
                raise ExperimentError([Problem(name, f"must be 0 with {whole}, which needs the sequence as a whole")])


def _put(values: dict[str, Any], path: str, value: Any) -> None:
    """Set the field at a path. Raises ExperimentError where the path leads nowhere."""
    head, *rest = path.split(SEPARATOR)
    fields: Mapping[str, FieldInfo] = Experiment.model_fields
    if head not in fields:
        raise ExperimentError([Problem(path, unknown_name(head, tuple(fields)))])
    if not rest:
        values[head] = value
        return
    if path == "task.name" and value != values["task"].get("name"):
        values["task"] = {"name": value}
        return
    inside = values
    for step, key in enumerate((head, *rest[:-1])):
        inside = inside.setdefault(key, {})
        if not isinstance(inside, dict):
            above = SEPARATOR.join(path.split(SEPARATOR)[: step + 1])
            raise ExperimentError([Problem(path, f"{above} is {inside!r}, which has no fields of its own")])
    inside[rest[-1]] = value
