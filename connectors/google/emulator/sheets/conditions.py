"""Whether a conditional format applies to a cell, and what it makes of its looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connectors.google.emulator.errors import GoogleError, Json
from connectors.google.emulator.sheets.book import Book, Formula, Sheet
from connectors.google.emulator.sheets.formulas import Calculator
from connectors.google.emulator.sheets.functions import Failure
from connectors.google.emulator.sheets.ranges import Area, from_grid
from connectors.google.emulator.sheets.references import moved
from connectors.google.emulator.sheets.values import shown, typed

_NUMBERS: dict[str, Callable[[float, list[float]], bool]] = {
    "NUMBER_GREATER": lambda value, given: value > given[0],
    "NUMBER_GREATER_THAN_EQ": lambda value, given: value >= given[0],
    "NUMBER_LESS": lambda value, given: value < given[0],
    "NUMBER_LESS_THAN_EQ": lambda value, given: value <= given[0],
    "NUMBER_EQ": lambda value, given: value == given[0],
    "NUMBER_NOT_EQ": lambda value, given: value != given[0],
    "NUMBER_BETWEEN": lambda value, given: min(given[:2]) <= value <= max(given[:2]),
    "NUMBER_NOT_BETWEEN": lambda value, given: not min(given[:2]) <= value <= max(given[:2]),
    "DATE_EQ": lambda value, given: int(value) == int(given[0]),
    "DATE_BEFORE": lambda value, given: value < given[0],
    "DATE_AFTER": lambda value, given: value > given[0],
}
_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "TEXT_CONTAINS": lambda text, given: given in text,
    "TEXT_NOT_CONTAINS": lambda text, given: given not in text,
    "TEXT_STARTS_WITH": lambda text, given: text.startswith(given),
    "TEXT_ENDS_WITH": lambda text, given: text.endswith(given),
    "TEXT_EQ": lambda text, given: text == given,
    "TEXT_NOT_EQ": lambda text, given: text != given,
}
"""Without regard to case. Relative dates and gradients are kept, and change nothing."""


def formatting(book: Book, sheet: Sheet, row: int, column: int, calculator: Calculator) -> Json:
    """What the rules of a tab make of one cell: of two that apply, the first wins where they differ."""
    found: Json = {}
    for rule in sheet.conditional:
        boolean = rule.get("booleanRule") or {}
        area = _around(rule, book, row, column) if boolean else None
        if area and _holds(boolean["condition"], area, (row, column), calculator, book):
            found = over(boolean.get("format") or {}, found)
    return found


def over(under: Json, upper: Json) -> Json:
    """The format *under* with what *upper* sets besides or instead."""
    text = {**under.get("textFormat", {}), **upper.get("textFormat", {})}
    return {**under, **upper} | ({"textFormat": text} if text else {})


def _around(rule: Json, book: Book, row: int, column: int) -> Area | None:
    """The range of *rule* in which the cell stands."""
    for given in rule["ranges"]:
        try:
            area = from_grid(given, book)
        except GoogleError:  # a range of no rows is kept and holds nothing
            continue
        if row in area.rows and column in area.columns:
            return area
    return None


def _holds(condition: Json, area: Area, place: tuple[int, int], calculator: Calculator, book: Book) -> bool:
    kind, sheet, locale = str(condition.get("type")), area.sheet, str(book.properties["locale"])
    value = calculator.value(sheet, *place)
    given = [str(one.get("userEnteredValue", "")) for one in condition.get("values") or ()]
    shift = (place[0] - area.top, place[1] - area.left)

    def meant(text: str) -> Any:
        entered = typed(text, locale)[0]
        return calculator.comes_to(moved(entered.text, *shift), sheet) if isinstance(entered, Formula) else entered

    if kind in ("BLANK", "NOT_BLANK"):
        return (value is None) == bool(kind == "BLANK")
    if isinstance(value, Failure):
        return False
    if kind == "CUSTOM_FORMULA":
        return bool(given) and meant(given[0]) is True
    if kind in _TEXTS and given:
        text = shown(value, sheet.at(*place).format, locale)
        return _TEXTS[kind](text.casefold(), str(meant(given[0])).casefold())
    numbers = [float(one) for one in (value, *map(meant, given)) if isinstance(one, int | float) and not isinstance(one, bool)]
    return kind in _NUMBERS and len(numbers) == len(given) + 1 > 1 and _NUMBERS[kind](numbers[0], numbers[1:])
