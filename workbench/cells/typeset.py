"""Equations as the field prints them, from the tree: LaTeX for papers, rich text for the window."""

from dataclasses import dataclass

from workbench.cells.functions import OPERATORS
from workbench.cells.roles import STEP, Roles
from workbench.cells.tree import Assignment, Call, Expression, MatrixProduct, Name, Number, walk

_COMPARISON_SIGNS = {
    "less": ("<", "&lt;"),
    "less_equal": (r"\le", "≤"),
    "greater": (">", "&gt;"),
    "greater_equal": (r"\ge", "≥"),
    "equal": ("=", "="),
    "not_equal": (r"\ne", "≠"),
}

# Names that are Greek letters print as these. "lambda" cannot be a name: Python's grammar keeps the word.
_GREEK_NAMES = "alpha beta gamma delta epsilon zeta eta theta kappa mu nu xi rho sigma tau phi chi psi omega"
_GREEK = dict(zip(_GREEK_NAMES.split(), "αβγδεζηθκμνξρστφχψω", strict=True))


@dataclass(frozen=True)
class Notation:
    """The signs of one output form."""

    html: bool

    def symbol(self, base: str, sub: str = "", sup: str = "") -> str:
        """A letter with indices."""
        if self.html:
            letter = _GREEK.get(base, base)
            text = f"<i>{letter}</i>" if len(letter) == 1 else letter
            return text + (f"<sup>{sup}</sup>" if sup else "") + (f"<sub>{sub}</sub>" if sub else "")
        text = base if len(base) == 1 else rf"\{base}" if base in _GREEK else rf"\mathrm{{{base}}}"
        return text + (f"^{{{sup}}}" if sup else "") + (f"_{{{sub}}}" if sub else "")

    def function(self, name: str) -> str:
        """A function's sign or upright name."""
        if name == "sigmoid":
            return "σ" if self.html else r"\sigma"
        if name == "tanh" and not self.html:
            return r"\tanh"
        return name if self.html else rf"\operatorname{{{name}}}"

    def number(self, value: float) -> str:
        """A number; very small and very large ones as powers of ten."""
        digits, _, exponent = f"{value:.12g}".partition("e")
        if not exponent:
            return digits
        power = str(int(exponent)).replace("-", self.minus)
        power = f"10<sup>{power}</sup>" if self.html else f"10^{{{power}}}"
        return power if digits == "1" else digits + (" · " if self.html else r" \cdot ") + power

    @property
    def minus(self) -> str:
        """The minus sign."""
        return "−" if self.html else "-"

    @property
    def times(self) -> str:
        """The sign of the elementwise product."""
        return " ⊙ " if self.html else r" \odot "

    def sign(self, comparison: str) -> str:
        """A comparison's sign."""
        return _COMPARISON_SIGNS[comparison][self.html]

    def fraction(self, above: str, below: str) -> str:
        """A quotient."""
        return f"{above} / {below}" if self.html else rf"\frac{{{above}}}{{{below}}}"

    def brackets(self, text: str) -> str:
        """Text in brackets."""
        return f"({text})" if self.html else rf"\left({text}\right)"


def latex_equations(assignments: tuple[Assignment, ...], states: tuple[str, ...], roles: Roles) -> str:
    """Return an ``aligned`` LaTeX block."""
    lines = _Typesetter(Notation(html=False), states, roles).lines(assignments, " &= ")
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def rich_text_equations(assignments: tuple[Assignment, ...], states: tuple[str, ...], roles: Roles) -> tuple[str, ...]:
    """Return one line of HTML for each equation, in the subset that Qt draws."""
    return tuple(_Typesetter(Notation(html=True), states, roles).lines(assignments, " = "))


def latex_name(name: str, roles: Roles) -> str:
    """Return one name of the equations in LaTeX, a value as it is after its line: W_fh is W^{f,h}, c is c_{t}."""
    return _Typesetter(Notation(html=False), (), roles).value(name)


def rich_text_name(name: str, roles: Roles) -> str:
    """Return the same as HTML, in the subset that Qt draws."""
    return _Typesetter(Notation(html=True), (), roles).value(name)


