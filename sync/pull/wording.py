"""What a section's text is to the ledger: its kind, who wrote it, who may see it, and on which day it happened."""

from __future__ import annotations

import re
from datetime import date

from sync.pull.copies import Lying
from sync.pull.intents import Context
from sync.records import Artifact, EntryKind, Visibility
from templates.shapes import DocumentShape, Kind, Place, TableShape, Writer

OTHER = "other:"
"""How the anchor of text under an unknown heading begins."""
_COMMENT = re.compile(r"(?:^|, )comment by (?P<name>.+)")
"""How the place of a comment ends: ``Goals!B3, comment by Ada Brandt``."""
SUBMITTED = "submitted"
"""The section of a self review that its writer fills to show it to the manager."""

_WHOLE = {
    Kind.SELF_REVIEW: EntryKind.SELF_REVIEW,
    Kind.PEER_FEEDBACK: EntryKind.PEER_FEEDBACK,
    Kind.MANAGER_NOTES: EntryKind.MANAGER_NOTE,
    Kind.MANAGER_REVIEW: EntryKind.REVIEW_TEXT,
    Kind.RELEASED_REVIEW: EntryKind.OTHER,
    Kind.ROLE_EXPECTATIONS: EntryKind.OTHER,
}
_SECTIONS = {
    "agenda": EntryKind.AGENDA,
    "goals": EntryKind.GOAL,
    "actions": EntryKind.ACTION,
    "wins": EntryKind.WIN,
    "blockers": EntryKind.BLOCKER,
    "growth": EntryKind.GROWTH,
    "feedback": EntryKind.FEEDBACK,
    "recognition": EntryKind.RECOGNITION,
    "notes": EntryKind.NOTE,
    "goal-review": EntryKind.NOTE,
}
_ONE_WRITER = {
    Kind.SELF_REVIEW: Writer.EMPLOYEE,
    Kind.PEER_FEEDBACK: Writer.GIVER,
    Kind.MANAGER_NOTES: Writer.MANAGER,
    Kind.MANAGER_REVIEW: Writer.MANAGER,
}
OWNED = frozenset({Kind.MANAGER_NOTES, Kind.MANAGER_REVIEW})
"""Kinds that are one manager's own, whoever else's name stands in them."""
_DATE = re.compile(
    r"\s*(?:[-*•]\s+)?(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})\.\s?(?P<m2>\d{1,2})\.\s?(?P<y2>\d{4}))(?!\d)"
)


def kind_of(artifact: Artifact, section: str) -> EntryKind:
    """The kind of an entry from *section*, "" for text under an unknown heading."""
    if not section or section == SUBMITTED:
        return EntryKind.OTHER
    return _WHOLE.get(artifact.kind) or _SECTIONS.get(section, EntryKind.NOTE)


def author_of(artifact: Artifact, shape: DocumentShape | TableShape, section: str, modified_by: str, context: Context) -> str:
    """The person id of who wrote in *section*, "" when the file does not tell.

    A section with one writer names them. Where several write, the platform's last editor is believed when it is one of
    the people who may write there.
    """
    writers, anyone = _writers(artifact, shape, section, context)
    if len(writers) == 1 and not anyone:
        return writers[0]
    editor = context.people.get(modified_by.strip().casefold(), "")
    return editor if anyone or editor in writers else ""


def author_in_copy(
    artifact: Artifact, shape: DocumentShape | TableShape, section: str, name: str, context: Context, host: str
) -> str:
    """The person id of *name* when they may write in *section* of a copy, "" otherwise: a copy may be anybody's.

    *host* owns the private folder in which it lies, if it does, and may write there.
    """
    writers, anyone = _writers(artifact, shape, section, context)
    editor = context.people.get(name.strip().casefold(), "")
    return editor if anyone or editor in {*writers, host} else ""


def _writers(
    artifact: Artifact, shape: DocumentShape | TableShape, section: str, context: Context
) -> tuple[tuple[str, ...], bool]:
    """The person ids of who writes in *section*, and whether others may, too."""
    found = shape.section(section) if isinstance(shape, DocumentShape) else None
    only = _ONE_WRITER.get(artifact.kind)
    writers = found.writers if found else ((only,) if only else (Writer.EMPLOYEE, Writer.MANAGER))
    who = {
        Writer.EMPLOYEE: artifact.person_id,
        Writer.MANAGER: artifact.other_id if only is Writer.MANAGER else context.manager_id,
        Writer.GIVER: artifact.other_id,
    }
    return tuple(who[writer] for writer in writers if writer in who), any(writer not in who for writer in writers)


def is_comment(place: str) -> bool:
    """Whether the text at *place* is a comment beside the document's own."""
    return _COMMENT.search(place) is not None


def commenter_of(place: str, context: Context) -> str | None:
    """The person id of who wrote the comment at *place*, "" for a name that nobody bears; None for all other text."""
    found = _COMMENT.search(place)
    return context.people.get(found["name"].strip().casefold(), "") if found else None


def visibility_of(artifact: Artifact, context: Context, *, submitted: bool) -> Visibility:
    """Who may see text of this artifact at the most."""
    if artifact.kind in OWNED:
        return Visibility.MANAGER_PRIVATE
    if artifact.kind is Kind.PEER_FEEDBACK:
        return Visibility.SHARED if context.peers_visible else Visibility.MANAGER_PRIVATE
    if artifact.kind is Kind.SELF_REVIEW and not submitted:
        return Visibility.AUTHOR_PRIVATE
    return Visibility.SHARED


def visibility_in_copy(artifact: Artifact, context: Context, lying: Lying) -> Visibility:
    """The stricter one of the artifact's and of the place where its copy lies.

    A self review is submitted in itself only: what stands in a copy of it stays its author's. Nobody but its owner reads
    a private folder.
    """
    own = visibility_of(artifact, context, submitted=False)
    if not lying.private or own is Visibility.AUTHOR_PRIVATE:
        return own
    return Visibility.AUTHOR_PRIVATE if lying.host == artifact.person_id else Visibility.MANAGER_PRIVATE


def is_confidential(artifact: Artifact, visibility: Visibility) -> bool:
    """Whether nothing that stands in it, not even a heading, may be said to those who run a sync."""
    return artifact.place is Place.PRIVATE or visibility is not Visibility.SHARED


def leading_day(text: str) -> date | None:
    """The day that *text* begins with: ``2026-03-02: ...`` or ``2.3.2026 - ...``."""
    found = _DATE.match(text)
    if found is None:
        return None
    year, month, day = (found["y"] or found["y2"], found["m"] or found["m2"], found["d"] or found["d2"])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def day_of(artifact: Artifact, text: str, context: Context) -> date:
    """When what *text* tells happened: the day it begins with, else the check-in's, else today."""
    day = leading_day(text)
    if day is not None and context.in_cycle(day):
        return day
    return artifact.due if artifact.kind is Kind.CHECK_IN and artifact.due else context.today
