"""Check-in days: cadences, precedence, leave, joiners, and what never changes in the past."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.records import CadenceRule, Cycle, Leave, Person, Reporting
from sync.schedule import CADENCE_DAYS, cadence_on, check_in_days, is_quarterly, periods, review_window

START, END = date(2026, 1, 1), date(2026, 6, 30)
ADA = Person("ada", "Ada Brandt", "ada@example.org", team="Sales", reporting=(Reporting("boss"),))


def rule(cadence: str, since: date = START, scope: str = "company", value: str = "") -> CadenceRule:
    return CadenceRule(scope, value, cadence, since)


def cycle(*rules: CadenceRule) -> Cycle:
    return Cycle("2026-h1", "2026 H1", START, END, date(2026, 6, 22), START, "standard", "v", rules)


def days(of: Cycle, person: Person = ADA, leave: tuple[Leave, ...] = (), until: date = END) -> tuple[date, ...]:
    return check_in_days(of, person, leave, until)


def test_monthly_is_the_first_working_day_of_each_month() -> None:
    """A monthly check-in on a weekend moves to the Monday after it."""
    expected = [date(2026, 1, 1), date(2026, 2, 2), date(2026, 3, 2), date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)]
    assert list(days(cycle(rule("monthly")))) == expected


def test_weekly_is_every_monday() -> None:
    """Weeks begin on the first Monday of the cycle."""
    found = days(cycle(rule("weekly")))
    assert found[0] == date(2026, 1, 5)
    assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(days=7)}


def test_two_weekly_is_every_other_monday() -> None:
    """Fortnights share the weeks' first Monday."""
    assert days(cycle(rule("two-weekly")))[:3] == (date(2026, 1, 5), date(2026, 1, 19), date(2026, 2, 2))


def test_months_are_anchored_at_the_day_the_cycle_starts() -> None:
    """A cycle that starts in the middle of a month has month-periods from that day on, shorter months included."""
    odd = replace(cycle(rule("monthly", date(2026, 1, 31))), start=date(2026, 1, 31))
    assert [period.first for period in periods(odd, ADA)][:3] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]


def test_person_before_team_before_company() -> None:
    """The narrower rule wins, however late the wider one began."""
    company, team, own = (
        rule("weekly", date(2026, 3, 1)),
        rule("monthly", START, "team", "Sales"),
        rule("two-weekly", START, "person", "ada"),
    )
    assert cadence_on([own, team, company], ADA, END) == "two-weekly"
    assert cadence_on([team, company], ADA, END) == "monthly"
    assert cadence_on([team, company], replace(ADA, team="Support"), END) == "weekly"
    assert cadence_on([company], ADA, START) == ""


def test_a_changed_cadence_waits_for_the_running_period_to_end() -> None:
    """The month in which the rule begins is completed; weeks begin on the next Monday."""
    found = days(cycle(rule("monthly"), rule("weekly", date(2026, 2, 10))))
    assert found[:4] == (date(2026, 1, 1), date(2026, 2, 2), date(2026, 3, 2), date(2026, 3, 9))
    found = days(cycle(rule("weekly"), rule("monthly", date(2026, 2, 10))))
    assert found[5:8] == (date(2026, 2, 9), date(2026, 3, 2), date(2026, 4, 1))


def test_days_on_leave_are_skipped() -> None:
    """A day on leave has no check-in, other people's leave does not matter, and the rest stays where it was."""
    away = (Leave("ada", date(2026, 3, 1), date(2026, 3, 2)), Leave("bob", START, END))
    assert set(days(cycle(rule("monthly")))) - set(days(cycle(rule("monthly")), leave=away)) == {date(2026, 3, 2)}


def test_nothing_before_the_cycle_was_opened() -> None:
    """A cycle created in March makes no check-ins for January."""
    assert days(replace(cycle(rule("monthly")), opened_on=date(2026, 3, 2)))[0] == date(2026, 3, 2)


def test_a_joiner_starts_with_the_first_whole_period() -> None:
    """Who begins in the middle of a period has the first check-in in the next one."""
    joiner = replace(ADA, start=date(2026, 2, 2))
    assert days(cycle(rule("monthly")), joiner)[0] == date(2026, 3, 2)
    assert days(cycle(rule("weekly")), joiner)[0] == date(2026, 2, 2)


