"""What a draft says about goals: sentences recomputed from synced values and nothing else. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sync.goals import Standing, is_yes_no, last_touched, standing, trajectory
from sync.records import Citation, Entry, Gap, Goal, GoalValue, Statement, StatementKind
from sync.review.material import GOAL_KINDS, Material
from sync.review.trajectory import Course, course
from sync.review.wording import GROWTH, OUTCOMES, QUESTIONS, Voice, amount

DEVELOPMENT = ("development", "learning")
DEVELOPMENT_HEADING = "Development goals"
BEHIND, FAR_PAST = 0.6, 1.25
"""Shares of the way below and above which the draft asks why."""
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
    current = {entry.id for entry in history}
    values = [one for one in material.values.get(goal.id, ()) if one.entry_id in current and _usable(one.value)]
    stands = standing(goal, values, day, material.cadence_days(day))
    way = _course(goal, values, stands, material.voice)
    told = {point.entry_id for point in way.points}
    base = [entry for entry in found if _column(entry) != "now"]
    moved = [entry for entry in history[:-1] if entry.id in told]
    yield _figure(
        OUTCOMES, "", f"{_name(goal)}: {_where(goal, values, stands, way, material.voice)}", (*base, *history[-1:], *moved)
    )
    standing_on = (*base, *history[-1:])
    if goal.category.casefold() in DEVELOPMENT and not goal.removed and (stands.progress or 0.0) < 1.0:
        due = f", due {material.voice.day(goal.due)}" if goal.due else ""
        text = f"The {goal.category.casefold()} goal {_name(goal)} is still open{due}."
        yield _figure(GROWTH, DEVELOPMENT_HEADING, text, standing_on)
    if asked := _question(goal, values, stands, material.voice):
        yield _figure(QUESTIONS, "", asked, standing_on)


def _course(goal: Goal, values: Sequence[GoalValue], stands: Standing, voice: Voice) -> Course:
    """The course of a goal that moves between start and target and is known."""
    if stands.known is None or goal.removed or is_yes_no(goal):
        return Course((), ())
    return course(goal, trajectory(values), voice)


def _question(goal: Goal, values: Sequence[GoalValue], stands: Standing, voice: Voice) -> str:
    """What to ask about a goal that the figures do not explain, "" when they do."""
    if goal.removed:
        return f"Why was {_name(goal)} taken out of the goal sheet?"
    if stands.stale and (last := last_touched(goal, values)):
        return f"What is the value of {_name(goal)} now? The last one is of {voice.day(last)}."
    if stands.progress is None or stands.stale:
        return ""
    if stands.progress < BEHIND:
        return f"What held {_name(goal)} back, and does it go on unchanged?"
    return f"Was the target of {_name(goal)} too low, or what made the difference?" if stands.progress >= FAR_PAST else ""


def _figure(section: str, heading: str, text: str, found: Iterable[Entry]) -> Statement:
    return Statement(section, heading, text, StatementKind.FIGURE, tuple(Citation(entry.id, entry.hash) for entry in found))


def _column(entry: Entry) -> str:
    return entry.figure.column if entry.figure else entry.anchor.rpartition("/")[2]


def _name(goal: Goal) -> str:
    return f"“{goal.title.strip()}”"


def _where(goal: Goal, values: Sequence[GoalValue], stands: Standing, way: Course, voice: Voice) -> str:
    now = amount(goal.now or 0.0, goal.unit)
    last = last_touched(goal, values)
    dated = f" on {voice.day(last)}" if last else ""
    if goal.removed:
        return f"taken out of the goal sheet; the last value was {now}{dated}."
    if stands.stale:
        return f"unknown; the last value was {now}{dated}."
    if stands.progress is None:
        return f"{now}{dated}; {stands.reason.removeprefix('unknown: ')}, so the progress is unknown."
    if is_yes_no(goal):
        return f"{'reached' if stands.progress >= 1 else 'not reached'}; the last value was {now}{dated}."
    start, target = amount(goal.start or 0.0, goal.unit), amount(goal.target or 0.0, goal.unit)
    if goal.now == goal.start:
        return f"{_led(way)}at {now}{dated}, where it started; the target is {target}."
    return f"{_led(way)}from {start} to {now}{dated}, {_towards(stands, target)}."


def _led(way: Course) -> str:
    """``slipped in March and recovered by May; `` before where the goal stands."""
    return f"{way.text}; " if way.text else ""


def _towards(stands: Standing, target: str) -> str:
    share = stands.progress or 0.0
    if share < 0:
        return f"further from the target of {target} than at the start"
    if share == 1.0:
        return "which is the target"
    if stands.over:
        return f"past the target of {target} ({max(100, math.floor(share * 100 + 0.5))} % of the way)"
    return f"{stands.shown} % of the way to the target of {target}"
