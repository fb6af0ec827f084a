"""Reverse mode on the graph: from the gradients that arrive at the states to all that a backward pass needs.

The gradient of each value is kept as a sum of coefficient times base. A base is a gradient that exists as an array;
coefficients are made of forward values alone, so they can be computed for many steps at once before the loop runs.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, reduce

from workbench.cells.functions import FUNCTIONS
from workbench.cells.graph import Graph, MatrixUse, Reach, Value, ancestors, in_order
from workbench.cells.lowering import Step, lower
from workbench.cells.parser import parse_expression
from workbench.cells.tree import Expression


@dataclass(frozen=True)
class Adjoint:
    """The backward step, as values of the same graph."""

    total: Mapping[str, Value]
    """dL/ds_t of each state, all paths."""
    carry: Mapping[str, tuple[Value, ...]]
    """What each state of the step before receives: ``accumulate`` values."""
    products: Mapping[Value, Value]
    """Of each forward product: the gradient of its result."""
    constants: Mapping[Value, Value]
    """Of each constant read by a step: the gradient that is to be summed over steps and batch."""
    vectors: Mapping[str, Value]
    """Of each vector parameter: its gradient, made of ``summed`` leaves."""
    inputs: Value | None
    """The gradient that reaches x outside its products."""

    def values(self) -> list[Value]:
        """All that has to be computed a step."""
        carried = [value for values in self.carry.values() for value in values]
        own = [*self.total.values(), *carried, *self.products.values(), *self.constants.values()]
        return own + ([self.inputs] if self.inputs else [])


def differentiate(step: Step) -> Adjoint:
    """Derive the backward step."""
    return _Reverse(step).run()


@cache
def _partials(function: str) -> tuple[Expression | None, ...]:
    return tuple(parse_expression(text) if text else None for text in FUNCTIONS[function].partials)


def partial(graph: Graph, value: Value, index: int) -> Value | None:
    """The derivative of an elementwise value by its argument ``index``; None where it is 0."""
    rule = _partials(value.op)[index]
    if rule is None:
        return None
    known = dict(zip("abcd", value.args, strict=False)) | {"y": value}
    derivative = lower(graph, rule, known)
    return None if derivative.op == "number" and derivative.number == 0.0 else derivative


class _Reverse:
    def __init__(self, step: Step) -> None:
        self.step, self.graph = step, step.graph
        self.linear: dict[Value, dict[Value, Value]] = {}
        self.terms: dict[Value, list[tuple[Value, MatrixUse]]] = {}
        self.products: dict[Value, Value] = {}
        self.summed: dict[Value, dict[Value, Value]] = {}

    def run(self) -> Adjoint:
        new = {value: state for state, value in self.step.new.items()}
        total: dict[str, Value] = {}
        carry: dict[str, tuple[Value, ...]] = dict.fromkeys(self.step.new, ())
        inputs: Value | None = None
        for value in reversed(list(in_order(ancestors(new)))):
            if value.reach is Reach.CONSTANT:
                continue
            if value in new:
                self.add(value, self.graph.leaf("arriving", new[value]), self.graph.number(1.0))
            self.add_products(value)
            linear = self.linear.pop(value, {})
            if value in new:
                total[new[value]] = self.materialise(linear)
                linear = {total[new[value]]: self.graph.number(1.0)}
            if value.op == "previous":
                carry[value.name] = self.carried(value.name, linear)
            elif value.op == "x":
                inputs = self.materialise(linear) if linear else None
            elif linear and not value.is_leaf:
                self.spread_out(value, linear)
        total = {state: total[state] for state in self.step.new}
        vectors = self.vector_gradients(self.summed)
        # A constant whose slope is 0 everywhere, such as floor(b), passes nothing on.
        needed = {value.name for value in ancestors(vectors.values()) if value.op == "summed"}
        constants = {
            constant: self.materialise(linear)
            for constant, linear in self.summed.items()
            if str(constant.serial) in needed
        }
        return Adjoint(total, carry, self.products, constants, vectors, inputs)

    def add(self, value: Value, base: Value, coefficient: Value) -> None:
        place = self.summed if value.reach is Reach.CONSTANT else self.linear
        linear = place.setdefault(value, {})
        linear[base] = self.graph.call("add", linear[base], coefficient) if base in linear else coefficient

    def add_products(self, value: Value) -> None:
        """Products with the same operand flow back as one product of all their gradients."""
        if value in self.terms and value.op != "x":
            self.add(value, self.graph.product(self.terms[value]), self.graph.number(1.0))

    def materialise(self, linear: dict[Value, Value]) -> Value:
        terms = [self.graph.call("multiply", coefficient, base) for base, coefficient in linear.items()]
        total = terms[0]
        for term in terms[1:]:
            total = self.graph.call("add", total, term)
        return total

    def carried(self, state: str, linear: dict[Value, Value]) -> tuple[Value, ...]:
        # Two ways back may bring the same value, which then counts twice.
        terms = Counter(self.graph.call("multiply", coefficient, base) for base, coefficient in linear.items())
        return tuple(
            self.graph.accumulate(state, self.graph.call("multiply", self.graph.number(count), term))
            for term, count in terms.items()
        )

    def spread_out(self, value: Value, linear: dict[Value, Value]) -> None:
        """Pass the gradient of a value on to its arguments."""
        if value.op in ("product", "mean") or len(linear) > 1 or _feeds_product(value):
            linear = {self.materialise(linear): self.graph.number(1.0)}
        if value.op == "product":
            (gradient,) = linear
            self.products[value] = gradient
            for operand, block in zip(value.args, value.blocks, strict=True):
                back = [MatrixUse(use.name, not use.transposed, use.sign) for use in block]
                self.terms.setdefault(operand, []).extend((gradient, use) for use in back)
        elif value.op == "mean":
            (gradient,) = linear
            self.add(value.args[0], self.graph.call("mean", gradient), self.graph.number(1.0))
        else:
            for index, argument in enumerate(value.args):
                derivative = None if argument.is_scalar else partial(self.graph, value, index)
                for base, coefficient in linear.items() if derivative else ():
                    self.add(argument, base, self.graph.call("multiply", coefficient, derivative))  # type: ignore[arg-type]

    def vector_gradients(self, constants: Iterable[Value]) -> dict[str, Value]:
        """Reverse mode once more, over the expressions of parameters alone."""
        terms: dict[Value, list[Value]] = {}
        for constant in constants:
            terms[constant] = [self.graph.leaf("summed", str(constant.serial))]
        gradients: dict[str, Value] = {}
        for value in reversed(list(in_order(ancestors(constants)))):
            if value not in terms:
                continue
            gradient = reduce(lambda a, b: self.graph.call("add", a, b), terms[value])
            if value.op == "parameter":
                gradients[value.name] = gradient
            for index, argument in enumerate(value.args):
                derivative = None if argument.is_scalar else partial(self.graph, value, index)
                if derivative:
                    terms.setdefault(argument, []).append(self.graph.call("multiply", derivative, gradient))
        return gradients


def _feeds_product(value: Value) -> bool:
    """Whether the gradient of a sum is the gradient of a product too, so that it will exist anyway."""
    if value.op == "product":
        return True
    return value.op in ("add", "copy") and any(_feeds_product(argument) for argument in value.args)
