"""The only words that a draft contributes of its own: frames around quotations, connectives, dates and amounts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from connectors.markdown import quotable
from sync.access import Directory
from sync.goals import YES_NO_UNITS
from sync.records import Entry, EntryKind, Person

OUTCOMES, PATTERNS, GROWTH = "outcomes", "patterns", "growth"
SECTIONS = (OUTCOMES, PATTERNS, GROWTH)

CONNECTIVES: Mapping[str, str] = {
    OUTCOMES: "Where each goal stands, from the values in the goal sheet:",
    PATTERNS: "What was noted over the period, by the criteria of the role:",
    GROWTH: "What was named as growth, what stood in the way, and what is still open:",
}

_FRAMES: Mapping[EntryKind, str] = {
    EntryKind.NOTE: "On {day}, {who} noted: {words}",
    EntryKind.WIN: "On {day}, {who} noted as a win: {words}",
    EntryKind.BLOCKER: "On {day}, {who} named as a blocker: {words}",
    EntryKind.GROWTH: "On {day}, {who} noted on growth: {words}",
    EntryKind.FEEDBACK: "On {day}, {who} gave feedback: {words}",
    EntryKind.PEER_FEEDBACK: "On {day}, {who} gave feedback: {words}",
    EntryKind.RECOGNITION: "On {day}, {who} gave recognition: {words}",
    EntryKind.SELF_REVIEW: "On {day}, {who} wrote in the self review: {words}",
    EntryKind.MANAGER_NOTE: "On {day}, {who} noted: {words}",
    EntryKind.OTHER: "On {day}, {who} noted: {words}",
    EntryKind.ACTION: "Agreed on {day} and still open: {words}",
}
QUOTABLE = frozenset(_FRAMES)
LONGEST_QUOTATION = 320
"""In characters. A longer note is quoted by its first whole sentences, and the cut is shown."""

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|\n+")
_CUT = " […]"
_UNSPOKEN_UNITS = ("", "number", "currency")


@dataclass(frozen=True)
class Voice:
    """About whom and over which days a draft speaks: what its words depend on."""

    person: Person
    directory: Directory
    since: date
    until: date

    def day(self, day: date) -> str:
        """``2 March``, with the year when it is not that of the whole period."""
        plain = f"{day.day} {_MONTHS[day.month - 1]}"
        return plain if day.year == self.since.year == self.until.year else f"{plain} {day.year}"

    def author(self, entry: Entry) -> str:
        """``Ada Brandt (manager)``: the author and their role towards the person on that day."""
        if not entry.by:
            return "one of the two"
        if entry.by == self.person.id:
            return f"{self.person.name} (self)"
        name = self.directory.name(entry.by) or "a former colleague"
        return f"{name} ({'manager' if self.person.manager_at(entry.happened_on) == entry.by else 'colleague'})"

    def quotation(self, entry: Entry) -> str:
        """The sentence that quotes *entry*. Its kind must be one of `QUOTABLE`."""
        words, cut = excerpt(entry)
        quoted = f"“{words}”{_CUT if cut else ''}"
        return _FRAMES[entry.kind].format(day=self.day(entry.happened_on), who=self.author(entry), words=quoted)


def spoken(entry: Entry) -> str:
    """The words of *entry* as somebody would quote them: without bold, links, and the marks of lists and headings."""
    return "\n".join(map(quotable, entry.text.strip().split("\n")))


def excerpt(entry: Entry) -> tuple[str, bool]:
    """What is quoted of *entry*, verbatim, and whether something was left off at the end.

    The date that a note begins with is left off when it is the day that the frame names.
    """
    whole = _without_date(spoken(entry), entry.happened_on)
    if len(whole) <= LONGEST_QUOTATION:
        return whole, False
    end = 0
    for match in _SENTENCE_END.finditer(whole):
        if match.start() > LONGEST_QUOTATION and end:
            break
        end = match.start() + len(match.group().rstrip())
    return (whole[:end], True) if end else (whole, False)


def _without_date(text: str, day: date) -> str:
    if not text[:1].isdigit():
        return text
    for written in (f"{day:%Y-%m-%d}", f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day.year}"):
        if text.startswith(written):
            return text.removeprefix(written).lstrip(" \t:,–—-") or text
    return text


def amount(value: float, unit: str) -> str:
    """``4.5 %``, ``12 tickets``, ``yes``: the number as it was typed, without a float's own noise."""
    if unit.strip().casefold() in YES_NO_UNITS:
        return "yes" if value else "no"
    plain = str(int(value)) if value == int(value) else f"{value:.10g}"
    return plain if unit.strip().casefold() in _UNSPOKEN_UNITS else f"{plain} {unit.strip()}"