def test_a_leaver_and_a_person_without_a_manager_have_none() -> None:
    """Check-ins end with the last day, and there are none while nobody manages the person."""
    assert days(cycle(rule("monthly")), replace(ADA, end=date(2026, 3, 2)))[-1] == date(2026, 3, 2)
    assert days(cycle(rule("monthly")), replace(ADA, reporting=())) == ()
    partly = replace(ADA, reporting=(Reporting("boss", date(2026, 3, 1), date(2026, 4, 30)),))
    assert days(cycle(rule("monthly")), partly) == (date(2026, 3, 2), date(2026, 4, 1))


def test_the_last_check_in_of_each_quarter_is_quarterly() -> None:
    """The quarterly goal check-in is on the same calendar; when it falls on leave, the one before it is."""
    weekly = cycle(rule("weekly"))
    assert [day for day in days(weekly) if is_quarterly(weekly, day, ADA)] == [date(2026, 3, 30), date(2026, 6, 29)]
    away = (Leave("ada", date(2026, 3, 30), date(2026, 3, 30)),)
    assert is_quarterly(weekly, date(2026, 3, 23), ADA, away)
    assert not is_quarterly(weekly, date(2026, 3, 31), ADA)


def test_the_review_window_opens_four_weeks_before() -> None:
    """Reviews are prepared during the 28 days before the review."""
    assert review_window(cycle()) == (date(2026, 5, 25), date(2026, 6, 22))


@pytest.mark.parametrize("weeks", [1, 6])
def test_downtime_yields_the_missed_days_exactly_once(weeks: int) -> None:
    """What falls due between two looks is the difference between them, whatever lies between."""
    weekly, before = cycle(rule("weekly")), date(2026, 3, 3)
    after = before + timedelta(weeks=weeks)
    missed = set(days(weekly, until=after)) - set(days(weekly, until=before))
    assert len(missed) == weeks
    assert all(before < day <= after for day in missed)


# ---------------------------------------------------------------- what always holds

_days = st.dates(START - timedelta(days=40), END + timedelta(days=40))
_rules = st.builds(
    CadenceRule,
    st.sampled_from(["company", "team", "person"]),
    st.sampled_from(["Sales", "ada", "other"]),
    st.sampled_from(list(CADENCE_DAYS)),
    _days,
)
_starts = st.dates(date(2025, 12, 1), date(2026, 2, 28))
_leave = st.lists(
    st.builds(lambda since, n: Leave("ada", since, since + timedelta(days=n)), _days, st.integers(0, 20)), max_size=3
)


@st.composite
def cycles(draw: st.DrawFn) -> Cycle:
    """Cycles of any start, with a few rules of any scope and day."""
    start = draw(_starts)
    rules = draw(st.lists(_rules, max_size=4))
    base = CadenceRule("company", "", draw(st.sampled_from(list(CADENCE_DAYS))), start)
    return replace(cycle(base, *rules), start=start, opened_on=draw(_days))


@given(cycles(), _leave, _days, _days)
def test_days_only_ever_grow_with_time(of: Cycle, leave: list[Leave], one: date, other: date) -> None:
    """What was due up to a day is the beginning of what is due up to a later one."""
    earlier, later = sorted((one, other))
    short, long = check_in_days(of, ADA, leave, earlier), check_in_days(of, ADA, leave, later)
    assert long[: len(short)] == short
    assert all(day > earlier for day in long[len(short) :])


@given(cycles(), _rules)
def test_a_new_rule_leaves_the_past_alone(of: Cycle, new: CadenceRule) -> None:
    """A rule removes no check-in of a period that had begun, and adds none before it begins."""
    changed = replace(of, cadences=(*of.cadences, new))
    before = [period for period in periods(of, ADA) if period.first < new.since]
    assert list(periods(changed, ADA))[: len(before)] == before
    assert all(period.first >= new.since for period in periods(changed, ADA)[len(before) :])


@given(cycles(), _leave)
def test_no_period_has_two_check_ins(of: Cycle, leave: list[Leave]) -> None:
    """Periods never overlap, and each holds one working day at the most."""
    found = periods(of, ADA)
    assert all(earlier.last < later.first for earlier, later in pairwise(found))
    for day in check_in_days(of, ADA, leave, END):
        assert day.weekday() < 5
        assert sum(period.first <= day <= period.last for period in found) == 1
        assert not any(spell.since <= day <= spell.until for spell in leave)
        assert max(of.start, of.opened_on) <= day <= of.end