class _Typesetter:
    def __init__(self, notation: Notation, states: tuple[str, ...], roles: Roles) -> None:
        self.notation, self.states, self.roles = notation, states, roles
        self.done: set[str] = set()
        self.constants: set[str] = set()

    def lines(self, assignments: tuple[Assignment, ...], equals: str) -> list[str]:
        lines = []
        for assignment in assignments:
            right = self.text(assignment.expression)
            self.done.add(assignment.name)
            if assignment.name not in self.states and self.is_constant(assignment.expression):
                self.constants.add(assignment.name)
            lines.append(self.value(assignment.name) + equals + right)
        return lines

    def value(self, name: str) -> str:
        """A name in the field's notation: s before its line is s_{t-1}, W_gs is W^{g,s}, b_f is b_f."""
        base, _, index = name.partition("_")
        if name == STEP:
            return self.notation.symbol(STEP)
        if self.roles.is_matrix(name):
            return self.notation.symbol(base, sup=",".join(index) if index.isalpha() else index.replace("_", ","))
        if name in self.roles.vectors:
            return self.notation.symbol(base, sub=index.replace("_", ","))
        if name in self.constants:
            return self.notation.symbol(base, sup=index.replace("_", ","))
        before = name in self.states and name not in self.done
        time = f"t{self.notation.minus}1" if before else "t"
        return self.notation.symbol(base, sub=time, sup=index.replace("_", ","))

    def text(self, expression: Expression) -> str:
        match expression:
            case Number(value=value):
                return self.notation.number(value)
            case Name(name=name):
                return self.value(name)
            case MatrixProduct(matrix=matrix, transposed=transposed, operand=operand):
                inner = self.text(operand)
                plain = isinstance(operand, Name) or (isinstance(operand, Call) and not self.loose(operand))
                return self.matrix(matrix, transposed) + " " + (inner if plain else self.notation.brackets(inner))
            case Call():
                return self.call(expression)

    def matrix(self, name: str, transposed: bool) -> str:
        if not transposed:
            return self.value(name)
        symbol = self.notation.brackets(self.value(name)) if "_" in name else self.value(name)
        return symbol + ("<sup>T</sup>" if self.notation.html else "^{\\top}")

    def call(self, call: Call) -> str:
        name, args = call.function, call.args
        if name in _COMPARISON_SIGNS:
            return f"{self.text(args[0])} {self.notation.sign(name)} {self.text(args[1])}"
        if name not in OPERATORS:
            return self.notation.function(name) + self.notation.brackets(", ".join(self.text(arg) for arg in args))
        if name == "negative":
            return self.notation.minus + self.term(args[0])
        if name == "add":
            negative = isinstance(args[1], Call) and args[1].function == "negative"
            return f"{self.text(args[0])} + {self.term(args[1]) if negative else self.text(args[1])}"
        if name == "subtract":
            return f"{self.text(args[0])} {self.notation.minus} {self.term(args[1])}"
        if name == "divide":
            if self.notation.html:
                return self.notation.fraction(self.factor(args[0]), self.factor(args[1], tight=True))
            return self.notation.fraction(self.text(args[0]), self.text(args[1]))
        first, second = (self.factor(arg) for arg in args)
        close = isinstance(args[0], Number) and not second[0].isdigit()
        return first + (" " if close else self.notation.times) + second

    def term(self, expression: Expression) -> str:
        """What a minus stands before, in brackets where it would else be read otherwise."""
        text = self.text(expression)
        return self.notation.brackets(text) if self.is_sum(expression) else text

    def factor(self, expression: Expression, *, tight: bool = False) -> str:
        """An operand of a product, in brackets where it would else be read otherwise."""
        product = isinstance(expression, Call) and expression.function in ("multiply", "divide")
        if isinstance(expression, MatrixProduct) or (tight and product):
            return self.notation.brackets(self.text(expression))
        return self.term(expression)

    def is_sum(self, expression: Expression) -> bool:
        return isinstance(expression, Call) and expression.function in ("add", "subtract", "negative")

    def is_constant(self, expression: Expression) -> bool:
        """Whether vector parameters and numbers alone make it: then it has no time."""
        return all(
            not isinstance(part, MatrixProduct)
            and (not isinstance(part, Name) or part.name in self.roles.vectors or part.name in self.constants)
            for part in walk(expression)
        )

    def loose(self, call: Call) -> bool:
        return call.function in OPERATORS
