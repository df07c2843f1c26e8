"""The course of a goal in words."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sync.records import GoalValue
from sync.review.trajectory import MOST_SLIPS, course
from tests.sync.review.making import goal, material


def told(*values: float) -> str:
    """The course of churn that is to go from 8 to 4 %, one value a month."""
    points = [GoalValue("g1", date(2026, month, 2), value, f"e{month}") for month, value in enumerate(values, start=1)]
    return course(goal()[0], points, material().voice).text


def test_a_goal_that_only_advances_has_little_to_tell() -> None:
    """By when half of the way was done, if it came far."""
    assert told(7.5, 7.0, 6.8) == ""
    assert told(7.5, 5.9, 5.0, 4.5) == "half-way by February"


def test_steps_back_are_told_with_their_months() -> None:
    """Recovered, in part, or not."""
    assert told(7, 8, 6, 5) == "slipped in February and recovered by March"
    assert told(6, 8, 7, 6.5) == "slipped in February and regained part of it by April"
    assert told(7, 8, 8.5, 9) == "slipped from February to April"
    assert told(7, 7.1, 6.5) == "", "noise is not told"


@given(st.lists(st.floats(0, 20), min_size=1, max_size=6))
def test_whatever_was_entered_the_course_is_short_and_rests_on_points(values) -> None:
    """At most two steps back, each resting on values that are there."""
    points = [GoalValue("g1", date(2026, month, 2), value, f"e{month}") for month, value in enumerate(values, start=1)]
    found = course(goal()[0], points, material().voice)
    assert len(found.moves) <= 2 * MOST_SLIPS
    assert set(found.points) <= set(points)
    assert bool(found.moves) == bool(found.points)
