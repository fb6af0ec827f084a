"""From text to tree: a whitelist over Python's own grammar. Nothing that is read here is ever executed."""

import ast
import difflib
import re
import unicodedata
import warnings

from workbench.cells.errors import CellError
from workbench.cells.functions import COMPARISONS, NAMED
from workbench.cells.tree import Assignment, Call, Expression, MatrixProduct, Name, Number, Position

MAX_LINES = 200
MAX_LINE_LENGTH = 1000
MAX_DEPTH = 100

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
}
# Letters and signs that a word processor or another keyboard puts in place of plain ones.
_LOOK_ALIKES = dict(zip("АВЕКМНОРСТХаеорсухіѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧν", "ABEKMHOPCTXaeopcyxisABEZHIKMNOPTYXv", strict=True)) | {
    "−": "-",
    "–": "-",
    "×": "*",
    "·": "*",
    "⊙": "*",
    "∘": "*",
    "÷": "/",
    "σ": "sigmoid",
    "≤": "<=",
    "≥": ">=",
}


def parse_equations(text: str) -> tuple[Assignment, ...]:
    """Parse equations, one assignment a line; blank lines and ``#`` comments are skipped.

    Raises CellError with line and column.
    """
    lines = text.splitlines()
    if len(lines) > MAX_LINES:
        raise CellError(f"a cell has at most {MAX_LINES} lines, this one has {len(lines)}; make it shorter")
    assignments = [_parse_line(line, number) for number, line in enumerate(lines, 1) if line.split("#")[0].strip()]
    if not assignments:
        raise CellError("there are no equations; write one assignment a line, such as h = tanh(W @ h + U @ x + b)")
    return tuple(assignments)


def parse_expression(text: str) -> Expression:
    """Parse one expression of our own, such as a derivative in the table of functions."""
    return _Line(text, 1, ours=True).expression(ast.parse(text, mode="eval").body, 0)


def _parse_line(line: str, number: int) -> Assignment:
    line = line.split("#")[0].rstrip()
    _refuse_odd_characters(line, number)
    if len(line) > MAX_LINE_LENGTH:
        raise CellError(
            f"a line has at most {MAX_LINE_LENGTH} characters, this one has {len(line)}; name its parts",
            line=number,
            column=1,
        )
    indent = len(line) - len(line.lstrip())
    padded = line[indent:]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(padded).body
    except SyntaxError as error:
        column = min((error.offset or 1), len(padded) + 1) + indent
        raise CellError(_explain_syntax(padded, error), line=number, column=column) from None
    except (MemoryError, RecursionError, ValueError):
        raise CellError("this line is nested too deeply; name its parts", line=number, column=1) from None
    return _Line(padded, number, indent).assignment(body)


def _refuse_odd_characters(line: str, number: int) -> None:
    for column, character in enumerate(line, 1):
        if character in "\t " or (character.isascii() and character.isprintable()):
            continue
        name = unicodedata.name(character, f"U+{ord(character):04X}")
        plain = _LOOK_ALIKES.get(character)
        way_out = f"looks like {plain!r}: write that" if plain else "is not part of the language: use plain letters"
        raise CellError(f"the character {character!r} ({name}) {way_out}", line=number, column=column)


def _explain_syntax(line: str, error: SyntaxError) -> str:
    if "=" not in line:
        return f"{line.strip()!r} assigns nothing; write NAME = EXPRESSION"
    if "never closed" in error.msg or "unmatched" in error.msg:
        return f"a bracket has no partner ({error.msg})"
    return f"this cannot be read ({error.msg}); write NAME = EXPRESSION, as in h = tanh(W @ h + U @ x + b)"


