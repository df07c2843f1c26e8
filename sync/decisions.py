"""What the writers of reviews decide about single points. No I/O, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class DecisionKind(StrEnum):
    """What a writer decided about a point of a review."""

    LINK = "link"
    """*subject*, an entry, rests on (or was raised in) the entry *other*."""
    DISCUSSED = "discussed"
    """The growth point *subject* is new and was discussed on *day*."""
    LATER = "later"
    """The growth point *subject* is moved to the next period."""
    SETTLED = "settled"
    """The private note *subject* need not be raised."""
    DISMISSED = "dismissed"
    """The language hint *subject*, of the rule *other*, was answered."""


@dataclass(frozen=True)
class Decision:
    """One such decision, by the writer of a review."""

    cycle_id: str
    person_id: str
    by: str
    kind: DecisionKind
    subject: str
    at: datetime
    other: str = ""
    day: date | None = None
