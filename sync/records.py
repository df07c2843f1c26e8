"""The words of the engine as frozen values: people, cycles, artifacts, evidence, goals, actions, statements, drafts.

No I/O, no clock. Days are local calendar days; instants are timezone-aware UTC.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from templates.shapes import Kind, Place

# ---------------------------------------------------------------- people


@dataclass(frozen=True)
class Reporting:
    """One line of reporting: to whom, from which day (None: always), up to and including which day (None: still)."""

    manager_id: str
    since: date | None = None
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether this line holds on *day*."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Person:
    """Somebody in the directory. The id is opaque and never changes; e-mails are aliases."""

    id: str
    name: str
    email: str
    """Lower case."""
    hr_id: str = ""
    """The id of the company's own HR list, when it has one."""
    former_emails: tuple[str, ...] = ()
    role: str = ""
    team: str = ""
    location: str = ""
    work_mode: str = "office"
    timezone: str = "UTC"
    access: str = "none"
    """none, hr, leadership or admin."""
    start: date | None = None
    end: date | None = None
    """The last day, for a leaver."""
    reporting: tuple[Reporting, ...] = ()
    takes_part: bool = True
    """False for an admin who is not on the company's list of people: no documents are made for them."""

    def active(self, day: date) -> bool:
        """Whether the person works here on *day*."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def manager_at(self, day: date) -> str:
        """The id of the manager on *day*, "" when there is none."""
        return next((line.manager_id for line in reversed(self.reporting) if line.covers(day)), "")


@dataclass(frozen=True)
class Leave:
    """Days away, both included."""

    person_id: str
    since: date
    until: date


@dataclass(frozen=True)
class Pair:
    """Somebody who was asked for feedback about somebody."""

    giver_id: str
    person_id: str


# ---------------------------------------------------------------- cycles


@dataclass(frozen=True)
class CadenceRule:
    """How often, for whom: scope `company`, `team` or `person`, and the team's name or person's id.

    It holds for periods that begin on or after *since*: a change takes effect from the next period.
    """

    scope: str
    value: str
    cadence: str
    since: date


@dataclass(frozen=True)
class Cycle:
    """A dated period with a rhythm, a frozen pack version and a review moment."""

    id: str
    """A slug such as ``2026-h1``; the beginning of every logical key."""
    label: str
    start: date
    end: date
    review_on: date
    opened_on: date
    """The day HR created it: nothing is provisioned for dates before."""
    pack_name: str
    pack_version: str
    cadences: tuple[CadenceRule, ...] = ()
    locked: bool = False


# ---------------------------------------------------------------- artifacts


class ArtifactState(StrEnum):
    """Whether an artifact is where it was recorded."""

    LINKED = "linked"
    UNLINKED = "unlinked"


@dataclass(frozen=True)
class Artifact:
    """One provisioned thing."""

    key: str
    kind: Kind
    cycle_id: str
    person_id: str
    """About whom; "" for the company's own."""
    other_id: str
    """The manager of a manager's document, the giver of feedback, otherwise ""."""
    due: date | None
    place: Place
    title: str
    ref: str
    version: str
    """The version that was last read, or that holds nothing but what we wrote; "" when people may have written since."""
    state: ArtifactState = ArtifactState.LINKED
    writers: tuple[str, ...] = ()
    """E-mail addresses that were granted."""
    readers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Save:
    """One reading of an artifact: which version stood there, since when we know it, and who had saved it."""

    version: str
    content: str
    """Equal for equal content, whatever program saved it; "" for a file that was found as it was made and never opened."""
    taken_at: datetime
    modified_by: str = ""
    """As the platform tells it."""
    modified_at: datetime | None = None


# ---------------------------------------------------------------- evidence


class EntryKind(StrEnum):
    """What an entry of the ledger is."""

    NOTE = "note"
    AGENDA = "agenda"
    ACTION = "action"
    GOAL = "goal"
    GOAL_VALUE = "goal-value"
    WIN = "win"
    BLOCKER = "blocker"
    GROWTH = "growth"
    FEEDBACK = "feedback"
    RECOGNITION = "recognition"
    SELF_REVIEW = "self-review"
    PEER_FEEDBACK = "peer-feedback"
    MANAGER_NOTE = "manager-note"
    REVIEW_TEXT = "review-text"
    OTHER = "other-notes"


class Visibility(StrEnum):
    """Who may see an entry at the most: person and manager, the manager only, its author only."""

    SHARED = "shared"
    MANAGER_PRIVATE = "manager-private"
    AUTHOR_PRIVATE = "author-private"


