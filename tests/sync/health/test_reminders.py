"""Who is reminded of what and when, decided from values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.health.reminders import WELCOME, Digest, Duty, digests, duties, stage
from sync.records import Artifact, ArtifactState, CadenceRule, Cycle, Leave, Person, Reporting
from templates.shapes import Kind, Place

BEN = Person("ben", "Ben Ahmadi", "ben@example.org", timezone="Europe/Berlin")
ADA = Person("ada", "Ada Brandt", "ada@example.org", timezone="Europe/Berlin", reporting=(Reporting("ben"),))
FAR = Person("far", "Fay Oz", "far@example.org", timezone="Pacific/Auckland", reporting=(Reporting("ben"),))
PEOPLE = {one.id: one for one in (ADA, BEN, FAR)}
CYCLE = Cycle(
    "2026-h1", "2026-h1", date(2026, 1, 1), date(2026, 6, 30), date(2026, 6, 16), date(2026, 1, 1), "standard", "1",
    (CadenceRule("company", "", "monthly", date(2026, 1, 1)),),
)  # fmt: skip
SHEETS = {"ada": ("k/ada/goal-sheet", "shared/Working/Ada/Goals.xlsx")}
TOLD = {("ada", "k/ada/goal-sheet", WELCOME)}
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)


def check_in(person: str, due: date, **more: object) -> Artifact:
    """One that stands."""
    key = f"2026-h1/{person}/check-in/{due}"
    one = Artifact(key, Kind.CHECK_IN, "2026-h1", person, "", due, Place.WORKING, "Check-in", f"shared/{key}", "v1")
    return replace(one, **more)  # type: ignore[arg-type]


def mails(now: datetime, *recorded: Artifact, written: set[str] = frozenset(), **more: object) -> dict[str, Digest]:  # type: ignore[assignment]
    """The digests of a moment, by person."""
    given = {"sheets": {}, "leave": (), "sent": set(), "opted_out": set()} | more
    asked = duties(CYCLE, recorded, PEOPLE, written, set())
    return {one.person_id: one for one in digests(PEOPLE.values(), asked, now=now, **given)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 2, 24), ""),
        (date(2026, 2, 25), "before"),  # Wednesday, three working days before a Monday
        (date(2026, 2, 28), "before"),
        (date(2026, 3, 2), "today"),
        (date(2026, 3, 3), "after"),
        (date(2026, 3, 9), "after"),
        (date(2026, 3, 10), "week-1"),
        (date(2026, 3, 17), "week-2"),
    ],
)
def test_three_working_days_before_on_the_day_one_after_then_weekly(today: date, expected: str) -> None:
    """Of something that is due on Monday, 2 March."""
    assert stage(date(2026, 3, 2), today) == expected


def test_a_friday_is_followed_up_on_monday() -> None:
    """Working days, not days."""
    assert [stage(date(2026, 3, 6), date(2026, 3, day)) for day in (3, 6, 7, 8, 9)] == [
        "before",
        "today",
        "today",
        "today",
        "after",
    ]


def test_the_person_and_the_manager_are_reminded_until_somebody_wrote() -> None:
    """Both of one check-in, each in their own mail."""
    one = check_in("ada", date(2026, 3, 2))
    assert mails(NOON, one).keys() == {"ada", "ben"}
    assert mails(NOON, one, written={one.key}) == {}


def test_a_manager_gets_one_digest_for_the_whole_team() -> None:
    """One mail, however many check-ins."""
    found = mails(NOON, check_in("ada", date(2026, 3, 2)), check_in("far", date(2026, 3, 2)))
    assert len(found["ben"].items) == 2


def test_mail_goes_out_when_it_is_day_where_the_person_is() -> None:
    """At noon in Berlin it is midnight in Auckland, and already tomorrow at eleven in the evening."""
    one = check_in("far", date(2026, 3, 2))
    assert mails(NOON, one).keys() == {"ben"}
    assert mails(datetime(2026, 3, 1, 20, tzinfo=UTC), one)["far"].day == date(2026, 3, 2)
    assert mails(datetime(2026, 3, 1, 20, tzinfo=UTC), one)["far"].items[0].stage == "today"


def test_nobody_is_reminded_on_leave_and_everybody_once_after_it() -> None:
    """What was missed meanwhile is made up for by the latest reminder alone."""
    one, away = check_in("ada", date(2026, 3, 2)), (Leave("ada", date(2026, 2, 25), date(2026, 3, 4)),)
    assert "ada" not in mails(NOON, one, leave=away)
    assert [item.stage for item in mails(NOON + timedelta(days=3), one, leave=away)["ada"].items] == ["after"]


def test_weekends_and_leavers_are_left_alone() -> None:
    """As are people who want no reminders."""
    one = check_in("ada", date(2026, 3, 2))
    assert mails(NOON - timedelta(days=1), one) == {}
    assert "ada" not in mails(NOON, one, opted_out={"ada"})
    gone = {"ada": replace(ADA, end=date(2026, 2, 20)), "ben": BEN}
    assert duties(CYCLE, [one], gone, set(), set()) == ()


def test_the_same_reminder_is_never_sent_twice() -> None:
    """What was sent is an argument; the next stage is another reminder."""
    one = check_in("ada", date(2026, 3, 2))
    sent = {("ada", one.key, "today")}
    assert "ada" not in mails(NOON, one, sent=sent)
    assert mails(NOON + timedelta(days=1), one, sent=sent)["ada"].items[0].stage == "after"


def test_the_first_mail_tells_where_the_sheet_is() -> None:
    """Even when nothing is due; once."""
    first = mails(NOON, sheets=SHEETS)["ada"]
    assert (first.items, first.sheet) == ((), SHEETS["ada"])
    assert mails(NOON, sheets=SHEETS, sent=TOLD) == {}


def test_a_check_in_is_asked_for_until_the_next_one_is_due() -> None:
    """Nobody collects reminders for meetings of months ago."""
    old, new = check_in("ada", date(2026, 2, 2)), check_in("ada", date(2026, 3, 2))
    assert [item.duty.key for item in mails(NOON, old, new)["ada"].items] == [new.key]


def test_reviews_are_asked_of_whoever_writes_them() -> None:
    """Self review, manager review and peer feedback, each by the review day; what stands nowhere is asked of nobody."""
    base = replace(check_in("ada", date(2026, 6, 16)), due=None)
    papers = [
        replace(base, key="k/self", kind=Kind.SELF_REVIEW),
        replace(base, key="k/review", kind=Kind.MANAGER_REVIEW, other_id="ben"),
        replace(base, key="k/peer", kind=Kind.PEER_FEEDBACK, other_id="far"),
        replace(base, key="k/gone", kind=Kind.SELF_REVIEW, state=ArtifactState.UNLINKED),
        replace(base, key="k/goals", kind=Kind.GOAL_SHEET),
    ]
    asked = duties(CYCLE, papers, PEOPLE, set(), {"ada"})
    assert [(one.owner_id, one.kind, one.done) for one in asked] == [
        ("ada", Kind.SELF_REVIEW, False),
        ("ben", Kind.MANAGER_REVIEW, True),
        ("far", Kind.PEER_FEEDBACK, False),
    ]
    assert duties(replace(CYCLE, locked=True), papers, PEOPLE, set(), set()) == ()


@given(st.lists(st.integers(0, 24 * 120), max_size=60, unique=True), st.dates(date(2026, 1, 5), date(2026, 3, 20)))
def test_whenever_the_program_runs_no_reminder_repeats_and_no_day_has_two_mails(hours: list[int], due: date) -> None:
    """Any order of hours, asleep for any time in between."""
    one: Duty = duties(CYCLE, [check_in("ada", due)], PEOPLE, set(), set())[0]
    sent: set[tuple[str, str, str]] = set()
    days: set[str] = set()
    for hour in sorted(hours):
        now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
        for digest in digests([ADA], [one], SHEETS, (), sent, set(), now):
            assert digest.id not in days or not digest.items
            marks = {(digest.person_id, *mark) for mark in digest.marks}
            assert not marks & sent
            assert digest.day.weekday() < 5
            sent |= marks
            days.add(digest.id)
