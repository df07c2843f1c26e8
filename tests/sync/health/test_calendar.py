"""A calendar feed that calendar programs take."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from sync.health.calendar import LINE, Event, events, feed
from sync.records import CadenceRule, Cycle, Leave, Person, Reporting

NOW = datetime(2026, 1, 1, 9, 30, tzinfo=UTC)
BEN = Person("ben", "Ben Ahmadi", "ben@example.org")
ADA = Person("ada", "Ada Brandt", "ada@example.org", reporting=(Reporting("ben"),))
CYCLE = Cycle(
    "2026-h1", "First half", date(2026, 1, 1), date(2026, 3, 31), date(2026, 3, 16), date(2026, 1, 1), "standard", "1",
    (CadenceRule("company", "", "monthly", date(2026, 1, 1)),),
)  # fmt: skip


def unfolded(text: str) -> list[str]:
    """Its lines, as a calendar program reads them."""
    return text.replace("\r\n ", "").split("\r\n")


def test_person_and_manager_have_the_same_days() -> None:
    """Each sees the name of the other; a day on leave is in neither calendar."""
    away = [Leave("ada", date(2026, 2, 1), date(2026, 2, 5))]
    mine, bens = events(ADA, [ADA, BEN], [CYCLE], away), events(BEN, [ADA, BEN], [CYCLE], away)
    assert [(one.day, one.title) for one in mine if "Check-in" in one.title] == [
        (date(2026, 1, 1), "Check-in with Ben Ahmadi"),
        (date(2026, 3, 2), "Check-in with Ben Ahmadi"),
    ]
    assert {one.uid for one in mine if "Check-in" in one.title} == {one.uid for one in bens if "Ada" in one.title}
    assert (date(2026, 3, 16), "Reviews: First half") in {(one.day, one.title) for one in mine}


def test_a_former_manager_has_only_the_days_of_their_time() -> None:
    """After the change the meetings are somebody else's."""
    moved = replace(ADA, reporting=(Reporting("ben", until=date(2026, 1, 31)), Reporting("eve", since=date(2026, 2, 1))))
    titled = [one.day for one in events(BEN, [moved, BEN], [CYCLE], []) if "Ada" in one.title]
    assert titled == [date(2026, 1, 1)]


def test_the_feed_has_the_form_of_the_standard() -> None:
    """Whole days, an id that stays, a stamp in UTC; every line ends with CR LF."""
    text = feed("Check-ins, at Acme; Inc", [Event("a/b", date(2026, 3, 2), "Check-in", "One\ntwo")], "example.org", NOW)
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")
    lines = unfolded(text)
    for line in (
        "X-WR-CALNAME:Check-ins\\, at Acme\\; Inc", "UID:a/b@example.org", "DTSTAMP:20260101T093000Z",
        "DTSTART;VALUE=DATE:20260302", "DTEND;VALUE=DATE:20260303", "SUMMARY:Check-in", "DESCRIPTION:One\\ntwo",
    ):  # fmt: skip
        assert line in lines


@given(st.text(max_size=300))
def test_no_title_breaks_the_feed(title: str) -> None:
    """Whatever stands in it: no line is too long, none is cut inside a character, none begins a property of its own."""
    text = feed("x", [Event("a", date(2026, 3, 2), title.encode("utf-8", "ignore").decode())], "example.org", NOW)
    assert all(len(line.encode()) <= LINE for line in text.split("\r\n"))
    assert [line.partition(":")[0] for line in unfolded(text)[8:-1]] == [
        "BEGIN", "UID", "DTSTAMP", "DTSTART;VALUE=DATE", "DTEND;VALUE=DATE", "SUMMARY", "TRANSP", "END", "END",
    ]  # fmt: skip
