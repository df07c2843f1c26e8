"""The course of a goal in words: whether it slipped, when it recovered, when half of the way was done. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sync.goals import progress
from sync.records import Goal, GoalValue
from sync.review.wording import Voice, listed

NOISE = 0.05
"""A step back of less than this share of the way is not told."""
MOST_SLIPS = 2
"""So many steps back are told; the smallest go first."""
HALFWAY = 0.5
WORTH_A_HALFWAY = 0.75
"""Only a goal that came so far is told by when half of the way was done."""


@dataclass(frozen=True)
class Course:
    """*moves* in words, such as ``slipped in March``, and the values that they rest on."""

    moves: tuple[str, ...]
    points: tuple[GoalValue, ...]

    @property
    def text(self) -> str:
        """``slipped in March and recovered by May``; "" when there is nothing to tell."""
        return listed(self.moves) if self.moves else ""


@dataclass(frozen=True)
class _Slip:
    """From the first value below the highest point so far down to the lowest, and the one that made up for it, if any."""

    first: GoalValue
    low: GoalValue
    depth: float
    recovered: GoalValue | None
    best: GoalValue | None
    """The highest value afterwards, when it did not make up for all."""


def course(goal: Goal, values: Sequence[GoalValue], voice: Voice) -> Course:
    """What the values of *goal*, in the order of days, tell beside where it started and where it stands."""
    shares = [(value, share) for value in values if (share := progress(replace(goal, now=value.value))) is not None]
    slips = sorted(_slips(shares), key=lambda one: -one.depth)[:MOST_SLIPS]
    moves: list[str] = []
    points: list[GoalValue] = []
    for slip in sorted(slips, key=lambda one: one.low.day):
        moves += _told(slip, voice)
        points += [point for point in (slip.first, slip.low, slip.recovered or slip.best) if point]
    if not slips and (half := _halfway(shares)):
        moves.append(f"half-way by {voice.month(half.day)}")
        points.append(half)
    return Course(tuple(moves), tuple(points))


def _told(slip: _Slip, voice: Voice) -> Iterator[str]:
    down, back = voice.month(slip.low.day), slip.recovered or slip.best
    how = "recovered" if slip.recovered else "regained part of it"
    if back and voice.month(back.day) == down:
        yield f"slipped and {how} in {down}"
        return
    since = voice.month(slip.first.day)
    yield f"slipped in {down}" if since == down else f"slipped from {since} to {down}"
    if back:
        yield f"{how} by {voice.month(back.day)}"


def _slips(shares: Sequence[tuple[GoalValue, float]]) -> Iterator[_Slip]:
    """Every step back of more than `NOISE` from the highest point before it; the start of the goal is the first one."""
    high, at = 0.0, 0
    while at < len(shares):
        if shares[at][1] >= high - NOISE:
            high, at = max(high, shares[at][1]), at + 1
            continue
        after = next((n for n in range(at, len(shares)) if shares[n][1] >= high), len(shares))
        low = min(range(at, after), key=lambda n: shares[n][1])
        best = max(range(low, after), key=lambda n: shares[n][1])
        recovered = shares[after][0] if after < len(shares) else None
        regained = shares[best][0] if shares[best][1] > shares[low][1] + NOISE else None
        yield _Slip(shares[at][0], shares[low][0], high - shares[low][1], recovered, regained)
        at = after


def _halfway(shares: Sequence[tuple[GoalValue, float]]) -> GoalValue | None:
    """The first value past half of the way, when the goal came far and did so later."""
    if len(shares) < 3 or shares[-1][1] < WORTH_A_HALFWAY:
        return None
    first = next(value for value, share in shares if share >= HALFWAY)
    month, last = first.day.replace(day=1), shares[-1][0].day.replace(day=1)
    return first if month < last else None
