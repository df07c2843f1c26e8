"""Formulas, as far as a rehearsal meets them: https://www.notion.com/help/formula-syntax.

Numbers, texts, checkboxes and dates of the same row, operators, and the plain functions. Whatever goes beyond is
``unsupported``, which Notion itself answers to formulas that it does not compute for clients.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Value = tuple[str, Any]
"""A kind (``number``, ``string``, ``boolean``, ``date``) and what stands there; None is nothing."""
UNSUPPORTED: Mapping[str, Any] = {"type": "unsupported", "unsupported": {}}
MAX_LENGTH = 1000
_WORDS = {"&&": " and ", "||": " or ", "!": " not ", "true": "True", "false": "False", "if": "if_", "^": "**"}
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|&&|\|\||!(?!=)|\^|\b(?:true|false|if)\b')
_ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: math.fmod,
    ast.Pow: math.pow,
}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class _Beyond(Exception):
    """What is not computed here."""


def result(expression: str, value_of: Callable[[str], Value | None]) -> Mapping[str, Any]:
    """What *expression* gives in a row; *value_of* tells a property of it by name, None when it cannot be used."""
    if len(expression) > MAX_LENGTH:
        return UNSUPPORTED
    try:
        kind, value = _of(ast.parse(_as_python(expression), mode="eval").body, value_of)
    except (_Beyond, SyntaxError, TypeError, ValueError, ArithmeticError, RecursionError):
        return UNSUPPORTED
    return {"type": kind, kind: _plain(value)} if not isinstance(value, float) or math.isfinite(value) else UNSUPPORTED


def _as_python(expression: str) -> str:
    return _TOKEN.sub(lambda found: _WORDS.get(found[0], found[0]), expression).strip()


def _plain(value: Any) -> Any:
    """Numbers as JavaScript writes them: 2, not 2.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _of(node: ast.AST, value_of: Callable[[str], Value | None]) -> Value:
    match node:
        case ast.Constant(value=bool(value)):
            return "boolean", value
        case ast.Constant(value=int() | float() as value):
            return "number", value
        case ast.Constant(value=str(value)):
            return "string", value
        case ast.UnaryOp(op=ast.Not(), operand=inside):
            return "boolean", not _of(inside, value_of)[1]
        case ast.UnaryOp(op=ast.USub(), operand=inside):
            return _reckoned(operator.sub, ("number", 0), _of(inside, value_of))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            return _reckoned(_ARITHMETIC[type(op)], _of(left, value_of), _of(right, value_of))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
            return "boolean", _COMPARISONS[type(op)](_of(left, value_of)[1], _of(right, value_of)[1])
        case ast.BoolOp(op=op, values=values):
            found = [bool(_of(one, value_of)[1]) for one in values]
            return "boolean", all(found) if isinstance(op, ast.And) else any(found)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _called(name, arguments, value_of)
        case ast.Call(func=ast.Attribute(value=first, attr=name), args=arguments):
            return _called(name, [first, *arguments], value_of)
    raise _Beyond


def _reckoned(reckon: Callable[[Any, Any], Any], left: Value, right: Value) -> Value:
    if reckon is operator.add and "string" in (left[0], right[0]):
        return "string", _written(left) + _written(right)
    if (left[0], right[0]) != ("number", "number"):
        raise _Beyond
    return "number", None if left[1] is None or right[1] is None else reckon(left[1], right[1])


def _written(value: Value) -> str:
    kind, inside = value
    if inside is None:
        return ""
    return str(inside).lower() if kind == "boolean" else str(_plain(inside))


def _called(name: str, arguments: Sequence[ast.AST], value_of: Callable[[str], Value | None]) -> Value:
    if name == "if_" and len(arguments) == 3:
        condition, then, otherwise = arguments
        return _of(then if _of(condition, value_of)[1] else otherwise, value_of)
    values = [_of(one, value_of) for one in arguments]
    if name == "prop" and len(values) == 1:
        found = value_of(str(values[0][1]))
        if found is None:
            raise _Beyond
        return found
    if name not in _FUNCTIONS:
        raise _Beyond
    return _FUNCTIONS[name](*values)


_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "empty": lambda value: ("boolean", value[1] in (None, "", 0, False)),
    "length": lambda value: ("number", len(_written(value))),
    "concat": lambda *values: ("string", "".join(_written(one) for one in values)),
    "format": lambda value: ("string", _written(value)),
    "lower": lambda value: ("string", _written(value).lower()),
    "upper": lambda value: ("string", _written(value).upper()),
    "contains": lambda value, part: ("boolean", _written(part) in _written(value)),
    "toNumber": lambda value: ("number", float(_written(value))),
    "abs": lambda value: ("number", abs(value[1])),
    "round": lambda value: ("number", math.floor(value[1] + 0.5)),
    "floor": lambda value: ("number", math.floor(value[1])),
    "ceil": lambda value: ("number", math.ceil(value[1])),
    "min": lambda *values: ("number", min(one[1] for one in values)),
    "max": lambda *values: ("number", max(one[1] for one in values)),
}
