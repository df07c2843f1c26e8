"""The lists that the company's HR exports: people, goals, leave and feedback pairs as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from addon.demo.cast import AWAY, MOVES, Cast, Member
from addon.demo.figures import Aim
from addon.demo.story import Story

PEOPLE = ("id", "name", "email", "manager_email", "team", "role", "location", "work_mode", "start", "end", "timezone", "access")
GOALS = ("email", "goal", "measure", "unit", "start", "target", "due", "status", "category")


def people_csv(cast: Cast, day: date) -> bytes:
    """Everybody who is known on *day*: joiners from the moment HR knows them, leavers with their last day."""
    listed = [one for one in cast.members if not one.joins_later or day >= date(2026, 2, 20)]
    return _csv(PEOPLE, (_person(one, day) for one in listed))


def _person(one: Member, day: date) -> Sequence[object]:
    end = one.end if one.end and day >= MOVES else ""
    return (
        one.number,
        one.name,
        one.email,
        one.manager_on(day),
        one.team,
        one.role,
        one.location,
        one.work_mode,
        one.start,
        end,
        one.timezone,
        one.access,
    )


def goals_csv(story: Story) -> bytes:
    """The goals that were agreed before the story begins; the late joiner types in their own."""
    there = [one for one in story.cast.members if not one.joins_later]
    return _csv(GOALS, (_goal(one, aim) for one in there for aim in story.aims[one.email]))


def _goal(one: Member, aim: Aim) -> Sequence[object]:
    amounts = [f"{value:.{aim.digits}f}" for value in (aim.start, aim.target)]
    return one.email, aim.title, aim.measure, aim.unit, *amounts, aim.due, "not started", aim.kind


def leave_csv(cast: Cast) -> bytes:
    """Who is away, and when."""
    return _csv(("email", "from", "to"), [(cast.away, *AWAY)] if cast.away else [])


def pairs_csv(pairs: Iterable[tuple[Member, Member]]) -> bytes:
    """Who is asked for feedback about whom."""
    return _csv(("giver_email", "person_email"), ((giver.email, member.email) for giver, member in pairs))


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode()
