"""Progress, staleness, roll-up and trajectory of goals."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.goals import known, progress, roll_up, shown, standing, trajectory
from sync.records import Goal, GoalValue

TODAY = date(2026, 5, 1)
amounts = st.floats(-1e6, 1e6, allow_nan=False)


def goal(start: float | None, target: float | None, now: float | None, unit: str = "", updated: date | None = TODAY) -> Goal:
    """A goal of which only the figures matter."""
    return Goal("g", "p", "c", "a", "k", "T", 0, start=start, target=target, now=now, unit=unit, updated=updated)


def value(day: int, amount: float) -> GoalValue:
    """A point of April 2026."""
    return GoalValue("g", date(2026, 4, day), amount, f"e{day}-{amount}")


@pytest.mark.parametrize(
    ("start", "target", "now", "expected"),
    [
        (0, 10, 5, 0.5),
        (8, 4, 6, 0.5),  # churn 8 % to 4 %
        (8, 4, 3, 1.25),
        (50, 100, 50, 0.0),  # not now/target
        (10, 20, 5, -0.5),
        (0, 10, 25, 2.5),
        (-5, 5, 0, 0.5),
    ],
)
def test_progress_is_the_share_of_the_way(start: float, target: float, now: float, expected: float) -> None:
    """Increase, decrease, over-achievement and falling behind all follow one formula."""
    assert progress(goal(start, target, now)) == pytest.approx(expected)


@pytest.mark.parametrize(("start", "target", "now"), [(None, 10, 5), (0, None, 5), (0, 10, None), (0, 10, float("nan"))])
def test_missing_is_not_zero(start: float | None, target: float | None, now: float | None) -> None:
    """Without an amount there is no progress, and the reason names what is missing."""
    seen = standing(goal(start, target, now), [], TODAY, 14)
    assert (seen.progress, seen.shown, seen.known) == (None, None, None)
    assert seen.reason.startswith("unknown")


def test_a_real_zero_is_a_value() -> None:
    """Zero was entered, so it counts as zero and not as pending."""
    seen = standing(goal(0, 10, 0), [], TODAY, 14)
    assert (seen.progress, seen.shown, seen.reason) == (0.0, 0, "")


def test_yes_no_goals_are_reached_or_not() -> None:
    """A yes/no unit needs no start, and a start that equals the target divides nothing."""
    assert progress(goal(None, None, 1, unit="yes/no")) == 1.0
    assert progress(goal(None, 1, 0, unit="Yes/No")) == 0.0
    assert progress(goal(99.9, 99.9, 99.9)) == 1.0
    assert progress(goal(99.9, 99.9, 99.95)) == 1.0
    assert progress(goal(99.9, 99.9, 98)) == 0.0


def test_over_achievement_is_shown_as_100_and_over() -> None:
    """Raw progress stays, what is shown is clamped and marked."""
    seen = standing(goal(0, 10, 13), [], TODAY, 14)
    assert (seen.progress, seen.shown, seen.over) == (1.3, 100, True)
    assert not standing(goal(0, 10, 10), [], TODAY, 14).over


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_progress_has_one_shown_value(share: float) -> None:
    """No value falls between two, none below 0 or above 100, and only what is reached reads 100."""
    assert 0 <= shown(share) <= 100
    assert (shown(share) == 100) == (round(share, 11) >= 1)


def test_shown_does_not_lose_a_per_cent_to_floating_point() -> None:
    """0.29 reads 29, and 99.9 per cent of the way does not read 100."""
    assert [shown(n / 100) for n in range(101)] == list(range(101))
    assert shown(0.999) == 99
    assert shown(0.04995) == 5
    assert shown(7 / 9) == 78


@given(amounts, amounts, amounts)
def test_a_goal_and_its_mirror_stand_the_same(start: float, target: float, now: float) -> None:
    """Turning every amount round changes a goal that wants more into one that wants less, not its progress."""
    if start != target:
        assert progress(goal(start, target, now)) == progress(goal(-start, -target, -now))


@pytest.mark.parametrize(("days", "stale"), [(28, False), (29, True)])
def test_a_value_is_stale_after_two_periods(days: int, stale: bool) -> None:
    """Exactly two periods are still fresh, a day more is unknown."""
    seen = standing(goal(0, 10, 5, updated=TODAY - timedelta(days=days)), [], TODAY, 14)
    assert seen.stale is stale
    assert seen.known == (None if stale else 0.5)
    assert ("2026-04-02" in seen.reason) is stale


def test_confirming_an_old_value_makes_it_fresh() -> None:
    """The later of the last change and the last confirmation counts."""
    seen = standing(goal(0, 10, 5, updated=date(2026, 4, 28)), [value(1, 5)], TODAY, 7)
    assert not seen.stale
    assert not standing(goal(0, 10, 5, updated=None), [value(28, 5)], TODAY, 7).stale


def test_a_value_without_any_date_is_unknown() -> None:
    """Nobody can tell how old it is, and the reason says so."""
    seen = standing(goal(0, 10, 5, updated=None), [], TODAY, 7)
    assert seen.stale
    assert "no date" in seen.reason


@given(amounts, st.one_of(st.none(), st.dates(date(2025, 1, 1), TODAY)), st.integers(7, 92))
def test_what_counts_without_a_history_is_what_the_standing_says(now: float, updated: date | None, days: int) -> None:
    """The short way for many goals and the whole standing never differ."""
    one = goal(0, 10, now, updated=updated)
    assert known(one, TODAY, days) == standing(one, (), TODAY, days).known


def test_roll_up_leaves_out_what_is_unknown() -> None:
    """5, 5 and nothing average to 5."""
    assert roll_up([(0.5, None), (0.5, None), (None, None)]) == 0.5
    assert roll_up([(None, 1.0)]) is None
    assert roll_up([]) is None


@pytest.mark.parametrize("weights", [(0.0, 0.0), (None, 3.0), (-1.0, 2.0), (float("nan"), 1.0), (None, None)])
def test_unusable_weights_count_equally(weights: tuple[float | None, float | None]) -> None:
    """A sum of nothing, a missing or an impossible weight gives an average, never NaN."""
    assert roll_up([(1.0, weights[0]), (0.0, weights[1])]) == 0.5


def test_weights_count() -> None:
    """A goal of weight 3 counts three times."""
    assert roll_up([(1.0, 3.0), (0.0, 1.0)]) == 0.75


def test_one_goal_far_over_does_not_hide_a_missed_one() -> None:
    """Over-achievement counts as reached in an average."""
    assert roll_up([(3.0, None), (0.0, None)]) == 0.5


@given(st.lists(st.tuples(st.one_of(st.none(), amounts), st.one_of(st.none(), amounts)), max_size=6))
def test_a_roll_up_is_a_share(items: list[tuple[float | None, float | None]]) -> None:
    """Whatever the weights, an average lies within 0..1 or is unknown."""
    share = roll_up(items)
    assert share is None or -1e-9 <= share <= 1 + 1e-9


def test_a_trajectory_has_the_last_value_of_each_day_where_it_differs() -> None:
    """Corrections of a day and repeated values make no points of their own."""
    points = trajectory([value(9, 5), value(2, 1), value(2, 2), value(5, 2), value(20, 4)])
    assert [(point.day.day, point.value) for point in points] == [(2, 2), (9, 5), (20, 4)]
    assert trajectory([]) == ()
