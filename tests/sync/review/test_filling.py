"""Drafts arrive in the workspace, and never over what a person wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.memory import MemoryWorkspace
from connectors.workspace import Document
from sync.pull.sections import typed, units_of
from sync.pull.serial import from_json
from sync.review.service import (
    Desk,
    ReviewError,
)
from sync.store.database import Store
from sync.store.queries import artifacts, leases
from templates.shapes import Kind
from tests.sync.review.acting import KEY, OWN_WORDS, content_at, draft, fill, section, shape_of, show
from tests.sync.review.making import NOW


def test_a_draft_arrives_in_the_empty_review_document_with_numbered_sources(desk, workspace, ref) -> None:
    """Sections, marks and the list at the end."""
    (done,) = fill(desk, workspace, draft(desk))
    assert (done.result, done.sections) == ("filled", ("outcomes", "patterns", "growth", "sources"))
    document = content_at(workspace, ref)
    assert any("did not miss a deadline" in text and text.endswith("]") for text in section(document, "patterns"))
    assert section(document, "sources")[0].startswith("[1] ")
    assert section(document, "summary") == section(document, "questions") == ()


def test_what_was_filled_in_is_no_evidence(store: Store, desk: Desk, workspace, ref) -> None:
    """Read back by a sync, only the manager's own words are new."""
    fill(desk, workspace, draft(desk))
    workspace.type_into(ref, "summary", OWN_WORDS)
    with store.read() as tx:
        ground = from_json(artifacts.grounds(tx, [KEY])[KEY])
        recorded = artifacts.get(tx, KEY)
    assert isinstance(ground, Document)
    shape = shape_of(Kind.MANAGER_REVIEW)
    found = typed(units_of(content_at(workspace, ref), shape), units_of(ground, shape))
    assert [unit.text for unit in found] == [OWN_WORDS]
    assert recorded is not None


def test_a_document_in_which_somebody_wrote_is_left_as_it_is(desk, workspace, ref) -> None:
    """Not a character changes, whichever of the draft's sections it was."""
    workspace.type_into(ref, "growth", "My own thoughts.")
    before = content_at(workspace, ref)
    (done,) = fill(desk, workspace, draft(desk))
    assert done.result == "unchanged"
    assert content_at(workspace, ref) == before


def test_a_second_draft_does_not_write_over_the_first(desk, workspace, ref) -> None:
    """What stands in the document may have been edited; it stays."""
    fill(desk, workspace, draft(desk))
    before = content_at(workspace, ref)
    (done,) = fill(desk, workspace, draft(desk, now=NOW + timedelta(hours=1)))
    assert done.result == "unchanged"
    assert content_at(workspace, ref) == before


def test_one_document_that_cannot_be_filled_never_stops_the_rest(store, desk, workspace, ref) -> None:
    """A missing one and a deleted one are results with their reason."""
    mine, own = draft(desk), draft(desk, "ada")
    assert [one.result for one in fill(desk, workspace, own, mine)] == ["missing", "filled"]
    workspace.remove(ref)
    (gone,) = fill(desk, workspace, mine)
    assert gone.result == "failed"
    assert ref in gone.message


def test_nothing_is_written_while_somebody_else_writes_to_the_workspace(store, desk, workspace) -> None:
    """The lease names who."""
    with store.write() as tx:
        leases.acquire(tx, "memory", "sync 12", NOW)
    with pytest.raises(leases.LeaseHeld, match="sync 12"):
        fill(desk, workspace, draft(desk))
    with pytest.raises(leases.LeaseHeld, match="sync 12"):
        show(desk, workspace)


def test_a_company_without_hr_or_a_pack_without_reviews_says_so(desk: Desk) -> None:
    """What the pack does not provision cannot be written."""
    less = replace(desk.pack, templates={k: v for k, v in desk.pack.templates.items() if k is not Kind.MANAGER_REVIEW})
    bare = Desk(desk.store, desk.cycle, less, desk.directory)
    with pytest.raises(ReviewError, match=r"has no manager-review\.yaml"):
        fill(bare, MemoryWorkspace())
