"""The half-year of the story, round by round: when documents are made, when people write, when a sync reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

CYCLE = "2026-h1"
CYCLE_START, CYCLE_END, REVIEW_ON = date(2026, 1, 1), date(2026, 6, 30), date(2026, 6, 16)
FIRST_DAY = date(2026, 1, 5)
JOINER_KNOWN, PAIRS_KNOWN = date(2026, 2, 20), date(2026, 5, 27)
SELF_REVIEWS, DRAFTS, LAST_DAY = date(2026, 6, 10), date(2026, 6, 15), date(2026, 6, 17)


@dataclass(frozen=True)
class Round:
    """One month. *own* is the day by which people wrote, *others* the day by which managers and colleagues did."""

    name: str
    planned: date
    since: date
    """What is told happened from this day on."""
    own: date
    others: date
    check_in: date | None = None

    @property
    def first(self) -> date:
        """The first day of the month of its check-in."""
        return (self.check_in or self.own).replace(day=1)


ROUNDS = (
    Round("January", FIRST_DAY, date(2026, 1, 6), date(2026, 1, 20), date(2026, 1, 23)),
    Round("February", date(2026, 1, 29), date(2026, 1, 12), date(2026, 2, 4), date(2026, 2, 6), date(2026, 2, 2)),
    Round("March", date(2026, 2, 26), date(2026, 2, 3), date(2026, 3, 4), date(2026, 3, 6), date(2026, 3, 2)),
    Round("April", date(2026, 3, 27), date(2026, 3, 3), date(2026, 4, 3), date(2026, 4, 6), date(2026, 4, 1)),
    Round("May", date(2026, 4, 28), date(2026, 4, 7), date(2026, 5, 5), date(2026, 5, 7), date(2026, 5, 1)),
    Round("June", date(2026, 5, 28), date(2026, 5, 4), date(2026, 6, 3), date(2026, 6, 5), date(2026, 6, 1)),
)
