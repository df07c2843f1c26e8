"""What formulas come to: arithmetic, comparisons, references, ranges and a small set of functions.

Anything else comes to ``#NAME?``, as in Sheets for a function that it does not know; a formula that cannot be read to
``#ERROR!``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.google.emulator.sheets.book import Book, Formula, Sheet, number_of
from connectors.google.emulator.sheets.ranges import Area, column_number
from connectors.google.emulator.sheets.values import EPOCH, general, typed

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+)
    |(?P<text>"(?:[^"]|"")*")
    |(?P<area>(?:'(?:[^']|'')+'!|[A-Za-z_][\w.]*!)?\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?(?![\w(])
        |(?:'(?:[^']|'')+'!|[A-Za-z_][\w.]*!)?\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![\w(]))
    |(?P<name>[A-Za-z_][\w.]*)
    |(?P<sign><=|>=|<>|[-+*/^&=<>(),;%{}]))""",
    re.VERBOSE,
)
_POWER = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 6}


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


class _Failed(Exception):
    def __init__(self, failure: Failure) -> None:
        self.failure = failure


class Calculator:
    """The effective values of one spreadsheet as it stands now."""

    def __init__(self, book: Book, now: datetime) -> None:
        self._book, self._now = book, now
        self._known: dict[tuple[int, int, int], Value] = {}
        self._running: set[tuple[int, int, int]] = set()

    def value(self, sheet: Sheet, row: int, column: int) -> Value:
        """What the cell comes to."""
        entered = sheet.at(row, column).value
        if not isinstance(entered, Formula):
            return entered
        place = (sheet.id, row, column)
        if place not in self._known:
            if place in self._running:
                return CIRCLE
            self._running.add(place)
            self._known[place] = self._come_to(entered.text, sheet)
            self._running.discard(place)
        return self._known[place]

    def _come_to(self, text: str, sheet: Sheet) -> Value:
        try:
            found = _Reader(list(_tokens(text[1:])), self, sheet).whole()
            value = found[0][0] if isinstance(found, list) else found
        except _Failed as failed:
            return failed.failure
        except RecursionError:
            return UNREADABLE
        if isinstance(value, float):
            return number_of(value) if math.isfinite(value) else NUMBER
        return 0 if value is None else value

    def area(self, text: str, sheet: Sheet) -> list[list[Value]]:
        """The values of a reference."""
        title, mark, cells = text.rpartition("!")
        if mark:
            named = self._book.titled(title[1:-1].replace("''", "'") if title.startswith("'") else title)
            if named is None:
                raise _Failed(REFERENCE)
            sheet = named
        area = _area(cells.replace("$", ""), sheet)
        return [[self.value(sheet, row, column) for column in area.columns] for row in area.rows]

    def named(self, name: str) -> list[list[Value]] | None:
        """The values of a named range."""
        for known in self._book.names.values():
            if known["name"].lower() == name.lower():
                given = known["range"]
                sheet = self._book.sheet(int(given.get("sheetId") or 0))
                if sheet is None:
                    return None
                area = Area(
                    sheet,
                    *(given.get(key) or 0 for key in ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")),
                )
                return [[self.value(sheet, row, column) for column in area.columns] for row in area.rows]
        return None

    @property
    def today(self) -> int:
        """The day as a number."""
        return (self._now.replace(tzinfo=None) - EPOCH).days

    @property
    def moment(self) -> float:
        """Now as a number."""
        return (self._now.replace(tzinfo=None) - EPOCH).total_seconds() / 86400


def _area(text: str, sheet: Sheet) -> Area:
    first, _, last = text.partition(":")
    ends = [re.fullmatch(r"([A-Za-z]+)(\d*)", each) for each in (first, last or first)]
    if not all(ends):
        raise _Failed(UNREADABLE)
    columns = sorted(column_number(end[1]) for end in ends if end)
    rows = sorted(int(end[2]) - 1 for end in ends if end and end[2])
    if columns[-1] >= sheet.columns or (rows and (rows[-1] >= sheet.rows or rows[0] < 0)):
        raise _Failed(REFERENCE)
    bottom = sheet.used()[0] or 1
    return Area(sheet, rows[0] if rows else 0, rows[-1] + 1 if rows else bottom, columns[0], columns[-1] + 1)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at, text = 0, text.strip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise _Failed(UNREADABLE)
        yield str(found.lastgroup), found.group(str(found.lastgroup))
        at = found.end()


class _Reader:
    """Precedence climbing over the tokens."""

    def __init__(self, tokens: list[tuple[str, str]], calculator: Calculator, sheet: Sheet) -> None:
        self._tokens, self._calculator, self._sheet = tokens, calculator, sheet

    def whole(self) -> Any:
        """The value of all tokens."""
        value = self._binary(0)
        if self._tokens:
            raise _Failed(UNREADABLE)
        return value

    def _binary(self, least: int) -> Any:
        left = self._unary()
        while self._tokens and self._tokens[0][0] == "sign" and _POWER.get(self._tokens[0][1], 0) > least:
            sign = self._tokens.pop(0)[1]
            right = self._binary(_POWER[sign] - (1 if sign == "^" else 0))
            left = _apply(sign, _one(left), _one(right))
        return left

    def _unary(self) -> Any:
        if self._tokens and self._tokens[0] in (("sign", "-"), ("sign", "+")):
            negative = self._tokens.pop(0)[1] == "-"
            value = _number(_one(self._binary(5)))
            return -value if negative else value
        value = self._primary()
        while self._tokens and self._tokens[0] == ("sign", "%"):
            self._tokens.pop(0)
            value = _number(_one(value)) / 100
        return value

    def _primary(self) -> Any:
        if not self._tokens:
            raise _Failed(UNREADABLE)
        kind, text = self._tokens.pop(0)
        if kind == "number":
            return number_of(text)
        if kind == "text":
            return text[1:-1].replace('""', '"')
        if kind == "area":
            return self._calculator.area(text, self._sheet)
        if kind == "name":
            return self._name(text)
        if text == "(":
            value = self._binary(0)
            self._close()
            return value
        raise _Failed(UNREADABLE)

    def _name(self, text: str) -> Any:
        if self._tokens and self._tokens[0] == ("sign", "("):
            self._tokens.pop(0)
            return _call(text.upper(), self._arguments(), self._calculator)
        if text.upper() in ("TRUE", "FALSE"):
            return text.upper() == "TRUE"
        named = self._calculator.named(text)
        if named is None:
            raise _Failed(Failure("NAME", "#NAME?", f"Unknown range name: '{text.upper()}'."))
        return named

    def _arguments(self) -> list[Callable[[], Any]]:
        """Each argument, worked out already; an error in it rises only when the function looks at it."""
        found: list[Callable[[], Any]] = []
        if self._tokens and self._tokens[0] == ("sign", ")"):
            self._tokens.pop(0)
            return found
        while True:
            found.append(self._argument())
            if self._tokens and self._tokens[0] in (("sign", ","), ("sign", ";")):
                self._tokens.pop(0)
                continue
            self._close()
            return found

    def _argument(self) -> Callable[[], Any]:
        if self._tokens and self._tokens[0] in (("sign", ","), ("sign", ";"), ("sign", ")")):
            return lambda: None
        rest = list(self._tokens)
        try:
            value = self._binary(0)
        except _Failed as failed:
            if failed.failure is UNREADABLE:
                raise
            failure = failed.failure
            self._tokens[:] = _after_argument(rest)

            def rises() -> Any:
                raise _Failed(failure)

            return rises
        return lambda: value

    def _close(self) -> None:
        if not self._tokens or self._tokens.pop(0) != ("sign", ")"):
            raise _Failed(UNREADABLE)


def _after_argument(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What is left from the comma or bracket that ends the first argument."""
    depth = 0
    for index, (kind, text) in enumerate(tokens):
        if kind == "sign" and depth == 0 and text in (",", ";", ")"):
            return tokens[index:]
        depth += (kind == "sign" and text == "(") - (kind == "sign" and text == ")")
    return []


def _one(value: Any) -> Any:
    """A single value; an error in it rises."""
    if isinstance(value, list):
        value = value[0][0] if value and value[0] else None
    if isinstance(value, Failure):
        raise _Failed(value)
    return value


def _number(value: Any) -> Any:
    if value is None:
        return 0
    if isinstance(value, str):
        number, _ = typed(value, "en_US")
        if isinstance(number, str | Formula | bool | None):
            raise _Failed(VALUE)
        return number
    return int(value) if isinstance(value, bool) else value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else general(value)


def _apply(sign: str, left: Any, right: Any) -> Any:
    if sign == "&":
        return _text(left) + _text(right)
    if sign in ("=", "<>", "<", ">", "<=", ">="):
        return _compared(sign, left, right)
    one, other = _number(left), _number(right)
    if sign == "/":
        if other == 0:
            raise _Failed(DIVIDED)
        return one / other
    try:
        return {"+": lambda: one + other, "-": lambda: one - other, "*": lambda: one * other, "^": lambda: one**other}[sign]()
    except (OverflowError, ZeroDivisionError) as error:
        raise _Failed(NUMBER) from error


def _compared(sign: str, left: Any, right: Any) -> bool:
    def key(value: Any) -> tuple[int, Any]:
        if isinstance(value, bool):
            return (2, value)
        if isinstance(value, str):
            return (1, value.lower())
        return (0, value or 0)

    one, other = key(left), key(right)
    if left is None and isinstance(right, str):
        one = (1, "")
    if right is None and isinstance(left, str):
        other = (1, "")
    return {
        "=": one == other,
        "<>": one != other,
        "<": one < other,
        ">": one > other,
        "<=": one <= other,
        ">=": one >= other,
    }[sign]


def _flat(arguments: list[Callable[[], Any]]) -> Iterator[tuple[Any, bool]]:
    """Every value, and whether it stood in a range."""
    for argument in arguments:
        value = argument()
        if isinstance(value, list):
            for line in value:
                for each in line:
                    yield _one(each), True
        else:
            yield _one(value), False


def _numbers(arguments: list[Callable[[], Any]]) -> list[float]:
    """What counts as a number: text and truth values inside ranges do not."""
    return [
        _number(value)
        for value, ranged in _flat(arguments)
        if value is not None and not (ranged and isinstance(value, str | bool))
    ]


def _average(arguments: list[Callable[[], Any]]) -> float:
    numbers = _numbers(arguments)
    if not numbers:
        raise _Failed(DIVIDED)
    return sum(numbers) / len(numbers)


def _if(arguments: list[Callable[[], Any]]) -> Any:
    if not 2 <= len(arguments) <= 3:
        raise _Failed(Failure("N_A", "#N/A", "Wrong number of arguments to IF."))
    if _number(_one(arguments[0]())):
        return _one(arguments[1]())
    return _one(arguments[2]()) if len(arguments) == 3 else False


def _iferror(arguments: list[Callable[[], Any]]) -> Any:
    try:
        return _one(arguments[0]())
    except _Failed:
        return _one(arguments[1]()) if len(arguments) > 1 else None


def _rounded(arguments: list[Callable[[], Any]]) -> float:
    number, places = _number(_one(arguments[0]())), int(_number(_one(arguments[1]()))) if len(arguments) > 1 else 0
    factor = 10.0**places
    return math.copysign(math.floor(abs(number) * factor + 0.5) / factor, number)


def _counted_if(arguments: list[Callable[[], Any]]) -> int:
    criterion = _text(_one(arguments[1]()))
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
    "ABS": lambda a: abs(_number(_one(a[0]()))),
    "ROUND": _rounded,
    "INT": lambda a: math.floor(_number(_one(a[0]()))),
    "MOD": lambda a: _number(_one(a[0]())) % _number(_one(a[1]())),
    "SQRT": lambda a: math.sqrt(_number(_one(a[0]()))),
    "IF": _if,
    "IFERROR": _iferror,
    "AND": lambda a: all(bool(_number(value)) for value, _ in _flat(a) if value is not None),
    "OR": lambda a: any(bool(_number(value)) for value, _ in _flat(a) if value is not None),
    "NOT": lambda a: not _number(_one(a[0]())),
    "TRUE": lambda a: True,
    "FALSE": lambda a: False,
    "LEN": lambda a: len(_text(_one(a[0]()))),
    "UPPER": lambda a: _text(_one(a[0]())).upper(),
    "LOWER": lambda a: _text(_one(a[0]())).lower(),
    "TRIM": lambda a: " ".join(_text(_one(a[0]())).split()),
    "CONCATENATE": lambda a: "".join(_text(value) for value, _ in _flat(a)),
    "CONCAT": lambda a: "".join(_text(value) for value, _ in _flat(a)),
    "HYPERLINK": lambda a: _one(a[1]()) if len(a) > 1 else _one(a[0]()),
    "IMAGE": lambda a: "",
    "ISBLANK": lambda a: next((value for value, _ in _flat(a[:1])), None) is None,
}


def _call(name: str, arguments: list[Callable[[], Any]], calculator: Calculator) -> Any:
    if name == "TODAY":
        return calculator.today
    if name == "NOW":
        return calculator.moment
    function = _FUNCTIONS.get(name)
    if function is None:
        raise _Failed(Failure("NAME", "#NAME?", f"Unknown function: '{name}'."))
    try:
        return function(arguments)
    except IndexError as error:
        raise _Failed(Failure("N_A", "#N/A", f"Wrong number of arguments to {name}.")) from error
    except (ValueError, ZeroDivisionError) as error:
        raise _Failed(DIVIDED if isinstance(error, ZeroDivisionError) else NUMBER) from error


_REFERENCE = re.compile(r"""("(?:[^"]|"")*")|((?:'(?:[^']|'')+'!|[A-Za-z_][\w.]*!)?)(\$?)([A-Za-z]{1,3})(\$?)(\d+)(?![\w(])""")


