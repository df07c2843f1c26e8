"""When check-ins fall due: periods on one calendar for the whole company, and the days in them.

Every cadence has its own grid, anchored at the cycle's start: weeks and fortnights begin on the first Monday on or
after it, month-periods on its day of the month. A period belongs to a person when the cadence that holds for them on
its first day is that grid's. So a changed cadence waits for the running period to end and then for the next beginning
on its own grid, and everybody with the same cadence meets on the same days.

The check-in of a period is due on its first working day, Monday to Friday. A day on leave is skipped rather than moved:
leave that is entered late then never makes a second check-in for a period that already had one.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from sync.records import CadenceRule, Cycle, Leave, Person

WEEKLY, TWO_WEEKLY, MONTHLY = "weekly", "two-weekly", "monthly"
CADENCE_DAYS = {WEEKLY: 7, TWO_WEEKLY: 14, MONTHLY: 31}
REVIEW_LEAD = timedelta(days=28)
_SCOPES = ("company", "team", "person")  # the later one goes before the earlier one
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A stretch of days with one check-in at the most; both days included, *last* perhaps after the cycle's end."""

    first: date
    last: date
    cadence: str

    @property
    def check_in(self) -> date:
        """The first working day."""
        weekday = self.first.weekday()
        return self.first if weekday < 5 else self.first + timedelta(days=7 - weekday)


def cadence_on(rules: Iterable[CadenceRule], person: Person, day: date) -> str:
    """The cadence that holds for *person* on *day*, "" when no rule does: person before team before company.

    Within a scope the rule that began last holds; of two that began on one day, the later one in *rules*.
    """
    return _cadence([rule for rule in rules if _applies(rule, person)], day)


def cadence_days(rules: Iterable[CadenceRule], person: Person, day: date, otherwise: str) -> int:
    """The days between two check-ins of *person* as of *day*; of the cadence *otherwise* where no rule holds."""
    return CADENCE_DAYS.get(cadence_on(rules, person, day) or otherwise, CADENCE_DAYS[MONTHLY])


def periods(cycle: Cycle, person: Person) -> tuple[Period, ...]:
    """The periods of the cycle's whole length that *person*'s cadences give, in order and never overlapping."""
    return _periods(cycle.start, cycle.end, tuple(rule for rule in cycle.cadences if _applies(rule, person)))


def check_in_days(cycle: Cycle, person: Person, leave: Iterable[Leave], until: date) -> tuple[date, ...]:
    """The days up to and including *until* on which *person* has a check-in with their manager, in order.

    Days lie inside the cycle and not before it was opened, while the person works here and has a manager. A joiner
    begins with the first period that starts on or after their first day. *leave* may hold other people's too.
    """
    first, last = max(cycle.start, cycle.opened_on), min(cycle.end, until)
    away = [spell for spell in leave if spell.person_id == person.id]
    return tuple(
        period.check_in
        for period in periods(cycle, person)
        if first <= period.check_in <= last
        and (person.start is None or person.start <= period.first)
        and person.active(period.check_in)
        and person.manager_at(period.check_in)
        and not any(spell.since <= period.check_in <= spell.until for spell in away)
    )


def quarterly_days(days: Iterable[date]) -> frozenset[date]:
    """The last of *days* in each quarter of the calendar."""
    return frozenset({(day.year, (day.month - 1) // 3): day for day in sorted(days)}.values())


def is_quarterly(cycle: Cycle, day: date, person: Person, leave: Sequence[Leave] = ()) -> bool:
    """Whether *person*'s check-in on *day* is the quarterly goal check-in: their last in that quarter of the calendar."""
    return day in quarterly_days(check_in_days(cycle, person, leave, cycle.end))


def review_window(cycle: Cycle) -> tuple[date, date]:
    """From which day on reviews are prepared, and the day of the review; both included."""
    return cycle.review_on - REVIEW_LEAD, cycle.review_on


def _applies(rule: CadenceRule, person: Person) -> bool:
    if rule.scope == "company":
        return True
    return rule.value == (person.team if rule.scope == "team" else person.id)


@lru_cache(maxsize=4096)
def _periods(start: date, end: date, rules: tuple[CadenceRule, ...]) -> tuple[Period, ...]:
    """The periods under *rules* that all hold for one person. Cached: most of a company shares one set of rules."""
    found: list[Period] = []
    day = start
    while day <= end:
        last = _last_day(_cadence(rules, day), start, day)
        if last is not None:
            found.append(Period(day, last, _cadence(rules, day)))
        day = (last or day) + _DAY
    return tuple(found)


def _cadence(rules: Iterable[CadenceRule], day: date) -> str:
    holding = sorted((rule for rule in rules if rule.since <= day), key=lambda rule: (_SCOPES.index(rule.scope), rule.since))
    return holding[-1].cadence if holding else ""


def _last_day(cadence: str, start: date, day: date) -> date | None:
    """The last day of the period of *cadence* that begins on *day*, None when none begins there."""
    if cadence == MONTHLY:
        months = (day.year - start.year) * 12 + day.month - start.month
        return _add_months(start, months + 1) - _DAY if day == _add_months(start, months) else None
    if cadence in (WEEKLY, TWO_WEEKLY):
        length = 7 if cadence == WEEKLY else 14
        monday = start + timedelta(days=-start.weekday() % 7)
        return day + timedelta(days=length - 1) if day >= monday and (day - monday).days % length == 0 else None
    return None


def _add_months(day: date, months: int) -> date:
    """The same day of the month *months* later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
