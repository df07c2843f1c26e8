"""What formulas come to: arithmetic, comparisons, references, ranges and a small set of functions.

Anything else comes to ``#NAME?``, as in Sheets for a function that it does not know; a formula that cannot be read to
``#ERROR!``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from connectors.google.emulator.sheets.book import Book, Formula, Sheet, number_of
from connectors.google.emulator.sheets.functions import (
    CIRCLE,
    NUMBER,
    REFERENCE,
    UNREADABLE,
    Failed,
    Failure,
    Value,
    apply,
    call,
    number,
    one,
)
from connectors.google.emulator.sheets.ranges import Area, column_number
from connectors.google.emulator.sheets.values import EPOCH

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
            self._known[place] = self.comes_to(entered.text, sheet)
            self._running.discard(place)
        return self._known[place]

    def comes_to(self, text: str, sheet: Sheet) -> Value:
        """The value of a formula that stands on *sheet*."""
        try:
            found = _Reader(list(_tokens(text[1:])), self, sheet).whole()
            value = found[0][0] if isinstance(found, list) else found
        except Failed as failed:
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
                raise Failed(REFERENCE)
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
        raise Failed(UNREADABLE)
    columns = sorted(column_number(end[1]) for end in ends if end)
    rows = sorted(int(end[2]) - 1 for end in ends if end and end[2])
    if columns[-1] >= sheet.columns or (rows and (rows[-1] >= sheet.rows or rows[0] < 0)):
        raise Failed(REFERENCE)
    top, bottom = (rows[0], rows[-1] + 1) if rows else (0, sheet.used()[0] or 1)
    return Area(sheet, top, bottom, columns[0], columns[-1] + 1)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at, text = 0, text.strip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise Failed(UNREADABLE)
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
            raise Failed(UNREADABLE)
        return value

    def _binary(self, least: int) -> Any:
        left = self._unary()
        while self._tokens and self._tokens[0][0] == "sign" and _POWER.get(self._tokens[0][1], 0) > least:
            sign = self._tokens.pop(0)[1]
            right = self._binary(_POWER[sign] - (1 if sign == "^" else 0))
            left = apply(sign, one(left), one(right))
        return left

    def _unary(self) -> Any:
        if self._tokens and self._tokens[0] in (("sign", "-"), ("sign", "+")):
            negative = self._tokens.pop(0)[1] == "-"
            value = number(one(self._binary(5)))
            return -value if negative else value
        value = self._primary()
        while self._tokens and self._tokens[0] == ("sign", "%"):
            self._tokens.pop(0)
            value = number(one(value)) / 100
        return value

    def _primary(self) -> Any:
        if not self._tokens:
            raise Failed(UNREADABLE)
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
        raise Failed(UNREADABLE)

    def _name(self, text: str) -> Any:
        if self._tokens and self._tokens[0] == ("sign", "("):
            self._tokens.pop(0)
            return call(text.upper(), self._arguments(), self._calculator.today, self._calculator.moment)
        if text.upper() in ("TRUE", "FALSE"):
            return text.upper() == "TRUE"
        named = self._calculator.named(text)
        if named is None:
            raise Failed(Failure("NAME", "#NAME?", f"Unknown range name: '{text.upper()}'."))
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
        except Failed as failed:
            if failed.failure is UNREADABLE:
                raise
            failure = failed.failure
            self._tokens[:] = _after_argument(rest)

            def rises() -> Any:
                raise Failed(failure)

            return rises
        return lambda: value

    def _close(self) -> None:
        if not self._tokens or self._tokens.pop(0) != ("sign", ")"):
            raise Failed(UNREADABLE)


def _after_argument(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What is left from the comma or bracket that ends the first argument."""
    depth = 0
    for index, (kind, text) in enumerate(tokens):
        if kind == "sign" and depth == 0 and text in (",", ";", ")"):
            return tokens[index:]
        depth += (kind == "sign" and text == "(") - (kind == "sign" and text == ")")
    return []