def moved(text: str, down: int, right: int) -> str:
    """A formula as it reads after it was copied *down* rows and *right* columns; ``$`` holds a reference."""

    def shift(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        column = column_number(found[4]) + (0 if found[3] else right)
        row = int(found[6]) + (0 if found[5] else down)
        return _reference(found, row, column)

    return _REFERENCE.sub(shift, text)


def _reference(found: re.Match[str], row: int, column: int) -> str:
    from connectors.google.emulator.sheets.ranges import letters

    return "#REF!" if row < 1 or column < 0 else f"{found[2]}{found[3]}{letters(column)}{found[5]}{row}"


def reflowed(text: str, here: bool, title: str, dimension: str, start: int, count: int) -> str:
    """A formula after *count* rows or columns were put in at *start*, or taken away if negative, on the tab *title*."""

    def shift(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        tab = found[2][:-1].strip("'").replace("''", "'").lower()
        if tab != title.lower() if tab else not here:
            return found[0]
        row, column = int(found[6]) - 1, column_number(found[4])
        place = row if dimension == "ROWS" else column
        if count < 0 and start <= place < start - count:
            return "#REF!"
        by = count if place >= start else 0
        return _reference(found, row + 1 + (by if dimension == "ROWS" else 0), column + (by if dimension == "COLUMNS" else 0))

    return _REFERENCE.sub(shift, text)
