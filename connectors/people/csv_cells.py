"""From the text of one cell to a value: addresses, days, amounts, fixed words. What is wrong is said in a sentence."""

from __future__ import annotations

import math
import re
import zoneinfo
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import TypeVar

from connectors.people.csv_reading import Record, RowProblem, did_you_mean, nearest, quoted

YEARS = range(1900, 2201)
EMAIL = re.compile(r"[^@\s<>()\[\]\\,;:\"]+@(?:[^@\s<>()\[\]\\,;:\".]+\.)+[^@\s<>()\[\]\\,;:\".]+")
ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
DOTTED_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
# "1,234" is a thousand for one reader and about one for the other: a factor of a thousand is not to be guessed.
AMBIGUOUS = re.compile(r"([1-9]\d{0,2})[.,](\d{3})", re.ASCII)
SINGLE = re.compile(r"(?:\d+(?:[.,]\d*)?|[.,]\d+)", re.ASCII)
GROUPED = tuple(
    re.compile(rf"\d{{1,3}}(?:{group}\d{{3}})+(?:{point}\d+)?", re.ASCII)
    for group, point in (("[.]", ","), (",", "[.]"), ("[ \u00a0\u202f]", "[.,]"), ("['’]", "[.,]"))
)
ValueT = TypeVar("ValueT")
YES_NO = {"yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}


class Cells:
    """The cells of one record as values. A cell that is wrong is added to *problems* and read as blank."""

    def __init__(self, record: Record, problems: list[RowProblem]) -> None:
        self.record = record
        self.good = record.whole
        self._problems = problems

    def refuse(self, field: str, message: str) -> None:
        """Say what is wrong with *field*; the row is not good any more."""
        self.good = False
        self._problems.append(RowProblem(self.record.line, field, message))

    def long_text(self, field: str) -> str:
        """The text with its line breaks."""
        return self.record.cells.get(field, "")

    def text(self, field: str) -> str:
        """The text on one line."""
        return " ".join(self.long_text(field).split())

    def needed(self, field: str, example: str) -> str:
        """The text on one line, which must not be blank."""
        text = self.text(field)
        if not text:
            self.refuse(field, f"This cell must not be blank: write for example {example}.")
        return text

    def email(self, field: str) -> str:
        """An address in lower case, which must be there."""
        text = self.needed(field, "ada@example.com")
        if text and not is_email(text):
            self.refuse(field, f"{quoted(text)} is not an e-mail address: it should look like ada@example.com.")
        return text.lower()

    def day(self, field: str) -> date | None:
        """A day, None for a blank."""
        return self._parsed(field, parse_day)

    def needed_day(self, field: str) -> date | None:
        """A day, which must be there."""
        return self.day(field) if self.needed(field, "2026-03-02") else None

    def number(self, field: str) -> float | None:
        """An amount, None for a blank."""
        return self._parsed(field, parse_number)

    def word(self, field: str, allowed: Iterable[str]) -> str:
        """One of *allowed* in any case, "" for a blank."""
        text, words = self.text(field), tuple(allowed)
        if text and text.lower() not in words:
            hint = did_you_mean(text.lower(), words)
            self.refuse(field, f"{quoted(text)} is not known here{hint}: write {', '.join(words[:-1])} or {words[-1]}.")
        return text.lower()

    def timezone(self, field: str) -> str:
        """An IANA time zone in its own spelling, "" for a blank."""
        text = self.text(field)
        name = _timezones().get(text.lower().replace(" ", "_"), "")
        if text and not name:
            hint = did_you_mean_timezone(text)
            self.refuse(field, f"{quoted(text)} is not a time zone{hint}: write its IANA name, such as Europe/Berlin or UTC.")
        return name

    def _parsed(self, field: str, parse: Callable[[str], ValueT]) -> ValueT | None:
        text = self.text(field)
        try:
            return parse(text) if text else None
        except ValueError as error:
            self.refuse(field, str(error))
            return None


def is_email(text: str) -> bool:
    """Whether *text* has the form of an address with a full domain, and nothing invisible inside."""
    return len(text) <= 254 and text.isprintable() and EMAIL.fullmatch(text) is not None


def parse_day(text: str) -> date:
    """The day of ``2026-03-02`` or ``2.3.2026``. ValueError says in a sentence what is expected."""
    iso, dotted = ISO_DAY.fullmatch(text), DOTTED_DAY.fullmatch(text)
    if not iso and not dotted:
        raise ValueError(f"{quoted(text)} is not a date: write 2026-03-02, or 2.3.2026 for the 2nd of March.")
    year, month, day = map(int, iso.groups() if iso else reversed(dotted.groups()) if dotted else ())
    if year not in YEARS:
        raise ValueError(f"{quoted(text)} is in the year {year}: a year from {YEARS[0]} to {YEARS[-1]} is expected.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{quoted(text)} is a day that does not exist: it should be a year, a month and a day.") from None


def parse_number(text: str) -> float:
    """The amount in ``12``, ``0,5``, ``1.234,50``, ``1,234.50``, ``-3``, ``72 %`` (72.0), ``yes`` (1.0), ``no`` (0.0).

    ValueError says in a sentence what is expected.
    """
    if text.lower() in YES_NO:
        return YES_NO[text.lower()]
    body = text.removesuffix("%").strip().replace("\N{MINUS SIGN}", "-")
    sign = -1.0 if body.startswith("-") else 1.0
    digits = body.removeprefix("-" if sign < 0 else "+").strip()
    if unsure := AMBIGUOUS.fullmatch(digits):
        whole, rest = unsure.groups()
        raise ValueError(f"{quoted(text)} may mean {whole}{rest} or {whole}.{rest}: write {whole}{rest} or {whole}.{rest}0.")
    value = _value(digits)
    if value is None or not math.isfinite(value):
        raise ValueError(f"{quoted(text)} is not a number: write digits such as 1200 or 0.5; the unit has a column of its own.")
    return sign * value


def _value(digits: str) -> float | None:
    if SINGLE.fullmatch(digits):
        return float(digits.replace(",", "."))
    if any(pattern.fullmatch(digits) for pattern in GROUPED):
        *groups, last = re.split(r"[^0-9]", digits)
        kinds = {char for char in digits if char not in "0123456789"}
        return float("".join(groups) + ("." if len(kinds) > 1 else "") + last)
    return None


@cache
def _timezones() -> dict[str, str]:
    """Lower-case name to name. Both left out mean a machine's own setting, not a zone."""
    return {name.lower(): name for name in zoneinfo.available_timezones() - {"localtime", "Factory"}}


@cache
def did_you_mean_timezone(text: str) -> str:
    """A hint for a mistyped zone, or for a city alone (``Berlin``)."""
    word = text.lower().replace(" ", "_")
    city = min((name for lower, name in _timezones().items() if lower.endswith("/" + word)), key=len, default="")
    name = city or _timezones().get(nearest(word, _timezones()), "")
    return f" (did you mean {name}?)" if name else ""
