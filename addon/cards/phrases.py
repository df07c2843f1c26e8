"""Words that several cards say in the same way. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from addon.my.looking import GoalLine
from addon.web.filters import amount, day, unit
from connectors import markdown
from sync.document_edits import EditKind
from sync.goals import is_yes_no
from sync.store.queries.document_edits import Standing

STEPS = 5
FULL, EMPTY = "●", "○"
LONGEST_QUOTE = 220
_FIGURE = re.compile(r"[-+]?\d{1,15}(?:[.,]\d{1,10})?")
_TWO_WAYS = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")


def when(that: date, today: date) -> str:
    """``Today``, ``Tomorrow``, ``In 5 days``, ``3 days ago``, each with the day; further away only the day itself."""
    days = (that - today).days
    near = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}
    if days in near:
        return f"{near[days]}, {day(that)}"
    if 1 < days <= 14:
        return f"In {days} days, {day(that)}"
    if -14 <= days < -1:
        return f"{-days} days ago, {day(that)}"
    return day(that)


def progress(line: GoalLine, today: date) -> str:
    """How a goal stands in one line: share, figures, age."""
    goal, standing = line.goal, line.standing
    if standing.shown is None:
        return standing.reason.removeprefix("unknown: ")
    if is_yes_no(goal):
        share, figures = "reached" if standing.shown == 100 else "not reached yet", ""
    else:
        share = f"{bar(standing.shown)} {standing.shown} %{' and more' if standing.over else ''}"
        figures = f"{amount(goal.now)}{unit(goal.unit)}, target {amount(goal.target)}"
    age = f"as of {day(goal.updated)}" if standing.stale and goal.updated else ""
    return " · ".join(part for part in (share, figures, age) if part)


def bar(shown: int) -> str:
    """Five steps of the way: none of them only where nothing is done, all of them only where everything is."""
    full = STEPS if shown >= 100 else min(STEPS - 1, -(-shown * STEPS // 100))
    return FULL * full + EMPTY * (STEPS - full)


def quote(text: str) -> str:
    """What somebody wrote, without its looks."""
    return " ".join(markdown.plain(text).split())[:LONGEST_QUOTE]


def figure_of(text: str, unit_name: str) -> float | None:
    """The figure that somebody typed, None when there is none or it can be read in two ways (``1,234``)."""
    plain_text = text.strip().removesuffix(unit_name.strip() or "%").strip().replace("\u2212", "-")
    if not _FIGURE.fullmatch(plain_text) or _TWO_WAYS.fullmatch(plain_text):
        return None
    return float(plain_text.replace(",", "."))


def said_of_edits(edits: Iterable[Standing]) -> tuple[str, ...]:
    """What is still being written, and what was not."""
    found = []
    for one in edits:
        what = "Your tick" if one.edit.kind is EditKind.TICK else "Your value"
        if one.busy:
            found.append(f"{what} is being written into the document.")
        elif one.has_failed:
            why = one.edit.message or "the worker could not do it"
            found.append(f"{what} was not written: {why}.")
    return tuple(dict.fromkeys(found))
