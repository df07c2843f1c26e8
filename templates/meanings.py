"""What the program relies on in every pack: places and people of each kind, and the keys whose meaning never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from templates.shapes import ColumnType, Kind, Place, Writer

CADENCES = ("weekly", "two-weekly", "monthly")
GOAL_NOUNS = ("goal", "key result")
PLACEHOLDERS = ("person", "manager", "giver", "role", "date", "cycle")
STATUSES = ("not started", "on track", "at risk", "off track", "done", "dropped")
SCALE_POINTS = range(4, 7)

GOAL_COLUMNS: Mapping[str, ColumnType] = {
    "key": ColumnType.KEY,
    "goal": ColumnType.TEXT,
    "start": ColumnType.AMOUNT,
    "target": ColumnType.AMOUNT,
    "now": ColumnType.AMOUNT,
    "due": ColumnType.DATE,
    "status": ColumnType.CHOICE,
    "objective": ColumnType.TEXT,
    "parent": ColumnType.TEXT,
    "measure": ColumnType.TEXT,
    "category": ColumnType.CHOICE,
    "unit": ColumnType.CHOICE,
    "weight": ColumnType.PERCENT,
    "commitment": ColumnType.CHOICE,
    "progress": ColumnType.PROGRESS,
    "updated": ColumnType.DATE,
    "comment": ColumnType.TEXT,
}
GOAL_REQUIRED = ("key", "goal", "start", "target", "now", "due", "status")

FIXED_CHOICES: Mapping[str, tuple[str, ...]] = {
    "status": STATUSES,
    "category": ("performance", "development", "learning"),
    "commitment": ("committed", "stretch"),
}
"""Choices that the program understands; a goal sheet may offer fewer of them, never others."""


@dataclass(frozen=True)
class Meaning:
    """What a kind of artifact is to the program.

    *needs* are the placeholders without which two titles could be the same; *also* those it may use besides. *first*
    are sections that open the document in this order, *required* those that must be there, *known* those that may.
    *tables* are the columns of sections that are tables, by section key.
    """

    place: Place
    writers: tuple[Writer, ...]
    readers: tuple[Writer, ...]
    needs: tuple[str, ...]
    also: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    tables: Mapping[str, Mapping[str, ColumnType | None]] = field(default_factory=dict)
    """None for a column of any type."""
    guests: tuple[Writer, ...] = ()
    """Who may write in a section, through a form or card, without access to the document."""

    @property
    def sections(self) -> tuple[str, ...]:
        """Every section key that has a meaning here."""
        return tuple(dict.fromkeys((*self.first, *self.required, *self.known)))


_PAIR = (Writer.EMPLOYEE, Writer.MANAGER)
_RATING: Mapping[str, Mapping[str, ColumnType | None]] = {"rating": {"point": ColumnType.CHOICE}}
_REVIEW = ("outcomes", "patterns", "growth", "rating", "summary", "sources")

MEANINGS: Mapping[Kind, Meaning] = {
    Kind.ROLE_EXPECTATIONS: Meaning(
        Place.COMPANY,
        (Writer.HR,),
        (Writer.EVERYONE,),
        needs=("role",),
        required=("purpose", "expectations", "criteria"),
    ),
    Kind.GOAL_SHEET: Meaning(Place.WORKING, _PAIR, _PAIR, needs=("person", "cycle"), also=("manager", "role")),
    Kind.CHECK_IN: Meaning(
        Place.WORKING,
        _PAIR,
        _PAIR,
        needs=("person", "date"),
        also=("manager", "role", "cycle"),
        first=("agenda", "goals", "actions"),
        known=("wins", "blockers", "growth", "feedback", "notes", "goal-review"),
        tables={
            "goals": {"key": ColumnType.KEY, "goal": None, "target": None, "last": None, "status": None, "note": None},
            "actions": {"key": ColumnType.KEY, "action": None, "owner": None, "due": ColumnType.DATE, "done": None},
        },
    ),
    Kind.QUICK_NOTES: Meaning(
        Place.WORKING,
        (Writer.EMPLOYEE,),
        _PAIR,
        needs=("person",),
        also=("role",),
        required=("notes", "recognition"),
        guests=(Writer.ANYONE,),
    ),
    Kind.SELF_REVIEW: Meaning(
        Place.WORKING,
        (Writer.EMPLOYEE,),
        _PAIR,
        needs=("person", "cycle"),
        also=("manager", "role"),
        required=("submitted",),
        known=("results", "strengths", "growth", "support", "sources"),
    ),
    Kind.PEER_FEEDBACK: Meaning(
        Place.PRIVATE,
        (Writer.GIVER,),
        (Writer.MANAGER, Writer.HR),
        needs=("person", "giver", "cycle"),
        also=("role",),
        required=("strengths", "growth"),
        known=("example",),
    ),
    Kind.MANAGER_NOTES: Meaning(
        Place.PRIVATE,
        (Writer.MANAGER,),
        (Writer.MANAGER,),
        needs=("person",),
        also=("manager", "role"),
        required=("notes", "to-raise"),
    ),
    Kind.MANAGER_REVIEW: Meaning(
        Place.PRIVATE,
        (Writer.MANAGER,),
        (Writer.MANAGER, Writer.HR),
        needs=("person", "cycle"),
        also=("manager", "role"),
        required=(*_REVIEW, "questions"),
        tables=_RATING,
    ),
    Kind.RELEASED_REVIEW: Meaning(
        Place.REVIEWS,
        (Writer.NOBODY,),
        (Writer.EMPLOYEE, Writer.MANAGER, Writer.HR),
        needs=("person", "cycle"),
        also=("manager", "role"),
        required=_REVIEW,
        tables=_RATING,
    ),
}

NOT_RELEASED = ("questions",)
"""Sections of the manager review that stay with its writer."""
EITHER_BODY = ("rating",)
"""Sections that may be a table or text, as the pack likes."""
EMPLOYEE_MAY_READ = Kind.PEER_FEEDBACK
"""The kind whose subject reads it when the pack says so."""

FILES: Mapping[str, Kind] = {f"{kind}.yaml": kind for kind in Kind}
ALL_FILES = ("pack.yaml", "criteria.yaml", "roles.yaml", *FILES)
