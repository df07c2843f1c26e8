"""How a goal stands: progress, staleness, roll-up and trajectory. Pure arithmetic over what was read.

Progress is ``(now - start) / (target - start)``, so that a goal that wants less (churn 8 % to 4 %) counts like one that
wants more. It is kept raw; what people see is clamped to 0..100 with a mark for more than the target. Missing is never
zero: without a value there is no progress, and an average leaves it out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sync.records import Goal, GoalValue

YES_NO_UNITS = frozenset({"yes/no", "y/n", "ja/nein", "oui/non", "done", "binary", "boolean"})
STALE_AFTER_PERIODS = 2
"""A value older than this many periods of the cadence says nothing about today (rule G4)."""


@dataclass(frozen=True)
class Standing:
    """Where a goal stands today.

    *progress* is the raw share of the way (1.0 is the target, more and less are possible), None when it cannot be told.
    *shown* is the same as whole per cent in 0..100, *over* whether it is past the target. A *stale* goal keeps its last
    progress for people to look at, but `known` is None and averages leave it out. *reason* says in words why there is no
    figure, or why it no longer counts; "" when all is well.
    """

    progress: float | None
    shown: int | None
    over: bool
    stale: bool
    reason: str = ""

    @property
    def known(self) -> float | None:
        """The progress that may be counted: None when there is none or it is stale."""
        return None if self.stale else self.progress


def progress(goal: Goal) -> float | None:
    """The raw share of the way from start to target, None when a needed amount is missing or no finite number.

    A yes/no goal, and one that is to stay where it is, is reached or not: what the goal sheet's own formula shows.
    """
    now, start, target = (_finite(amount) for amount in (goal.now, goal.start, goal.target))
    if now is None:
        return None
    if _has_yes_no_unit(goal):
        return 1.0 if now == 1.0 else 0.0
    if start is None or target is None:
        return None
    if start == target:
        return 1.0 if now >= target else 0.0
    return _finite((now - start) / (target - start))


def is_yes_no(goal: Goal) -> bool:
    """Whether there is nothing between reached and not: a yes/no unit, or a start that equals the target."""
    return _has_yes_no_unit(goal) or (goal.start is not None and goal.start == goal.target)


def shown(share: float) -> int:
    """*share* as whole per cent within 0..100, rounded as a goal sheet shows it; only what is reached reads 100."""
    exact = round(max(-1.0, min(2.0, share)) * 100, 9)
    return max(0, min(100 if exact >= 100 else 99, math.floor(exact + 0.5)))


def trajectory(values: Iterable[GoalValue]) -> tuple[GoalValue, ...]:
    """The points of a goal's history by day: the last value of each day, and only where the value differs from before."""
    by_day = {value.day: value for value in sorted(values, key=lambda value: value.day)}
    points: list[GoalValue] = []
    for point in by_day.values():
        if not points or points[-1].value != point.value:
            points.append(point)
    return tuple(points)


def standing(goal: Goal, values: Iterable[GoalValue], today: date, cadence_days: int) -> Standing:
    """How *goal* stands on *today*, given its history and the days between two check-ins."""
    share = progress(goal)
    if share is None:
        return Standing(None, None, over=False, stale=False, reason=_what_is_missing(goal))
    last = last_touched(goal, values)
    stale = _is_stale(last, today, cadence_days)
    reason = ""
    if last is None:
        reason = "unknown: its value carries no date"
    elif stale:
        reason = f"unknown: not updated since {last.isoformat()}, more than {STALE_AFTER_PERIODS} check-in periods ago"
    return Standing(share, shown(share), over=share > 1.0, stale=stale, reason=reason)


def known(goal: Goal, today: date, cadence_days: int) -> float | None:
    """`Standing.known` of a goal whose history is not at hand: its progress, None when there is none or it is stale."""
    return None if _is_stale(goal.updated, today, cadence_days) else progress(goal)


def _is_stale(last: date | None, today: date, cadence_days: int) -> bool:
    return last is None or today - last > timedelta(days=STALE_AFTER_PERIODS * cadence_days)


def last_touched(goal: Goal, values: Iterable[GoalValue]) -> date | None:
    """The day of the last change or confirmation of the goal's value, None when nothing is dated."""
    days = [value.day for value in values] + ([goal.updated] if goal.updated else [])
    return max(days, default=None)


def lacking(goal: Goal, columns: Iterable[str]) -> tuple[str, ...]:
    """What a goal does not say although its sheet asks for it: what a SMART goal is made of, in the order of a sheet.

    Whether it can be reached is for two people to talk about; nobody can tell that from a row.
    """
    asked = set(columns)
    said = {
        "measure": bool(goal.extra.get("measure", "").strip() or goal.unit.strip()),
        "start": is_yes_no(goal) or _finite(goal.start) is not None,
        "target": is_yes_no(goal) or _finite(goal.target) is not None,
        "parent": bool(goal.parent.strip()),
        "due": goal.due is not None,
    }
    return tuple(name for name, is_there in said.items() if name in asked and not is_there)


def roll_up(weighted: Iterable[tuple[float | None, float | None]]) -> float | None:
    """The average of known progress and weight, each clamped to 0..1, over the goals that are known. None when none is.

    Weights count when every known goal has one and their sum is positive; otherwise all goals count the same. Clamping
    keeps one goal that went far past its target from hiding another that was missed.
    """
    shares = [(max(0.0, min(1.0, share)), weight) for share, weight in weighted if share is not None]
    if not shares:
        return None
    weights = _weights([weight for _, weight in shares])
    return sum(share * weight for (share, _), weight in zip(shares, weights, strict=True)) / sum(weights)


def _weights(given: list[float | None]) -> list[float]:
    usable = [weight for weight in map(_finite, given) if weight is not None and weight >= 0]
    if len(usable) == len(given) and sum(usable) > 0:
        return usable
    return [1.0] * len(given)


def _has_yes_no_unit(goal: Goal) -> bool:
    return goal.unit.strip().casefold() in YES_NO_UNITS


def _finite(amount: float | None) -> float | None:
    return amount if amount is not None and math.isfinite(amount) else None


def _what_is_missing(goal: Goal) -> str:
    amounts = (("now", goal.now), ("start", goal.start), ("target", goal.target))
    missing = [name for name, amount in amounts if _finite(amount) is None]
    if "now" in missing:
        return "unknown: no value has been entered yet"
    return f"unknown: {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
