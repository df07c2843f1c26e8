"""What a draft says about goals: sentences recomputed from synced values and nothing else. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from sync.goals import Standing, is_yes_no, progress, standing, trajectory
from sync.records import Citation, Entry, Gap, Goal, GoalValue, Statement, StatementKind
from sync.review.material import GOAL_KINDS, Material
from sync.review.wording import GROWTH, OUTCOMES, Voice, amount

DEVELOPMENT = ("development", "learning")
DEVELOPMENT_HEADING = "Development goals"
MOST_TURNS = 4
"""A trajectory tells at most so many moves; the smallest ups and downs go first."""
_TOLD_COLUMNS = frozenset({"goal", "start", "target", "now", "unit"})


def goal_statements(
    material: Material, seen: Iterable[Entry], day: date, excluded: frozenset[str] = frozenset()
) -> tuple[tuple[Statement, ...], tuple[Gap, ...]]:
    """The sentences about every goal, as of *day*, and the goals that there is nothing to say about.

    *seen* is what both sides may see. A goal that rests on anything else is not told and not named; one that rests on
    an *excluded* entry is named and left blank.
    """
    statements: list[Statement] = []
    gaps: list[Gap] = []
    may_tell = {entry.id for entry in seen}
    sources = _sources(material)
    for goal in sorted(material.goals, key=lambda one: (one.position, one.id)):
        found = sources.get(goal.id, [])
        if any(entry.id not in may_tell for entry in found):
            continue
        if why := _why_not(goal, found, excluded, material.voice):
            gaps.append(Gap(OUTCOMES, goal.title, why))
            continue
        statements += _sentences(material, goal, found, day)
    return tuple(statements), tuple(gaps)


def _why_not(goal: Goal, found: Sequence[Entry], excluded: frozenset[str], voice: Voice) -> str:
    """Why nothing can be said about *goal*; "" when something can."""
    if any(entry.id in excluded for entry in found):
        return "Left blank: what it rests on was left out."
    if any(_column(entry) == "now" for entry in found) and _usable(goal.now):
        return ""
    if goal.removed:
        last = f"; it was last changed on {voice.day(goal.updated)}" if goal.updated else ""
        return f"Taken out of the goal sheet{last}."
    if not _usable(goal.now):
        return "Left blank: no value has been entered. What would fill it: a number in the goal sheet."
    return (
        "Left blank: its value has no source in the ledger. What would fill it: a value typed into the goal sheet, and a sync."
    )


def _usable(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _sources(material: Material) -> dict[str, list[Entry]]:
    """The entries that each goal's title and amounts come from, by goal id."""
    by_row = {(goal.artifact_key, goal.row_key): goal.id for goal in material.goals if goal.row_key}
    known = {goal.id for goal in material.goals}
    found: dict[str, list[Entry]] = {}
    for entry in material.entries:
        if entry.kind not in GOAL_KINDS or entry.withdrawn:
            continue
        row = entry.anchor.removeprefix("row:").partition("/")[0]
        goal_id = entry.figure.goal_id if entry.figure else by_row.get((entry.artifact_key, row), "")
        if goal_id in known and _column(entry) in _TOLD_COLUMNS:
            found.setdefault(goal_id, []).append(entry)
    return found


def _sentences(material: Material, goal: Goal, found: Sequence[Entry], day: date) -> Iterator[Statement]:
    """What is said about *goal*, which rests on *found*."""
    history = sorted((entry for entry in found if _column(entry) == "now"), key=lambda one: (one.happened_on, one.recorded_at))
    standing_on = (*(entry for entry in found if _column(entry) != "now"), *history[-1:])
    current = {entry.id for entry in history}
    values = [one for one in material.values.get(goal.id, ()) if one.entry_id in current and _usable(one.value)]
    stands = standing(goal, values, day, material.cadence_days(day))
    yield _figure(OUTCOMES, goal.title, f"{_name(goal)}: {_where(goal, values, stands, material.voice)}", standing_on)
    points = _turning_points(trajectory(values))
    if len(points) > 1:
        told = {point.entry_id for point in points} | {history[-1].id}
        moved = [entry for entry in history if entry.id in told]
        yield _figure(OUTCOMES, goal.title, _course(goal, points, material.voice), moved)
    if goal.category.casefold() in DEVELOPMENT and not goal.removed and (stands.progress or 0.0) < 1.0:
        due = f", due {material.voice.day(goal.due)}" if goal.due else ""
        text = f"The {goal.category.casefold()} goal {_name(goal)} is still open{due}."
        yield _figure(GROWTH, DEVELOPMENT_HEADING, text, standing_on)