class _Line:
    """One line on its way from Python's tree to ours."""

    def __init__(self, text: str, number: int, indent: int = 0, *, ours: bool = False) -> None:
        self.text, self.number, self.indent, self.ours = text, number, indent, ours

    def position(self, node: ast.expr | ast.stmt) -> Position:
        return Position(self.number, node.col_offset + 1 + self.indent)

    def error(self, node: ast.expr | ast.stmt, message: str) -> CellError:
        position = self.position(node)
        return CellError(message, line=position.line, column=position.column)

    def source(self, node: ast.expr) -> str:
        return self.text[node.col_offset : node.end_col_offset]

    def assignment(self, body: list[ast.stmt]) -> Assignment:
        statement = body[0]
        if len(body) > 1:
            raise self.error(body[1], "a second statement stands on this line; write one assignment a line")
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            raise self.error(statement, "every line assigns one name; write NAME = EXPRESSION")
        target = statement.targets[0]
        if not isinstance(target, ast.Name):
            raise self.error(target, f"{self.source(target)!r} cannot be assigned; the left side is one plain name")
        name = self.name(target)
        return Assignment(name.name, self.expression(statement.value, 0), name.position)

    def name(self, node: ast.Name) -> Name:
        if not _NAME.fullmatch(node.id):
            raise self.error(node, f"{node.id!r} is not a name; a name starts with a letter (letters, digits, _)")
        return Name(node.id, self.position(node))

    def expression(self, node: ast.expr, depth: int) -> Expression:
        if depth > MAX_DEPTH:
            raise self.error(node, "this line is nested too deeply; name its parts")
        match node:
            case ast.Constant():
                return self.number_of(node)
            case ast.Name():
                return self.name(node)
            case ast.UnaryOp(op=ast.USub()):
                return Call("negative", (self.expression(node.operand, depth + 1),), self.position(node))
            case ast.UnaryOp(op=ast.UAdd()):
                return self.expression(node.operand, depth + 1)
            case ast.BinOp():
                return self.binary(node, depth)
            case ast.Call():
                return self.call(node, depth)
            case ast.Compare():
                raise self.error(node, "a comparison stands only as the first argument of where(condition, a, b)")
            case ast.Attribute(attr="T"):
                raise self.error(node, f"{self.source(node)!r} stands alone; .T is for products, as in W.T @ h")
        raise self.error(node, f"{self.source(node)!r} is not part of the language; see the list of functions")

    def number_of(self, node: ast.Constant) -> Number:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self.error(node, f"{self.source(node)!r} is not a number")
        if abs(node.value) > 1e30:
            raise self.error(node, f"{self.source(node)!r} is too large; numbers go up to 1e30")
        return Number(float(node.value))

    def binary(self, node: ast.BinOp, depth: int) -> Expression:
        self.refuse_doubtful_precedence(node)
        if isinstance(node.op, ast.MatMult):
            matrix, transposed = self.matrix(node.left)
            return MatrixProduct(matrix, transposed, self.expression(node.right, depth + 1), self.position(node))
        function = _OPERATORS.get(type(node.op))
        if function is None:
            way_out = "for a power multiply (a * a)" if isinstance(node.op, ast.Pow) else "use + - * / or @"
            raise self.error(node, f"{self.source(node)!r} uses an operator the language does not have; {way_out}")
        left, right = self.expression(node.left, depth + 1), self.expression(node.right, depth + 1)
        return Call(function, (left, right), self.position(node))

    def matrix(self, node: ast.expr) -> tuple[str, bool]:
        match node:
            case ast.Name():
                return self.name(node).name, False
            case ast.Attribute(value=ast.Name() as value, attr="T"):
                return self.name(value).name, True
            case ast.UnaryOp(op=ast.USub(), operand=ast.Name() as value):
                raise self.error(node, f"the minus belongs to the product: write -({value.id} @ ...)")
        raise self.error(
            node,
            f"left of @ stands a parameter's name, W or W.T, not {self.source(node)!r}; put it outside: a * (W @ h)",
        )

    def refuse_doubtful_precedence(self, node: ast.BinOp) -> None:
        """``@`` beside ``*``, ``/`` or ``@`` without brackets reads differently to different people."""
        for child, bracketed in (
            (node.left, node.col_offset < node.left.col_offset),
            (node.right, (node.right.end_col_offset or 0) < (node.end_col_offset or 0)),
        ):
            if bracketed or not isinstance(child, ast.BinOp):
                continue
            strong = (ast.MatMult, ast.Mult, ast.Div)
            if not (isinstance(node.op, strong) and isinstance(child.op, strong)):
                continue
            if not (isinstance(node.op, ast.MatMult) or isinstance(child.op, ast.MatMult)):
                continue
            first, second, third = (self.source(part) for part in (child.left, child.right, node.right))
            inner, outer = self.operator(child), self.operator(node)
            raise self.error(
                node,
                f"{self.source(node)!r} can be read in two ways; write {first} {inner} ({second} {outer} {third}) or "
                f"({first} {inner} {second}) {outer} {third}",
            )

    def operator(self, node: ast.BinOp) -> str:
        return {ast.MatMult: "@", ast.Mult: "*", ast.Div: "/"}[type(node.op)]

    def call(self, node: ast.Call, depth: int) -> Expression:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise self.error(node, f"{self.source(node)!r} is not a call of a function of the language")
        name = node.func.id
        if name not in NAMED:
            close = difflib.get_close_matches(name, NAMED, n=1)
            way_out = f"did you mean {close[0]}?" if close else "there are " + ", ".join(sorted(NAMED))
            raise self.error(node, f"unknown function {name!r}; {way_out}")
        arity = NAMED[name].arity
        if len(node.args) != arity:
            raise self.error(node, f"{name} takes {arity} argument{'s' * (arity > 1)}, here it has {len(node.args)}")
        if name == "where":
            condition = self.condition(node.args[0], depth + 1)
            branches = tuple(self.expression(arg, depth + 1) for arg in node.args[1:])
            return Call("where", (condition, *branches), self.position(node))
        return Call(name, tuple(self.expression(arg, depth + 1) for arg in node.args), self.position(node))

    def condition(self, node: ast.expr, depth: int) -> Expression:
        if self.ours and isinstance(node, ast.Name):
            return self.name(node)
        if not isinstance(node, ast.Compare) or len(node.ops) != 1 or type(node.ops[0]) not in _COMPARISONS:
            raise self.error(node, "the first argument of where is one comparison, as in where(t < 5, a, b)")
        args = (self.expression(node.left, depth), self.expression(node.comparators[0], depth))
        function = COMPARISONS[_COMPARISONS[type(node.ops[0])]].name
        return Call(function, args, self.position(node))
