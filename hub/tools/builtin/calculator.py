"""Arithmetic that does not guess, with limits so that no expression holds the hub up."""

from __future__ import annotations

import ast
import math
import operator
import statistics
from collections.abc import Callable
from typing import Annotated, Any

from simpleeval import InvalidExpression, SimpleEval  # pyright: ignore[reportMissingTypeStubs]

from hub.errors import BadInput
from hub.tools.schema import tool
from hub.turns import ToolResult

LONGEST = 1_000
BITS = 10_000
"""The size of the largest whole number that may come up, some 3,000 digits."""
_Number = int | float
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(math, name) for name in (
        "sqrt", "exp", "log", "log2", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh",
        "tanh", "degrees", "radians", "floor", "ceil", "trunc", "hypot",
    )},
    "abs": abs, "round": round, "min": min, "max": max, "cbrt": math.cbrt, "int": int, "float": float,
}  # fmt: skip
_NAMES = {"pi": math.pi, "e": math.e, "tau": math.tau, "inf": math.inf, "True": True, "False": False}
_Expression = Annotated[
    str, "Such as (3 + 4) * 2**0.5, mean(1, 2, 4), comb(49, 6), 17 % 5. ^ is a power too; log(x) is natural."
]


@tool("Calculate", "calculate", group="Built in", permission="always", resident=True, id="hub:calculator", seconds=10)
def calculator(expression: _Expression) -> ToolResult:
    """Work out an arithmetic expression exactly. Use it for every sum that matters: you make mistakes with numbers."""
    if len(expression) > LONGEST:
        raise BadInput(f"The expression has more than {LONGEST:,} characters.", hint="Work it out in steps.")
    try:
        value = _evaluator().eval(expression.strip())  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    except (InvalidExpression, ArithmeticError, ValueError, TypeError, SyntaxError, RecursionError) as error:
        raise BadInput(f"That cannot be worked out: {error or type(error).__name__}.") from error
    shown = _shown(value)
    return ToolResult(f"{expression.strip()} = {shown}", shown if len(shown) <= 40 else f"{shown[:37]}…", ours=True)


def _add(a: Any, b: Any) -> _Number:
    return _small(_number(a) + _number(b))


def _subtract(a: Any, b: Any) -> _Number:
    return _small(_number(a) - _number(b))


def _multiply(a: Any, b: Any) -> _Number:
    return _small(_number(a) * _number(b))


def _divide(a: Any, b: Any) -> _Number:
    return _number(a) / _number(b)


def _divide_whole(a: Any, b: Any) -> _Number:
    return _number(a) // _number(b)


def _modulo(a: Any, b: Any) -> _Number:
    return _number(a) % _number(b)


def _sum(*of: Any) -> _Number:
    numbers = [_number(one) for one in of]
    return math.fsum(numbers) if any(isinstance(one, float) for one in numbers) else sum(numbers)


def _factorial(n: Any) -> int:
    return math.factorial(_within(n, 1_000))


def _comb(n: Any, k: Any) -> int:
    return math.comb(_within(n, 2_000), _within(k, 2_000))


def _perm(n: Any, k: Any) -> int:
    return math.perm(_within(n, 1_000), _within(k, 1_000))


def _lcm(*of: Any) -> _Number:
    return _small(math.lcm(*of))


def _of_many(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of a list, of its members."""
    return lambda *of: function([_number(one) for one in of])


def _number(value: Any) -> _Number:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("only numbers are worked with")
    return value


def _small(value: _Number) -> _Number:
    if isinstance(value, int) and value.bit_length() > BITS:
        raise ValueError("the number becomes too large")
    return value


def _power(base: Any, exponent: Any) -> Any:
    a, b = _number(base), _number(exponent)
    whole = isinstance(a, int) and isinstance(b, int)
    if whole and abs(a) > 1 and abs(b) * math.log2(abs(a)) > BITS:
        raise ValueError("the number becomes too large")
    found = a**b
    if isinstance(found, complex):
        raise ValueError("it has no real result")
    return found


def _within(value: Any, most: int) -> int:
    if not isinstance(value, int) or value > most:
        raise ValueError(f"only whole numbers up to {most:,} go in there")
    return value


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # 15 significant digits are what a double holds: 0.1 + 0.2 is 0.3.
        return f"{value:.15g}"
    return str(_number(value))


_MANY = {name: _of_many(getattr(statistics, name)) for name in ("mean", "median", "stdev", "pstdev", "variance")}
_SUMS: dict[str, Callable[..., Any]] = {
    "sum": _sum, "factorial": _factorial, "comb": _comb, "perm": _perm, "gcd": math.gcd, "lcm": _lcm, "pow": _power,
}  # fmt: skip
_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: _add, ast.Sub: _subtract, ast.Mult: _multiply, ast.Div: _divide, ast.FloorDiv: _divide_whole,
    ast.Mod: _modulo, ast.Pow: _power, ast.BitXor: _power, ast.USub: operator.neg, ast.UAdd: operator.pos,
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Gt: operator.gt, ast.Lt: operator.lt, ast.GtE: operator.ge,
    ast.LtE: operator.le, ast.Not: operator.not_,
}  # fmt: skip


def _evaluator() -> SimpleEval:
    return SimpleEval(operators=_OPERATORS, functions={**_FUNCTIONS, **_MANY, **_SUMS}, names=dict(_NAMES))