def _figure(section: str, heading: str, text: str, found: Iterable[Entry]) -> Statement:
    return Statement(section, heading, text, StatementKind.FIGURE, tuple(Citation(entry.id, entry.hash) for entry in found))


def _column(entry: Entry) -> str:
    return entry.figure.column if entry.figure else entry.anchor.rpartition("/")[2]


def _name(goal: Goal) -> str:
    return f"“{goal.title.strip()}”"


def _where(goal: Goal, values: Sequence[GoalValue], stands: Standing, voice: Voice) -> str:
    now = amount(goal.now or 0.0, goal.unit)
    last = max((value.day for value in values), default=goal.updated)
    dated = f" on {voice.day(last)}" if last else ""
    if goal.removed:
        return f"taken out of the goal sheet; the last value was {now}{dated}."
    if stands.stale:
        return f"unknown; the last value was {now}{dated}."
    if stands.progress is None:
        return f"{now} now; {stands.reason.removeprefix('unknown: ')}, so the progress is unknown."
    if is_yes_no(goal):
        return f"{'reached' if stands.progress >= 1 else 'not reached'}; the last value was {now}{dated}."
    start, target = amount(goal.start or 0.0, goal.unit), amount(goal.target or 0.0, goal.unit)
    return f"from {start} at the start to {now} now, with a target of {target}: {_share(stands)}."


def _share(stands: Standing) -> str:
    share = stands.progress or 0.0
    if share < 0:
        return "0 % of the way, behind the start"
    if stands.over:
        return f"{max(100, math.floor(share * 100 + 0.5))} % of the way, past the target"
    return f"{stands.shown} % of the way"


def _course(goal: Goal, points: Sequence[GoalValue], voice: Voice) -> str:
    """``It stood at 8 % on 5 January, slipped to 9 % by 2 March, recovered to 6 % by 4 May.``"""
    moves = [f"stood at {amount(points[0].value, goal.unit)} on {voice.day(points[0].day)}"]
    slipped = False
    for before, point in pairwise(points):
        verb, slipped = _verb(goal, before, point, slipped)
        moves.append(f"{verb} {amount(point.value, goal.unit)} by {voice.day(point.day)}")
    return f"It {', '.join(moves)}."


def _verb(goal: Goal, before: GoalValue, after: GoalValue, slipped: bool) -> tuple[str, bool]:
    """What a move is called, and whether it went away from the target."""
    old, new = progress(replace(goal, now=before.value)), progress(replace(goal, now=after.value))
    if old is None or new is None or old == new:
        return "moved to", False
    if new < old:
        return "slipped to", True
    return ("recovered to" if slipped else "advanced to"), False


def _turning_points(points: Sequence[GoalValue]) -> list[GoalValue]:
    """The first and last point and where the direction changed in between, the smallest changes left out."""
    kept: list[GoalValue] = []
    for point in points:
        if len(kept) > 1 and (kept[-1].value - kept[-2].value) * (point.value - kept[-1].value) > 0:
            kept.pop()
        kept.append(point)
    while len(kept) > MOST_TURNS + 1:
        sizes = [abs(kept[i + 1].value - kept[i].value) for i in range(1, len(kept) - 2)]
        smallest = 1 + sizes.index(min(sizes))
        del kept[smallest : smallest + 2]
    return kept
