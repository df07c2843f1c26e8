"""Notes that a manager already has, as entries of the ledger: by their headings and dates. Pure.

A document is a sequence of lines with the level of their heading. A heading that names a day gives it to what stands under
it; a text that begins with a day has its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sync.records import Entry, EntryKind, Visibility, fingerprint

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jän jänner",
            "february feb februar",
            "march mar märz mär maerz mrz",
            "april apr",
            "may mai",
            "june jun juni",
            "july jul juli",
            "august aug",
            "september sep sept",
            "october oct oktober okt",
            "november nov",
            "december dec dezember dez",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_DAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)",
        r"(?<![\d.])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})(?!\d|\.\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+(?P<year>\d{{4}})(?!\d)",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d)",
    )
)
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|"
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|mo|di|mi|do|fr|sa|so)[.,]*\s+"
)
_BEFORE = re.compile(rf"\s*(?:[-*•–]\s+)?(?:\[|\()?(?:{_WEEKDAY})?", re.IGNORECASE)
_DAY_ALONE = 9
"""A line that is but a day stands below every heading, and above the texts."""


@dataclass(frozen=True)
class Line:
    """A heading (*level* from 1) or a text (0), with its place for people. *day* when a cell of its row is a date."""

    text: str
    place: str
    level: int = 0
    day: date | None = None


@dataclass(frozen=True)
class Source:
    """One document: its name for people, its lines, and the day of the file for texts that tell none."""

    name: str
    lines: tuple[Line, ...]
    file_day: date


@dataclass(frozen=True)
class Terms:
    """About whom, by whom and for whom the notes are, and when they are brought in."""

    about: str
    by: str
    visibility: Visibility
    now: datetime
    today: date


@dataclass(frozen=True)
class Note:
    """An entry to be, with what a person should see before it is stored. *doubt* says why its day is not the text's own."""

    entry: Entry
    source: str
    heading: str
    doubt: str = ""


def notes_of(sources: Sequence[Source], terms: Terms) -> tuple[Note, ...]:
    """Every text of *sources* as a note. The same documents give the same ids, whenever they are read."""
    seen: Counter[tuple[str, str, str]] = Counter()
    return tuple(note for source in sources for note in _of_source(source, terms, seen))


def proposal_hash(notes: Iterable[Note]) -> str:
    """What a person accepts: changes with every text, day, author and reader."""
    return fingerprint(*((n.entry.id, n.entry.by, n.entry.visibility, n.entry.happened_on) for n in notes))


def artifact_key(person_id: str, by: str, name: str) -> str:
    """The key under which the notes of one author in a document of that name are kept."""
    return f"notes/{person_id}/{by}/{fingerprint(name)}"


def as_they_stand(notes: Iterable[Note], stored: Iterable[Entry]) -> dict[str, Entry]:
    """Those of *notes* that are known, by id, each as the last one that replaced it. *stored* are all of their artifacts."""
    known = {entry.id: entry for entry in stored}
    later = {entry.supersedes: entry for entry in known.values() if entry.supersedes}
    found = {}
    for note in notes:
        entry = known.get(note.entry.id)
        while entry is not None:
            found[note.entry.id] = entry
            entry = later.get(entry.id)
    return found


def for_other_readers(note: Note, stands: Entry) -> Entry:
    """What replaces *stands*: the same text for the readers of *note*."""
    return replace(
        stands,
        id=fingerprint(stands.id, note.entry.visibility),
        kind=note.entry.kind,
        visibility=note.entry.visibility,
        recorded_at=note.entry.recorded_at,
        supersedes=stands.id,
    )


def day_in(text: str, *, leading: bool = False) -> date | None:
    """The first day that *text* names, or with *leading* the one that it begins with.

    Read are ``2026-03-02``, ``2.3.2026``, ``3 March 2026``, ``March 3, 2026`` and ``3. März 2026``, with a weekday before.
    """
    found = [match for pattern in _DAYS if (match := pattern.search(text))]
    if leading:
        begins = _BEFORE.match(text)
        found = [match for match in found if begins is not None and match.start() == begins.end()]
    for match in sorted(found, key=lambda match: match.start()):
        month = match["month"].casefold()
        try:
            return date(int(match["year"]), _MONTHS.get(month) or int(month), int(match["day"]))
        except ValueError:
            continue
    return None


def is_day(text: str) -> bool:
    """Whether *text* names a day and nothing more: ``Mon, 2 March 2026:``."""
    begins = _BEFORE.match(text)
    rest = text[begins.end() if begins else 0 :].strip(" \t:*_)]")
    return any(pattern.fullmatch(rest) for pattern in _DAYS) and day_in(rest) is not None


def _of_source(source: Source, terms: Terms, seen: Counter[tuple[str, str, str]]) -> Iterator[Note]:
    above: list[tuple[int, str, date | None]] = []
    before: date | None = None
    for line in source.lines:
        text = line.text.strip()
        if not text:
            continue
        level = line.level or (_DAY_ALONE if is_day(text) else 0)
        if level:
            above = [*(one for one in above if one[0] < level), (level, text, day_in(text))]
            before = None
            continue
        own = line.day or day_in(text, leading=True)
        inherited = [day for _, _, day in reversed(above)]
        day, doubt = _day_of(own, before, [*inherited, day_in(source.name)], source.file_day, terms.today)
        before = own or before
        heading = " › ".join(one[1] for one in above)
        yield Note(_entry(source.name, line.place, text, heading, day, terms, seen), source.name, heading, doubt)


def _day_of(
    own: date | None, before: date | None, above: Sequence[date | None], file_day: date, today: date
) -> tuple[date, str]:
    """When it happened, and why that is in doubt: its own day, that of the text before, the nearest above, the file's."""
    day = own or before or next((one for one in above if one is not None), None)
    if day is None:
        return min(file_day, today), "no date in the text: the file's"
    if day > today:
        return min(file_day, today), f"{day} lies in the future: the file's day"
    return day, "" if own or not before else "no date of its own: that of the text before"


def _entry(
    name: str, place: str, text: str, heading: str, day: date, terms: Terms, seen: Counter[tuple[str, str, str]]
) -> Entry:
    key = artifact_key(terms.about, terms.by, name)
    generation = seen[key, heading, text]
    seen[key, heading, text] += 1
    return Entry(
        id=fingerprint(key, heading, text, generation),
        about=terms.about,
        by=terms.by,
        kind=EntryKind.MANAGER_NOTE if terms.visibility is Visibility.MANAGER_PRIVATE else EntryKind.NOTE,
        text=text,
        visibility=terms.visibility,
        happened_on=day,
        recorded_at=terms.now,
        artifact_key=key,
        anchor=f"imported:{heading}" if heading else "imported:",
        place=", ".join(part for part in (name, place) if part),
    )