@dataclass(frozen=True)
class Figure:
    """A value that was read from a goal sheet."""

    goal_id: str
    column: str
    """``now``, ``target`` ..."""
    value: float
    unit: str = ""


@dataclass(frozen=True)
class Entry:
    """One entry of the append-only ledger."""

    id: str
    about: str
    by: str
    """The author's person id, "" when the file does not tell."""
    kind: EntryKind
    text: str
    visibility: Visibility
    happened_on: date
    recorded_at: datetime
    artifact_key: str
    anchor: str
    """Section or row and column inside the artifact: ``wins``, ``row:g7k3/now``, ``other:Heading``."""
    place: str
    """The same for people: ``Wins``, ``Goals!H7``."""
    figure: Figure | None = None
    supersedes: str = ""
    withdrawn: bool = False
    """The text that *supersedes* names was taken out of the document."""

    @property
    def hash(self) -> str:
        """What a citation pins: equal hashes mean equal words and figures."""
        return fingerprint(self.text, self.figure.value if self.figure else None)


def fingerprint(*parts: object) -> str:
    """16 hex digits over *parts*; the one hash of ids and citations."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, default=str).encode()).hexdigest()[:16]


# ---------------------------------------------------------------- goals and actions


@dataclass(frozen=True)
class Goal:
    """One row of a goal sheet, as last read. Amounts are in the unit of the row; None is missing, never zero."""

    id: str
    person_id: str
    cycle_id: str
    artifact_key: str
    row_key: str
    title: str
    position: int
    start: float | None = None
    target: float | None = None
    now: float | None = None
    unit: str = ""
    weight: float | None = None
    due: date | None = None
    status: str = ""
    category: str = ""
    commitment: str = ""
    parent: str = ""
    objective: str = ""
    updated: date | None = None
    """When its value last changed, or was confirmed."""
    removed: bool = False
    written: bool = True
    """False for an imported goal that is not in the sheet yet."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Every other column, by key."""


@dataclass(frozen=True)
class GoalValue:
    """One point of a goal's history."""

    goal_id: str
    day: date
    value: float
    entry_id: str


@dataclass(frozen=True)
class ActionItem:
    """Something agreed in a check-in. Its key travels with it into the next ones until it is closed, once."""

    key: str
    person_id: str
    cycle_id: str
    text: str
    owner: str
    due: str
    """As typed."""
    opened_on: date
    origin_key: str
    """The artifact in which it was first written."""
    closed_on: date | None = None
    closed_in: str = ""


# ---------------------------------------------------------------- drafts


class StatementKind(StrEnum):
    """A quotation, a figure recomputed from synced values, or a fixed connective."""

    QUOTATION = "quotation"
    FIGURE = "figure"
    CONNECTIVE = "connective"


@dataclass(frozen=True)
class Citation:
    """What a statement rests on: an entry, and its hash when the statement was made."""

    entry_id: str
    hash: str


@dataclass(frozen=True)
class Statement:
    """One sentence of a draft."""

    section: str
    """``outcomes``, ``patterns``, ``growth``."""
    heading: str
    """The goal, or the criterion's title; "" for none."""
    text: str
    kind: StatementKind
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True)
class Gap:
    """What stays blank, and why."""

    section: str
    heading: str
    reason: str


@dataclass(frozen=True)
class Coverage:
    """What the evidence covers: entries by month (``2026-01``), by author and by kind."""

    months: Mapping[str, int]
    authors: int
    kinds: int
    entries: int


@dataclass(frozen=True)
class Draft:
    """The statements of one review, for one writer and one reader."""

    id: str
    cycle_id: str
    person_id: str
    writer_id: str
    reader_id: str
    made_at: datetime
    statements: tuple[Statement, ...]
    coverage: Coverage
    gaps: tuple[Gap, ...] = ()
    unused: tuple[str, ...] = ()
    """Ids of entries both may see that no statement cites."""
    for_you: tuple[str, ...] = ()
    """Ids of entries that only the writer may see."""


@dataclass(frozen=True)
class Release:
    """The logged act by which a writer showed a finished review to its subject."""

    cycle_id: str
    person_id: str
    draft_id: str
    by: str
    at: datetime
    artifact_key: str
    text_hash: str
    version: int = 1
    """Counts up with each correction; every version stays readable."""
    reason: str = ""
    """Why it was corrected."""


@dataclass(frozen=True)
class Finding:
    """Something a person should know about an artifact or a file: what was seen and what to do."""

    subject: str
    """A key or a ref."""
    kind: str
    """``failed``, ``busy``, ``copy``, ``unlinked``, ``other-notes``, ``column``, ``moved``, ``twin``, ``halted`` ..."""
    message: str
