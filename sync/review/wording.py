"""The only words that a draft contributes of its own: frames around quotations, connectives, dates and amounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from connectors.markdown import quotable
from sync.access import Directory
from sync.goals import YES_NO_UNITS
from sync.records import Entry, EntryKind, Person

OUTCOMES, PATTERNS, GROWTH, QUESTIONS = "outcomes", "patterns", "growth", "questions"
SECTIONS = (OUTCOMES, PATTERNS, GROWTH, QUESTIONS)

CONNECTIVES: Mapping[str, str] = {
    OUTCOMES: "From the values in the goal sheet:",
    PATTERNS: "By the criteria of the role, in the words of those who noted it:",
    GROWTH: "What was named as growth, stood in the way, or is still open:",
    QUESTIONS: "To settle before the conversation or in it:",
}

ONE_OBSERVER = "Who else saw this work? All notes are by one author."
FIRST_STEP = "Which one or two of the growth points matter most, and what is the first step?"
CAME_AGAIN = "What would remove the obstacle that came up more than once?"


def unseen(title: str) -> str:
    """What to ask about a criterion that stays blank."""
    return f"What did each of you see of “{title}”? Too little is noted to say."


_SAID_IN: Mapping[EntryKind, str] = {
    EntryKind.NOTE: "{who}, {day}",
    EntryKind.WIN: "{who}, {day}",
    EntryKind.BLOCKER: "{who}, {day}",
    EntryKind.GROWTH: "{who}, {day}",
    EntryKind.FEEDBACK: "{who}, feedback of {day}",
    EntryKind.PEER_FEEDBACK: "{who}, feedback of {day}",
    EntryKind.RECOGNITION: "{who}, recognition of {day}",
    EntryKind.SELF_REVIEW: "{who}, self review of {day}",
    EntryKind.MANAGER_NOTE: "{who}, {day}",
    EntryKind.OTHER: "{who}, {day}",
    EntryKind.ACTION: "agreed on {day}",
}
"""After a quotation: who said it, where when it matters, and on which day."""
QUOTABLE = frozenset(_SAID_IN)
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
_SIGNATURE = re.compile(r"\s+[–—-]\s*(?:[^\W\d_a-zäöüß][\w'’-]*\s?){1,3}$")
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

    def month(self, day: date) -> str:
        """``March``, with the year when the period spans two."""
        return _MONTHS[day.month - 1] if self.since.year == self.until.year else f"{_MONTHS[day.month - 1]} {day.year}"

    def speaker(self, entry: Entry) -> str:
        """``Ada`` for the person, ``Ben Cole (manager)``, ``Dana Roth``: who is quoted."""
        if not entry.by:
            return "one of the two"
        if entry.by == self.person.id:
            return self.person.name.split()[0]
        name = self.directory.name(entry.by) or "a former colleague"
        return f"{name} (manager)" if self.person.manager_at(entry.happened_on) == entry.by else name

    def quotation(self, entry: Entry, others: Sequence[Entry] = ()) -> str:
        """``“Shipped it on time.” – Ada, 6 March; also Ben Cole (manager)``.

        *others* are the same event in other words. The kind of *entry* must be one of `QUOTABLE`.
        """
        words, cut = excerpt(entry)
        said = _SAID_IN[entry.kind].format(day=self.day(entry.happened_on), who=self.speaker(entry))
        return f"“{words}”{_CUT if cut else ''} – {said}{self._also(entry, others)}"

    def _also(self, quoted: Entry, others: Sequence[Entry]) -> str:
        """Who else told it, and on which days the same person did again."""
        by_others = dict.fromkeys(self.speaker(one) for one in others if one.by != quoted.by)
        again = dict.fromkeys(self.day(one.happened_on) for one in others if one.by == quoted.by)
        days = [day for day in again if day != self.day(quoted.happened_on)]
        told = f"; also {listed(by_others)}" if by_others else ""
        return told + (f"; also on {listed(days)}" if days else "")


def spoken(entry: Entry) -> str:
    """The words of *entry* as somebody would quote them: without bold, links, and the marks of lists and headings."""
    return "\n".join(map(quotable, entry.text.strip().split("\n")))


def excerpt(entry: Entry) -> tuple[str, bool]:
    """What is quoted of *entry*, verbatim, and whether something was left off at the end.

    The date that a note begins with is left off when it is the day that the frame names, and so is the signature under
    a recognition.
    """
    whole = _without_date(spoken(entry), entry.happened_on)
    if entry.kind is EntryKind.RECOGNITION:
        whole = _SIGNATURE.sub("", whole) or whole
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


def listed(names: Iterable[str]) -> str:
    """``a, b and c``."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def words_in(text: str) -> int:
    """How many words *text* has: what stands between spaces and holds a letter or a digit."""
    return sum(1 for word in text.split() if any(sign.isalnum() for sign in word))


def quoted_words(sentence: str) -> int:
    """How many words of a quotation are quoted."""
    return words_in(sentence.partition("“")[2].rpartition("”")[0])


def amount(value: float, unit: str) -> str:
    """``4.5 %``, ``12 tickets``, ``yes``: the number as it was typed, without a float's own noise."""
    if unit.strip().casefold() in YES_NO_UNITS:
        return "yes" if value else "no"
    plain = str(int(value)) if value == int(value) else f"{value:.10g}"
    return plain if unit.strip().casefold() in _UNSPOKEN_UNITS else f"{plain} {unit.strip()}"
