"""Values in spreadsheet cells: addresses, number formats, days as serial numbers, progress.

Pure: no file, no XML.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import Enum
from functools import lru_cache

YES_WORDS = {"yes/no": "yes", "ja/nein": "ja", "oui/non": "oui", "sí/no": "sí", "sì/no": "sì", "ja/nee": "ja", "ja/nej": "ja"}
"""Units of goals that are either reached or not, and the word that says so."""

# ---------------------------------------------------------------- addresses


@lru_cache(maxsize=1024)
def column_index(letters: str) -> int:
    """1 for A, 27 for AA. *letters* are upper case."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index


@lru_cache(maxsize=1024)
def column_letters(index: int) -> str:
    """A for 1, AA for 27."""
    letters = ""
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


@lru_cache(maxsize=16_384)
def address(text: str) -> tuple[int, int] | None:
    """Row and column of ``B7`` or ``$B$7``, both from 1; None when it is no address of one cell."""
    match = _ADDRESS.fullmatch(text)
    return (int(match[2]), column_index(match[1].upper())) if match else None


# ---------------------------------------------------------------- number formats


class Format(Enum):
    """What a number format makes of a number."""

    PLAIN = "plain"
    PERCENT = "percent"
    DAY = "day"
    MOMENT = "moment"
    TIME = "time"


_BUILT_IN: dict[int, Format] = (
    {9: Format.PERCENT, 10: Format.PERCENT, 22: Format.MOMENT}
    | dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 59)), Format.DAY)
    | dict.fromkeys((18, 19, 20, 21, *range(32, 36), 45, 46, 47), Format.TIME)
)
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


@lru_cache(maxsize=4096)
def format_of(number: int, code: str | None) -> Format:
    """What the number format with that id and *code* (None for a built-in one) shows."""
    if code is None:
        return _BUILT_IN.get(number, Format.PLAIN)
    plain = _LITERAL.sub("", code).split(";")[0].lower()
    if "general" in plain or "standard" in plain:
        return Format.PLAIN
    if "%" in plain:
        return Format.PERCENT
    day, time = any(sign in plain for sign in "yd"), any(sign in plain for sign in "hs")
    if day or ("m" in plain and not time):
        return Format.MOMENT if time else Format.DAY
    return Format.TIME if time else Format.PLAIN


# ---------------------------------------------------------------- days as serial numbers

_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001  spreadsheets know no time zones
_EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001
_LAST_SERIAL = 2_958_466


def moment_of(serial: float, date1904: bool) -> datetime | None:
    """The moment of a serial number, to the second. None before 1900 and after 9999."""
    if not 0 <= serial < _LAST_SERIAL - 1462 * date1904:
        return None
    if date1904:
        return _EPOCH_1904 + _span(serial)
    shift = 1 if serial < 60 else 0  # the 1900 system believes in a 29 February 1900
    return _EPOCH_1900 + _span(serial + shift)


def _span(days: float) -> timedelta:
    return timedelta(seconds=round(days * 86_400))


def serial_of(day: date, date1904: bool = False) -> int:
    """The serial number of *day*; days before March 1900 have none that every program agrees on."""
    return (datetime(day.year, day.month, day.day) - (_EPOCH_1904 if date1904 else _EPOCH_1900)).days  # noqa: DTZ001


# ---------------------------------------------------------------- progress


def is_yes_no(unit: str) -> bool:
    """Whether goals in that *unit* are either reached or not."""
    return unit.strip().casefold().replace(" ", "") in YES_WORDS


def progress(unit: str, start: object, target: object, now: object) -> float | None:
    """How far *now* is from *start* to *target*: 0.5 is half way, above 1 is more than wanted, never below 0.

    None when a figure is missing. Exactly what the formula of a progress column computes.
    """
    if is_yes_no(unit):
        word = YES_WORDS[unit.strip().casefold().replace(" ", "")]
        if now is None or now == "":
            return None
        return 1.0 if now is True or now == 1 or (isinstance(now, str) and now.casefold() == word) else 0.0
    figures = [value for value in (start, target, now) if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(figures) < 3:
        return None
    first, goal, current = figures
    if first == goal:
        return 1.0 if current >= goal else 0.0
    return max(0.0, (current - first) / (goal - first))


def progress_formula(units: tuple[str, ...], unit: str, start: str, target: str, now: str) -> str:
    """The formula that computes `progress` from the cells at these addresses.

    *units* are the yes/no units that the sheet offers; *unit* is "" where a sheet has no such column.
    """
    formula = (
        f'IF(COUNT({start},{target},{now})<3,"",IF({start}={target},IF({now}>={target},1,0),'
        f"MAX(0,({now}-{start})/({target}-{start}))))"
    )
    for name in units if unit else ():
        word = YES_WORDS[name.strip().casefold().replace(" ", "")]
        formula = f'IF({unit}="{name}",IF({now}="","",IF(OR({now}=TRUE,{now}=1,{now}="{word}"),1,0)),{formula})'
    return formula
