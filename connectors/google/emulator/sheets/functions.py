"""What operators and functions of formulas make of values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import add, mul, sub
from typing import Any

from connectors.google.emulator.sheets.book import Formula
from connectors.google.emulator.sheets.values import general, typed


@dataclass(frozen=True)
class Failure:
    """An error value. *kind* is Google's word for it."""

    kind: str
    text: str
    why: str = ""


DIVIDED = Failure("DIVIDE_BY_ZERO", "#DIV/0!", "Function DIVIDE parameter 2 cannot be zero.")


REFERENCE = Failure("REF", "#REF!", "Reference does not exist")


CIRCLE = Failure("REF", "#REF!", "Circular dependency detected.")


VALUE = Failure("VALUE", "#VALUE!", "This operation cannot be done with these values.")


UNREADABLE = Failure("ERROR", "#ERROR!", "Formula parse error.")


NUMBER = Failure("NUM", "#NUM!", "The number is out of reach.")


#: What a formula can come to.
Value = str | bool | int | float | None | Failure


class Failed(Exception):
    """A formula that comes to an error value."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure


def one(value: Any) -> Any:
    """A single value; an error in it rises."""
    if isinstance(value, list):
        value = value[0][0] if value and value[0] else None
    if isinstance(value, Failure):
        raise Failed(value)
    return value


def number(value: Any) -> Any:
    """*value* as a number; nothing is 0, text has to look like one."""
    if value is None:
        return 0
    if isinstance(value, str):
        read, _ = typed(value, "en_US")
        if isinstance(read, str | Formula | bool | None):
            raise Failed(VALUE)
        return read
    return int(value) if isinstance(value, bool) else value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else general(value)


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {"+": add, "-": sub, "*": mul, "^": pow}


def apply(sign: str, left: Any, right: Any) -> Any:
    """What an operator makes of two values."""
    if sign == "&":
        return _text(left) + _text(right)
    if sign in ("=", "<>", "<", ">", "<=", ">="):
        return _compared(sign, left, right)
    first, other = number(left), number(right)
    if sign == "/":
        if other == 0:
            raise Failed(DIVIDED)
        return first / other
    try:
        return _ARITHMETIC[sign](first, other)
    except (OverflowError, ZeroDivisionError) as error:
        raise Failed(NUMBER) from error


def _compared(sign: str, left: Any, right: Any) -> bool:
    def key(value: Any) -> tuple[int, Any]:
        if isinstance(value, bool):
            return (2, value)
        if isinstance(value, str):
            return (1, value.lower())
        return (0, value or 0)

    first, other = key(left), key(right)
    if left is None and isinstance(right, str):
        first = (1, "")
    if right is None and isinstance(left, str):
        other = (1, "")
    return {
        "=": first == other,
        "<>": first != other,
        "<": first < other,
        ">": first > other,
        "<=": first <= other,
        ">=": first >= other,
    }[sign]


def _flat(arguments: list[Callable[[], Any]]) -> Iterator[tuple[Any, bool]]:
    """Every value, and whether it stood in a range."""
    for argument in arguments:
        value = argument()
        if isinstance(value, list):
            for line in value:
                for each in line:
                    yield one(each), True
        else:
            yield one(value), False


def _numbers(arguments: list[Callable[[], Any]]) -> list[float]:
    """What counts as a number: text and truth values inside ranges do not."""
    return [
        number(value)
        for value, ranged in _flat(arguments)
        if value is not None and not (ranged and isinstance(value, str | bool))
    ]


def _average(arguments: list[Callable[[], Any]]) -> float:
    numbers = _numbers(arguments)
    if not numbers:
        raise Failed(DIVIDED)
    return sum(numbers) / len(numbers)


def _if(arguments: list[Callable[[], Any]]) -> Any:
    if not 2 <= len(arguments) <= 3:
        raise Failed(Failure("N_A", "#N/A", "Wrong number of arguments to IF."))
    if number(one(arguments[0]())):
        return one(arguments[1]())
    return one(arguments[2]()) if len(arguments) == 3 else False


def _iferror(arguments: list[Callable[[], Any]]) -> Any:
    try:
        return one(arguments[0]())
    except Failed:
        return one(arguments[1]()) if len(arguments) > 1 else None


def _rounded(arguments: list[Callable[[], Any]]) -> float:
    value, places = number(one(arguments[0]())), int(number(one(arguments[1]()))) if len(arguments) > 1 else 0
    factor = 10.0**places
    return math.copysign(math.floor(abs(value) * factor + 0.5) / factor, value)


def _counted_if(arguments: list[Callable[[], Any]]) -> int:
    criterion = _text(one(arguments[1]()))
    found = re.fullmatch(r"(<=|>=|<>|=|<|>)?(.*)", criterion, re.DOTALL)
    sign, wanted = (found[1] or "=", found[2]) if found else ("=", criterion)
    target, _ = typed(wanted, "en_US")
    return sum(
        1
        for value, _ in _flat(arguments[:1])
        if value is not None and isinstance(value, str) == isinstance(target, str) and _compared(sign, value, target)
    )


_FUNCTIONS: dict[str, Callable[[list[Callable[[], Any]]], Any]] = {
    "SUM": lambda a: sum(_numbers(a)),
    "PRODUCT": lambda a: math.prod(_numbers(a)),
    "AVERAGE": _average,
    "MIN": lambda a: min(_numbers(a), default=0),
    "MAX": lambda a: max(_numbers(a), default=0),
    "COUNT": lambda a: len(_numbers(a)),
    "COUNTA": lambda a: sum(1 for value, _ in _flat(a) if value is not None),
    "COUNTBLANK": lambda a: sum(1 for value, _ in _flat(a) if value is None or value == ""),
    "COUNTIF": _counted_if,
    "ABS": lambda a: abs(number(one(a[0]()))),
    "ROUND": _rounded,
    "INT": lambda a: math.floor(number(one(a[0]()))),
    "MOD": lambda a: number(one(a[0]())) % number(one(a[1]())),
    "SQRT": lambda a: math.sqrt(number(one(a[0]()))),
    "IF": _if,
    "IFERROR": _iferror,
    "AND": lambda a: all(bool(number(value)) for value, _ in _flat(a) if value is not None),
    "OR": lambda a: any(bool(number(value)) for value, _ in _flat(a) if value is not None),
    "NOT": lambda a: not number(one(a[0]())),
    "TRUE": lambda a: True,
    "FALSE": lambda a: False,
    "LEN": lambda a: len(_text(one(a[0]()))),
    "UPPER": lambda a: _text(one(a[0]())).upper(),
    "LOWER": lambda a: _text(one(a[0]())).lower(),
    "TRIM": lambda a: " ".join(_text(one(a[0]())).split()),
    "CONCATENATE": lambda a: "".join(_text(value) for value, _ in _flat(a)),
    "CONCAT": lambda a: "".join(_text(value) for value, _ in _flat(a)),
    "HYPERLINK": lambda a: one(a[1]()) if len(a) > 1 else one(a[0]()),
    "IMAGE": lambda a: "",
    "ISBLANK": lambda a: next((value for value, _ in _flat(a[:1])), None) is None,
}


def call(name: str, arguments: list[Callable[[], Any]], today: int, moment: float) -> Any:
    """What the function *name* makes of its arguments, each of which is worked out when it is looked at."""
    if name == "TODAY":
        return today
    if name == "NOW":
        return moment
    function = _FUNCTIONS.get(name)
    if function is None:
        raise Failed(Failure("NAME", "#NAME?", f"Unknown function: '{name}'."))
    try:
        return function(arguments)
    except IndexError as error:
        raise Failed(Failure("N_A", "#N/A", f"Wrong number of arguments to {name}.")) from error
    except (ValueError, ZeroDivisionError) as error:
        raise Failed(DIVIDED if isinstance(error, ZeroDivisionError) else NUMBER) from error
