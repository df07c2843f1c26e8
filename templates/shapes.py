"""What a template describes: tables and documents, the people who write in them, and the pack around them.

Everything here is a frozen value without behaviour beyond look-ups, so that every floor may pass it around.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of artifact. The value is the word used in logical keys, packs, file properties and the command line."""

    ROLE_EXPECTATIONS = "role-expectations"
    GOAL_SHEET = "goal-sheet"
    CHECK_IN = "check-in"
    QUICK_NOTES = "quick-notes"
    SELF_REVIEW = "self-review"
    PEER_FEEDBACK = "peer-feedback"
    MANAGER_NOTES = "manager-notes"
    MANAGER_REVIEW = "manager-review"
    RELEASED_REVIEW = "released-review"


class Place(StrEnum):
    """Where an artifact stands. No place ever lies inside another one."""

    COMPANY = "company"
    WORKING = "working"
    REVIEWS = "reviews"
    PRIVATE = "private"


class Writer(StrEnum):
    """Who may write or read, relative to the person whom an artifact is about."""

    EMPLOYEE = "employee"
    MANAGER = "manager"
    GIVER = "giver"
    HR = "hr"
    ANYONE = "anyone"
    EVERYONE = "everyone"
    NOBODY = "nobody"


class ColumnType(StrEnum):
    """What a column of a table holds."""

    KEY = "key"  # the row's own key: narrow, visible, unlocked, inside the filter
    TEXT = "text"
    AMOUNT = "amount"  # a number in the unit of the row
    PERCENT = "percent"  # a share, stored as 0.25 and shown as 25 %
    DATE = "date"
    CHOICE = "choice"
    PROGRESS = "progress"  # a formula over start, target and now; nobody writes it


@dataclass(frozen=True)
class Column:
    """One column of a table. *key* is its meaning and never changes; *title* is what people see."""

    key: str
    title: str
    type: ColumnType = ColumnType.TEXT
    choices: tuple[str, ...] = ()
    help: str = ""
    width: int = 16
    """In characters, as spreadsheets count it."""
    former_titles: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableShape:
    """A sheet of typed columns. Exactly one column has type KEY."""

    title: str
    """The sheet's name, at most 31 characters."""
    columns: tuple[Column, ...]
    empty_rows: int = 12
    """How many prepared rows stand below the filled ones."""
    intro: str = ""

    def column(self, key: str) -> Column | None:
        """The column of that *key*, or None."""
        return next((c for c in self.columns if c.key == key), None)


class SectionBody(StrEnum):
    """What stands under a section's heading."""

    TEXT = "text"  # free paragraphs and lists
    TABLE = "table"  # a small table of `Section.columns`, with room for more rows


class SectionWhen(StrEnum):
    """In which check-ins a section stands."""

    ALWAYS = "always"
    QUARTERLY = "quarterly"


@dataclass(frozen=True)
class Section:
    """One section of a document. *key* is its meaning and never changes; *title* is the heading people see."""

    key: str
    title: str
    prompt: str = ""
    writers: tuple[Writer, ...] = (Writer.EMPLOYEE, Writer.MANAGER)
    body: SectionBody = SectionBody.TEXT
    columns: tuple[Column, ...] = ()
    """For a TABLE body. The first one is the KEY column when its rows have an identity."""
    empty_rows: int = 2
    when: SectionWhen = SectionWhen.ALWAYS
    former_titles: tuple[str, ...] = ()


@dataclass(frozen=True)
class DocumentShape:
    """A document of sections in order."""

    sections: tuple[Section, ...]
    intro: str = ""

    def section(self, key: str) -> Section | None:
        """The section of that *key*, or None."""
        return next((s for s in self.sections if s.key == key), None)


@dataclass(frozen=True)
class Template:
    """One kind of artifact: its shape, where it stands, who writes and who reads it."""

    kind: Kind
    title: str
    """With placeholders {person}, {manager}, {giver}, {role}, {date}, {cycle}: the document's title and file name."""
    place: Place
    writers: tuple[Writer, ...]
    readers: tuple[Writer, ...]
    shape: TableShape | DocumentShape


@dataclass(frozen=True)
class Criterion:
    """A shared criterion in observable behaviours. *signals* are word beginnings that point to it (lower case)."""

    key: str
    title: str
    behaviours: tuple[str, ...]
    signals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Role:
    """What is expected of a role. *matches* are the role names in the directory that mean this one (lower case)."""

    key: str
    title: str
    purpose: str
    expectations: tuple[str, ...]
    criteria: tuple[str, ...]
    """Keys of `Pack.criteria`, in order."""
    matches: tuple[str, ...] = ()


@dataclass(frozen=True)
class RatingPoint:
    """One point of the rating scale, for a person to choose."""

    label: str
    meaning: str


@dataclass(frozen=True)
class Pack:
    """A whole template pack, validated."""

    name: str
    title: str
    language: str
    version: str
    """The first 12 hex digits of the SHA-256 over the pack's files, sorted by name."""
    cadence: str
    """`weekly`, `two-weekly` or `monthly`: what a cycle uses when HR says nothing else."""
    goal_noun: str
    """What one row of the goal sheet is called: `goal` or `key result`."""
    templates: Mapping[Kind, Template]
    criteria: tuple[Criterion, ...]
    roles: tuple[Role, ...]
    scale: tuple[RatingPoint, ...]
    minimum_entries: int = 2
    """A criterion with fewer entries stays blank in drafts."""
    peer_feedback_visible: bool = False
    """Whether the person may read signed peer feedback about themself."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """File name to text: what a cycle freezes and `load_sources` reads back."""

    def criterion(self, key: str) -> Criterion | None:
        """The criterion of that *key*, or None."""
        return next((c for c in self.criteria if c.key == key), None)

    def role_for(self, name: str) -> Role:
        """The role that a directory's role *name* means; the pack's first role when none matches."""
        wanted = name.strip().lower()
        for role in self.roles:
            if wanted in (role.key, role.title.lower(), *role.matches):
                return role
        return self.roles[0]
