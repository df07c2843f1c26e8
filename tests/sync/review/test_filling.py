"""Drafts arrive in the workspace, and never over what a person wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from connectors.memory import MemoryWorkspace
from connectors.workspace import Document, DocumentContent, as_read
from sync.pull.sections import typed, units_of
from sync.pull.serial import from_json
from sync.review.revising import Paper, revise
from sync.review.service import Desk, ReviewError
from sync.review.sources import marks_in
from sync.store.database import Store
from sync.store.queries import artifacts, leases, ledger
from templates.shapes import DocumentShape, Kind
from tests.sync.review.acting import (
    KEY,
    OWN_WORDS,
    add,
    content_at,
    draft,
    fill,
    line_with,
    retype,
    section,
    shape_of,
    show,
)
from tests.sync.review.making import NOTES, NOW, note


def test_a_draft_arrives_in_the_empty_review_document_with_numbered_sources(desk, workspace, ref) -> None:
    """Sections, marks and the list at the end."""
    (done,) = fill(desk, workspace, draft(desk))
    assert (done.result, done.sections) == ("filled", ("outcomes", "patterns", "growth", "questions", "sources"))
    document = content_at(workspace, ref)
    assert any("did not miss a deadline" in text and text.endswith("]") for text in section(document, "patterns"))
    assert section(document, "sources")[0].startswith("[1] ")
    assert section(document, "summary") == ()


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


def test_what_somebody_wrote_before_the_draft_came_stays_above_it(desk, workspace, ref) -> None:
    """Whichever of the draft's sections it was; numbers of their own are not taken for sources."""
    workspace.type_into(ref, "growth", "My own thoughts, see [4].")
    (done,) = fill(desk, workspace, draft(desk))
    assert done.result == "revised"
    document = content_at(workspace, ref)
    assert section(document, "growth")[0] == "My own thoughts, see [4]."
    assert section(document, "sources")[0].startswith("[5] ")


def test_the_same_draft_pushed_twice_changes_nothing_and_blames_nobody(desk, workspace, ref) -> None:
    """The document says what the draft says."""
    fill(desk, workspace, draft(desk))
    before = content_at(workspace, ref)
    (done,) = fill(desk, workspace, draft(desk, now=NOW + timedelta(hours=1)))
    assert (done.result, done.message) == ("unchanged", "")
    assert content_at(workspace, ref) == before


def test_a_new_draft_changes_only_sentences_that_nobody_touched(store, desk, workspace, ref) -> None:
    """What the manager rewrote, took out, added or carried elsewhere stays as they left it; a new note arrives."""
    fill(desk, workspace, draft(desk))
    dropped = line_with(workspace, ref, "patterns", "did not miss a deadline")
    rewritten = line_with(workspace, ref, "patterns", "12 bugs")
    carried = line_with(workspace, ref, "growth", "lead a workshop")
    retype(workspace, ref, "patterns", {dropped: (), rewritten: ("You fixed billing for good [2].", "And I saw it.")})
    retype(workspace, ref, "growth", {carried: ()})
    workspace.type_into(ref, "summary", carried)
    edited = next(one for one in NOTES if "root cause" in one.text)
    later = replace(edited, id="e2", text="The review of the schema found two root causes.", supersedes=edited.id)
    add(store, later, note("Tested the restore.", date(2026, 6, 8)))
    (done,) = fill(desk, workspace, draft(desk, now=NOW + timedelta(hours=1)))
    assert done.result == "revised"
    document = content_at(workspace, ref)
    patterns = section(document, "patterns")
    at = patterns.index("You fixed billing for good [2].")
    assert patterns[at + 1] == "And I saw it."
    assert not any("12 bugs" in text or "did not miss" in text for text in patterns)
    assert any("two root causes" in text for text in patterns)
    assert any("Tested the restore" in text for text in patterns)
    assert not any("a root cause" in text for text in patterns)
    assert not any("lead a workshop" in text for text in section(document, "growth"))
    assert section(document, "summary") == (carried,)
    numbered = {n for part in document.parts if part.section != "sources" for text in part.paragraphs for n in marks_in(text)}
    assert numbered == {n for text in section(document, "sources") for n in marks_in(text)[:1]}
    (again,) = fill(desk, workspace, draft(desk, now=NOW + timedelta(hours=2)))
    assert again.result == "unchanged"
    assert content_at(workspace, ref) == document


def test_a_push_that_was_cut_off_before_it_wrote_is_made_up_for(store, desk, workspace, ref, monkeypatch) -> None:
    """Sentences that never arrived are not mistaken for sentences that the manager took out."""
    monkeypatch.setattr(workspace, "_write", lambda edit: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        fill(desk, workspace, draft(desk))
    monkeypatch.undo()
    (done,) = fill(desk, workspace, draft(desk))
    assert done.result == "filled"
    assert section(content_at(workspace, ref), "patterns")


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


def test_a_template_without_a_list_of_sources_gets_no_numbers(desk) -> None:
    """A number that points nowhere says nothing; a heading that is gone from a document is named instead."""
    made = draft(desk)
    with desk.store.read() as tx:
        entries = ledger.by_ids(tx, [one.entry_id for statement in made.statements for one in statement.citations])
    whole = shape_of(Kind.MANAGER_REVIEW)
    less = DocumentShape(tuple(one for one in whole.sections if one.key != "sources"))
    empty = as_read(DocumentContent(less))
    assert isinstance(empty, Document)
    voice = desk.voice(desk.person("ada"))
    bare = revise(made, Paper(empty, empty, less, {}), entries, {}, voice)
    lines = [line.text for change in bare.changes for line in change.blocks]
    assert lines
    assert not any(marks_in(line) for line in lines)
    assert bare.missing == ()
    assert revise(made, Paper(empty, empty, whole, {}), entries, {}, voice).missing == ("Sources",)
