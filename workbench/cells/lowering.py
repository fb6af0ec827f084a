"""From the tree to the graph of one step: names resolved, sums regrouped so that products can be hoisted and fused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from workbench.cells.functions import NORM_EPSILON
from workbench.cells.graph import Graph, MatrixUse, Reach, Value
from workbench.cells.roles import INPUT, STEP
from workbench.cells.tree import Assignment, Call, Expression, MatrixProduct, Name, Number


@dataclass(frozen=True)
class Step:
    """One step of a cell: the value of every assigned name; ``new`` holds the states after it."""

    graph: Graph
    names: Mapping[str, Value]
    new: Mapping[str, Value]


def lower_step(assignments: tuple[Assignment, ...], states: tuple[str, ...], *, folds_inputs: bool = False) -> Step:
    """Lower checked equations; ``folds_inputs``: see Graph."""
    graph = Graph(folds_inputs=folds_inputs)
    known = {INPUT: graph.leaf("x"), STEP: graph.leaf("t")}
    known |= {state: graph.leaf("previous", state) for state in states}
    names: dict[str, Value] = {}
    for assignment in assignments:
        made_before = len(graph)
        value = lower(graph, assignment.expression, known)
        if assignment.name in states:
            value = graph.keep_apart(assignment.name, value, made_before)
        known[assignment.name] = names[assignment.name] = value
    return Step(graph, names, {state: names[state] for state in states})


def lower(graph: Graph, expression: Expression, known: Mapping[str, Value]) -> Value:
    """Lower one expression; a name that is not known is a vector parameter."""
    match expression:
        case Number(value=value):
            return graph.number(value)
        case Name(name=name):
            return known[name] if name in known else graph.leaf("parameter", name)
        case MatrixProduct(matrix=matrix, transposed=transposed, operand=operand):
            return graph.product([(lower(graph, operand, known), MatrixUse(matrix, transposed, 1))])
        case Call(function="add" | "subtract" | "negative"):
            return _lower_sum(graph, expression, known)
        case Call(function="where", args=(Call(function=comparison, args=compared), first, second)):
            args = [lower(graph, arg, known) for arg in (*compared, first, second)]
            return graph.call(f"where_{comparison}", *args)
        case Call(function="norm", args=(argument,)):
            return _lower_norm(graph, lower(graph, argument, known))
        case Call(function=function, args=arguments):
            return graph.call(function, *(lower(graph, arg, known) for arg in arguments))
    assert_never(expression)


def _lower_norm(graph: Graph, value: Value) -> Value:
    value = value if value.reach > Reach.CONSTANT and not value.is_scalar else graph.spread(value)
    centred = graph.call("subtract", value, graph.call("mean", value))
    variance = graph.call("mean", graph.call("multiply", centred, centred))
    return graph.call("divide", centred, graph.call("sqrt", graph.call("add", variance, graph.number(NORM_EPSILON))))


def _lower_sum(graph: Graph, expression: Call, known: Mapping[str, Value]) -> Value:
    """Add recurrent products first, then all that can be hoisted, then the rest: the order that fuses best."""
    products: dict[tuple[Reach, int], list[tuple[Value, MatrixUse]]] = {}
    others: list[tuple[int, Value]] = []
    for sign, term in _terms(expression, 1):
        if isinstance(term, MatrixProduct):
            operand = lower(graph, term.operand, known)
            single = graph.product([(operand, MatrixUse(term.matrix, term.transposed, sign))])
            products.setdefault((single.reach, single.depth), []).append((operand, single.blocks[0][0]))
        else:
            others.append((sign, lower(graph, term, known)))
    if graph.folds_inputs:
        _fold_inputs(products)
    merged = [(1, graph.product(terms)) for _, terms in sorted(products.items(), key=lambda item: item[0])]
    constant = _add_up(graph, [term for term in others if term[1].reach is Reach.CONSTANT])
    early = [term for term in merged if term[1].reach is Reach.SEQUENCE] + constant
    early = _add_up(graph, early + [term for term in others if term[1].reach is Reach.SEQUENCE])
    late = [term for term in merged if term[1].reach is Reach.RECURRENT]
    late += early + [term for term in others if term[1].reach is Reach.RECURRENT]
    ((sign, total),) = _add_up(graph, late)
    return total if sign == 1 else graph.call("negative", total)


def _fold_inputs(products: dict[tuple[Reach, int], list[tuple[Value, MatrixUse]]]) -> None:
    """Let the products that read x join the first recurrent one."""
    recurrent = [key for key in products if key[0] is Reach.RECURRENT]
    for key in [key for key in products if recurrent and all(operand.op == "x" for operand, _ in products[key])]:
        products[min(recurrent)] += products.pop(key)


def _terms(expression: Expression, sign: int) -> list[tuple[int, Expression]]:
    match expression:
        case Call(function="add", args=(left, right)):
            return _terms(left, sign) + _terms(right, sign)
        case Call(function="subtract", args=(left, right)):
            return _terms(left, sign) + _terms(right, -sign)
        case Call(function="negative", args=(inner,)):
            return _terms(inner, -sign)
    return [(sign, expression)]


def _add_up(graph: Graph, terms: list[tuple[int, Value]]) -> list[tuple[int, Value]]:
    """Sum the terms into one (a list of none stays one of none), starting with a positive one where there is one."""
    ordered = sorted(terms, key=lambda term: -term[0]) if terms and terms[0][0] < 0 else terms
    if len(ordered) < 2:
        return ordered
    sign, total = ordered[0]
    for other, value in ordered[1:]:
        total = graph.call("add" if other == sign else "subtract", total, value)
    return [(sign, total)]
