"""How much of the period and of the criteria the evidence covers (rules E1, E3 and E5). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import comb

from sync.records import Draft, Entry
from sync.review.themes import support
from sync.review.wording import PATTERNS
from templates.shapes import Criterion

LEAST_MONTHS = 0.67
"""Rule E3a: the least share of months with something in them."""
RECENT_SHARE, RECENT_P, RECENT_FROM = 0.5, 0.05, 6
"""Rule E3b: so many in the last third, more than chance would put there; not tested below six."""
PER_RATING = 3
"""Rule E1: a rating of a criterion rests on so many entries."""


@dataclass(frozen=True)
class Month:
    """A month of the period: how many entries there are, and how many the draft quotes."""

    name: str
    """``2026-03``."""
    noted: int
    quoted: int


@dataclass(frozen=True)
class Support:
    """What a rating of a criterion could rest on. Never a rating."""

    criterion: Criterion
    entries: int
    """Those that the draft cites for it or, where more, those that belong to it."""

    @property
    def enough(self) -> bool:
        """Whether a rating of it would rest on enough (rule E1)."""
        return self.entries >= PER_RATING


@dataclass(frozen=True)
class Cover:
    """Months in order, support for each criterion, and what is lopsided, in words."""

    months: tuple[Month, ...]
    criteria: tuple[Support, ...]
    remarks: tuple[str, ...]


def cover(draft: Draft, notes: Sequence[Entry], criteria: Iterable[Criterion], since: date, until: date) -> Cover:
    """What *draft* covers of *notes*, those that it may quote, between two days."""
    cited = {citation.entry_id for statement in draft.statements for citation in statement.citations}
    noted = Counter(f"{one.happened_on:%Y-%m}" for one in notes)
    quoted = Counter(f"{one.happened_on:%Y-%m}" for one in notes if one.id in cited)
    months = tuple(Month(name, noted[name], quoted[name]) for name in month_names(since, until))
    remarks = (*_gaps(months), *_recency(notes, since, until), *_observers(notes))
    every = tuple(criteria)
    found = support((one.text for one in notes), every)
    return Cover(months, tuple(Support(one, max(found[one.key], _cited_for(draft, one))) for one in every), remarks)


def month_names(since: date, until: date) -> tuple[str, ...]:
    """``2026-01``, ``2026-02`` ... from one day to the other."""
    first, last = since.year * 12 + since.month - 1, until.year * 12 + until.month - 1
    return tuple(f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1))


def _cited_for(draft: Draft, criterion: Criterion) -> int:
    """Under a new manager the criterion's title is followed by whose time it was."""
    title = criterion.title
    under = (
        one
        for one in draft.statements
        if one.section == PATTERNS and (one.heading == title or one.heading.startswith(f"{title} ("))
    )
    return len({citation.entry_id for one in under for citation in one.citations})


def _gaps(months: Sequence[Month]) -> Iterable[str]:
    empty = [month.name for month in months if not month.noted]
    if months and len(months) - len(empty) < LEAST_MONTHS * len(months):
        yield f"Nothing was noted in {len(empty)} of {len(months)} months ({', '.join(empty)})."


def _recency(notes: Sequence[Entry], since: date, until: date) -> Iterable[str]:
    """Whether the last third holds more than chance would put there: a one-sided binomial test against a third."""
    start = until - timedelta(days=(until - since).days // 3)
    recent, total = sum(one.happened_on > start for one in notes), len(notes)
    if total >= RECENT_FROM and recent >= RECENT_SHARE * total and _at_least(recent, total) < RECENT_P:
        yield f"{recent} of {total} entries are from the last third of the period: look at the months before, too."


def _at_least(hits: int, of: int) -> float:
    return float(sum(comb(of, n) * 2 ** (of - n) for n in range(hits, of + 1)) / 3**of)


def _observers(notes: Sequence[Entry]) -> Iterable[str]:
    authors, kinds = {one.by for one in notes if one.by}, {one.kind for one in notes}
    if notes and (len(authors) < 2 or len(kinds) < 2):
        yield "A single observer: the entries are by fewer than two people, or all of one kind."
