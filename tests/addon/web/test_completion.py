"""Completion by team: for HR as it is, for leadership without anybody in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from addon.status.gathering import SMALLEST_TEAM, TeamLine, folded, total
from addon.web.filters import per_cent
from sync.access import Directory
from sync.health.completion import Rate, State, lost_contact, rate, state
from sync.health.progress import Progress, by_group
from sync.records import Goal, Person, Reporting
from templates.shapes import Kind
from tests.addon.web.people import ADA, HR, Office

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


# ---------------------------------------------------------------- figures about few people


def test_how_far_the_goals_of_one_are_is_not_told_to_hr_either(office: Office) -> None:
    """Ada is the only one with a goal, whose sheet is hers and her manager's: on no page is a figure that is hers."""
    for page in ("/company/", "/leadership/"):
        told = office.browser(HR).text(page)
        assert "60 %" not in told
        assert ("Goal progress" in told) is (page == "/leadership/")
    assert "60 %" in office.browser(ADA).text("/")


def of_goals(people: int, share: float) -> Progress:
    """Goals of so many people, each as far as *share*."""
    return Progress(people, people, people * share)


@st.composite
def companies(draw: st.DrawFn) -> tuple[list[TeamLine], Directory]:
    """Up to seven teams of any size below one another, some of whose people had nothing due or no goals.

    Each team's figures are a number of its own, a power of the same base: a sum says which teams are in it.
    """
    lines, members = [], []
    for number in range(draw(st.integers(1, 7))):
        people, boss = draw(st.integers(1, 9)), f"Team{draw(st.integers(0, number))}-0"
        some = draw(st.integers(0, people))
        own = Rate(BASE**number, 0) if some else Rate()
        goals = Progress(some, some, float(BASE**number)) if some else Progress()
        lines.append(TeamLine(f"Team{number}", people, {Kind.CHECK_IN: own} if some else {}, {Kind.CHECK_IN: some}, goals))
        members += [
            Person(f"Team{number}-{n}", f"P {n}", f"{number}.{n}@x", team=f"Team{number}", reporting=(Reporting(boss),))
            for n in range(people)
        ]
    return lines, Directory(tuple(members))


BASE = 16


def teams_in(figure: int, lines: Sequence[TeamLine]) -> list[TeamLine]:
    """The teams whose figures a sum is made of."""
    found = []
    for number, line in enumerate(lines):
        times = figure // BASE**number % BASE
        assert times in (0, 1), "a team is counted twice"
        found += [line] * times
    return found


@given(companies())
def test_whatever_is_added_and_subtracted_is_about_five_people_at_least(company: tuple[list[TeamLine], Directory]) -> None:
    """Every figure that is told, the total included, and every difference of them: of check-ins as of goals."""
    lines, directory = company
    shown = folded(lines, directory, TODAY)
    for of, people_in in (
        (lambda line: line.rate(Kind.CHECK_IN).due, lambda line: line.asked[Kind.CHECK_IN]),
        (lambda line: int(line.goals.total), lambda line: line.goals.known),
    ):
        told = [of(line) for line in shown if of(line)]
        everything = of(total(shown))
        subtracted = {everything - sum(some) for size in range(len(told) + 1) for some in combinations(told, size)}
        for figure in {*told, everything, *subtracted} - {0}:
            assert sum(people_in(line) for line in teams_in(figure, lines)) >= SMALLEST_TEAM


def test_goal_progress_counts_people_not_goals_and_leaves_out_what_is_unknown() -> None:
    """One half-way with two goals, one whose value is old: 50 % of one person, and one of whom it is unknown."""
    goals = [
        a_goal("ada", now=5.0, updated=TODAY),
        a_goal("ada", now=5.0, updated=TODAY),
        a_goal("ben", now=10.0, updated=date(2026, 1, 1)),
        a_goal("left", now=10.0, updated=TODAY),
    ]
    found = by_group(goals, {"ada": "Product", "ben": "Product"}, TODAY, {"ada": 31, "ben": 31})
    assert found == {"Product": Progress(2, 1, 0.5)}
    assert found["Product"].share == 0.5
    assert Progress(3, 0, 0.0).share is None  # never nought


def a_goal(whose: str, now: float, updated: date) -> Goal:
    """From 0 to 10."""
    return Goal("g", whose, "2026-h1", "k", "1", "Ten", 1, 0.0, 10.0, now, updated=updated)


def test_goal_progress_of_many_is_told_in_steps_of_five() -> None:
    """What a sixth person brought cannot be reckoned from the figures before and after they came."""
    five, sixth = of_goals(5, 0.62), of_goals(1, 0.31)
    assert (five.share, (five + sixth).share) == (0.6, 0.55)
    assert (five + of_goals(1, 0.15)).share == 0.55


def test_only_what_is_whole_reads_a_hundred() -> None:
    """240 of 241 are 99 %."""
    assert [per_cent(share) for share in (240 / 241, 1.0, 0.0)] == ["99 %", "100 %", "0 %"]
