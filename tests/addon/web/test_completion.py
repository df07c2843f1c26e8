"""Completion by team: for HR as it is, for leadership without anybody in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from addon.status.gathering import TeamLine, folded, total
from sync.access import Directory
from sync.health.completion import Rate, State, lost_contact, rate, state
from sync.records import Person, Reporting
from templates.shapes import Kind

TODAY = date(2026, 3, 20)


def a_team(name: str, people: int, boss: str, due: int = 4, done: int = 3) -> tuple[TeamLine, list[Person]]:
    """A team that reports to *boss*."""
    members = [
        Person(f"{name}{n}", f"{name} {n}", f"{name}{n}@x", team=name, reporting=(Reporting(boss),)) for n in range(people)
    ]
    return TeamLine(name, people, {Kind.CHECK_IN: Rate(due, done)}, {Kind.CHECK_IN: people}), members


def test_a_small_team_is_shown_inside_its_parents() -> None:
    """Three people in Board's line below Sales are counted with Sales."""
    large, sales = a_team("Sales", 6, "top")
    small, field = a_team("Field", 3, "Sales0")
    shown = folded([large, small], Directory((*sales, *field)), TODAY)
    assert [(line.team, line.people) for line in shown] == [("Sales", 9)]
    assert shown[0].rate(Kind.CHECK_IN) == Rate(8, 6)


def test_what_is_too_small_even_together_is_left_out_of_the_total_too() -> None:
    """Otherwise the difference between the total and the teams would show it."""
    large, sales = a_team("Sales", 6, "top")
    alone, two = a_team("Two", 2, "top")
    shown = folded([large, alone], Directory((*sales, *two)), TODAY)
    assert [line.team for line in shown] == ["Sales"]
    assert total(shown).people == 6


def test_a_figure_that_few_people_had_a_part_in_is_left_out() -> None:
    """Six people, of whom one had something due: whether it is done is about that one. The total does not tell either."""
    large, sales = a_team("Sales", 6, "top")
    field, others = a_team("Field", 6, "top", due=1, done=0)
    field = replace(field, asked={Kind.CHECK_IN: 1})
    shown = folded([large, field], Directory((*sales, *others)), TODAY)
    assert {line.team: line.rate(Kind.CHECK_IN).due for line in shown} == {"Field": 0, "Sales": 4}
    assert total(shown).rate(Kind.CHECK_IN) == Rate(4, 3)


def test_a_check_in_is_late_three_days_after_its_day() -> None:
    """Until then it may still be written up, and counts for nobody."""
    due = date(2026, 3, 16)
    assert [state(due, False, date(2026, 3, day)) for day in (15, 16, 19, 20)] == [
        State.COMING,
        State.DUE,
        State.DUE,
        State.LATE,
    ]
    assert state(due, True, date(2026, 3, 15)) is State.DONE
    assert rate([State.DONE, State.LATE, State.DUE, State.COMING]) == Rate(2, 1)


def test_nothing_due_is_no_rate() -> None:
    """Neither nothing nor everything of it is done."""
    assert Rate().share is None
    assert Rate().level == ""
    assert [Rate(10, done).level for done in (3, 5, 9)] == ["bad", "warn", "good"]


def test_contact_is_lost_after_one_and_a_half_periods() -> None:
    """Or after a month, whichever is longer."""
    assert lost_contact(date(2026, 2, 1), date(2026, 1, 1), TODAY, 31) is True
    assert lost_contact(date(2026, 2, 18), date(2026, 1, 1), TODAY, 7) is False
    assert lost_contact(None, date(2026, 1, 1), TODAY, 31) is True
