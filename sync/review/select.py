"""Which notes a draft quotes: spread over months and authors, so that recent weeks do not drown the rest. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sync.records import Entry, EntryKind, Gap
from sync.review.wording import PATTERNS, QUOTABLE
from templates.shapes import Criterion

QUOTATIONS_PER_THEME = 3
"""Two or three examples make a pattern; more make a log."""
NOT_FOR_PATTERNS = frozenset({EntryKind.ACTION, EntryKind.BLOCKER, EntryKind.GROWTH})
"""What the growth section tells."""


@dataclass(frozen=True)
class Theme:
    """A criterion and the notes that were chosen for it, oldest first."""

    criterion: Criterion
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Selection:
    """The criteria that have enough to show, in the role's order, and why the others stay blank."""

    themes: tuple[Theme, ...]
    gaps: tuple[Gap, ...]


def select(notes: Iterable[Entry], criteria: Sequence[Criterion], minimum: int) -> Selection:
    """Choose from *notes*, which both sides may see, for each of *criteria*.

    Every month that has something gives equally many to a theme, one more at the most (rule E4). The criterion with the
    fewest notes chooses first, and no note is chosen twice.
    """
    pool = [entry for entry in told_once(notes) if entry.kind in QUOTABLE and entry.kind not in NOT_FOR_PATTERNS]
    touching = {one.key: [entry for entry in pool if touches(entry.text, one)] for one in criteria}
    taken: set[str] = set()
    load: Counter[str] = Counter()
    chosen: dict[str, Theme | Gap] = {}
    for criterion in sorted(criteria, key=lambda one: len(touching[one.key])):
        free = [entry for entry in touching[criterion.key] if entry.id not in taken]
        if len(free) < max(1, minimum):
            chosen[criterion.key] = _gap(criterion, len(free), len(touching[criterion.key]), max(1, minimum))
            continue
        picked = sample(free, max(minimum, QUOTATIONS_PER_THEME), load)
        taken.update(entry.id for entry in picked)
        chosen[criterion.key] = Theme(criterion, picked)
    in_order = [chosen[one.key] for one in criteria]
    return Selection(
        tuple(one for one in in_order if isinstance(one, Theme)), tuple(one for one in in_order if isinstance(one, Gap))
    )


def sample(entries: Sequence[Entry], limit: int, load: Counter[str]) -> tuple[Entry, ...]:
    """At most *limit* of *entries*, the same number from each month while it lasts; oldest first.

    Among months that gave equally little, the one that the whole draft quoted least comes first (*load*, counted on),
    then the one farthest from those already chosen. Inside a month an author not heard yet comes before a newer note.
    """
    months: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda one: (one.happened_on, one.recorded_at, one.id), reverse=True):
        months[month_of(entry)].append(entry)
    given: Counter[str] = Counter()
    authors: set[str] = set()
    picked: list[Entry] = []
    while len(picked) < limit and months:
        month = min(months, key=lambda one: (given[one], load[one], -_distance(one, given), one))
        entry = min(months[month], key=lambda one: one.by in authors)
        months[month].remove(entry)
        if not months[month]:
            del months[month]
        given[month] += 1
        load[month] += 1
        authors.add(entry.by)
        picked.append(entry)
    return tuple(sorted(picked, key=lambda one: (one.happened_on, one.recorded_at, one.id)))


def told_once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Of entries with the same words only the earliest: a sentence copied from one check-in to the next is one sentence."""
    first: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda one: (one.happened_on, one.recorded_at, one.id)):
        words = " ".join(entry.text.casefold().split())
        if words:
            first.setdefault(words, entry)
    return tuple(first.values())


def touches(text: str, criterion: Criterion) -> bool:
    """Whether a word of *text* begins with one of the criterion's signals."""
    signals = _signals(criterion.signals)
    return signals is not None and signals.search(text.casefold()) is not None


def month_of(entry: Entry) -> str:
    """``2026-03``."""
    return f"{entry.happened_on:%Y-%m}"


@lru_cache(maxsize=512)
def _signals(signals: tuple[str, ...]) -> re.Pattern[str] | None:
    """Any of *signals* at the beginning of a word; a signal of several words may have any space between them."""
    beginnings = [r"\s+".join(map(re.escape, signal.casefold().split())) for signal in signals if signal.strip()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(beginnings)})") if beginnings else None


def _distance(month: str, chosen: Iterable[str]) -> int:
    return min((abs(_number(month) - _number(other)) for other in chosen), default=0)


def _number(month: str) -> int:
    year, _, number = month.partition("-")
    return int(year) * 12 + int(number)


def _gap(criterion: Criterion, free: int, touching: int, minimum: int) -> Gap:
    found = "no note touches it" if not touching else f"{touching} {'note touches' if touching == 1 else 'notes touch'} it"
    if touching > free:
        found += f", {touching - free} of them quoted elsewhere"
    fill = f" What would fill it: a dated example of “{criterion.behaviours[0]}”" if criterion.behaviours else ""
    return Gap(PATTERNS, criterion.title, f"Left blank: {found}, and {minimum} are needed.{fill}")
