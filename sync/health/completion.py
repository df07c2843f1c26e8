"""What is done, due and late: check-ins and reviews against their days. Pure.

A check-in counts as held once somebody wrote into it (rule C1). Days on leave make nothing late: no check-in is planned
for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

#: How long after its day a check-in may stay empty before it is late: notes are often written up the next morning.
GRACE = timedelta(days=3)
#: Rule C2: without a conversation for so many of its periods, contact is lost.
GAP_PERIODS = 1.5
LONGEST_GAP = timedelta(days=31)
#: Rule C1: fewer done than this is a system that fails, or one that needs a look.
RED, AMBER = 0.4, 0.8


class State(StrEnum):
    """Where one planned thing stands."""

    DONE = "done"
    COMING = "coming"
    DUE = "due"
    LATE = "late"


@dataclass(frozen=True)
class Rate:
    """How much of what was due is done. Nothing due is no rate, never zero or a hundred."""

    due: int = 0
    done: int = 0

    @property
    def share(self) -> float | None:
        """0..1, None when nothing was due."""
        return self.done / self.due if self.due else None

    @property
    def level(self) -> str:
        """``good``, ``warn`` or ``bad``; "" when nothing was due."""
        if self.share is None:
            return ""
        return "bad" if self.share < RED else "warn" if self.share < AMBER else "good"

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.due + other.due, self.done + other.done)


def state(due: date, written: bool, today: date) -> State:
    """Where something of the day *due* stands on *today*."""
    if written:
        return State.DONE
    if due > today:
        return State.COMING
    return State.LATE if due < late_before(today) else State.DUE


def late_before(today: date) -> date:
    """The first day of which nothing empty is late yet on *today*."""
    return today - GRACE


def rate(states: Iterable[State]) -> Rate:
    """Done of due; what is coming or may still be written counts for nobody."""
    counted = [one for one in states if one in (State.DONE, State.LATE)]
    return Rate(len(counted), sum(one is State.DONE for one in counted))


def lost_contact(last: date | None, since: date, today: date, cadence_days: int) -> bool:
    """Whether the last conversation, or else the beginning, is too long ago (rule C2)."""
    longest = max(timedelta(days=GAP_PERIODS * cadence_days), LONGEST_GAP)
    return today - (last or since) > longest
