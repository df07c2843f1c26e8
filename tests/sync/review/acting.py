"""What people and commands do with reviews, in one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from connectors.memory import MemoryWorkspace
from connectors.workspace import Document, Row, Snapshot, cell_of
from sync.decisions import DecisionKind
from sync.records import Entry
from sync.review.service import (
    Desk,
    decide,
    fill_review_documents,
    make_draft,
    release,
)
from sync.store.database import Store
from sync.store.queries import ledger
from templates.shapes import DocumentShape, Kind
from tests.sync.review.making import NOW, PACK, TODAY

KEY = "2026-h1/ada/manager-review/ben"
OWN_WORDS = "You kept every date this half-year, and said early when one was in danger."


def clock() -> datetime:
    """Always the same moment."""
    return NOW


def shape_of(kind: Kind) -> DocumentShape:
    """The pack's shape of a document."""
    found = PACK.templates[kind].shape
    assert isinstance(found, DocumentShape)
    return found


def add(store: Store, *entries: Entry) -> None:
    """Put entries into the ledger, as a sync does."""
    with store.write() as tx:
        ledger.append(tx, entries)


def draft(desk: Desk, writer: str = "ben", now: datetime = NOW):
    """A draft about Ada."""
    return make_draft(desk, "ada", writer, "ada", now=now, today=TODAY)


def fill(desk: Desk, workspace: MemoryWorkspace, *drafts):
    """Fill the review document from drafts."""
    return list(fill_review_documents(desk, workspace, "memory", drafts, holder="test", now=clock))


def show(desk: Desk, workspace: MemoryWorkspace, by: str = "ben", today: date = TODAY, correction: str = ""):
    """Release Ada's review."""
    return release(desk, workspace, "memory", "ada", by, holder="test", now=clock, today=today, correction=correction)


def decided(desk: Desk, kind: DecisionKind, subject: str, by: str = "ben", **more: Any) -> None:
    """Decide about a point of Ada's review."""
    decide(desk, "ada", by, kind, subject, now=NOW, today=TODAY, **more)


def content_at(workspace: MemoryWorkspace, ref: str) -> Document:
    """What stands in a document."""
    (read,) = workspace.read([(ref, None)])
    assert isinstance(read, Snapshot)
    assert isinstance(read.content, Document)
    return read.content


def section(document: Document, key: str) -> tuple[str, ...]:
    """The paragraphs of a section."""
    return next(part.paragraphs for part in document.parts if part.section == key)


def rated(workspace: MemoryWorkspace, ref: str, reason: str) -> None:
    """Choose a point of the scale and give a reason, as a person does in the table."""
    row = Row("", {"point": cell_of("Fully"), "reason": cell_of(reason)}, "row 1 of Rating")

    def with_row(document: Document) -> Document:
        parts = tuple(replace(part, rows=(row,)) if part.section == "rating" else part for part in document.parts)
        return replace(document, parts=parts)

    retyped(workspace, ref, with_row)


def retyped(workspace: MemoryWorkspace, ref: str, change: Callable[[Document], Document]) -> None:
    """Change a document in a way that no verb of the workspace has."""
    workspace._put(ref, replace(workspace._standing[ref], content=change(content_at(workspace, ref))))


def line_with(workspace: MemoryWorkspace, ref: str, key: str, words: str) -> str:
    """The one line of a section that holds *words*."""
    (found,) = [text for text in section(content_at(workspace, ref), key) if words in text]
    return found


def retype(workspace: MemoryWorkspace, ref: str, key: str, lines: Mapping[str, tuple[str, ...]]) -> None:
    """Type over lines of a section, as a person does: each becomes none, one or several."""

    def typed_over(document: Document) -> Document:
        parts = []
        for part in document.parts:
            new = tuple(new for text in part.paragraphs for new in lines.get(text, (text,)))
            parts.append(replace(part, paragraphs=new) if part.section == key else part)
        return replace(document, parts=tuple(parts))

    retyped(workspace, ref, typed_over)
