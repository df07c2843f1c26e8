"""What is private stays so: copies in other places, commenters in a manager's own documents, headings, unsubmitted reviews."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest

from addon.evidence.reporting import as_json, in_full
from connectors.workspace import Document, LeftOver, Part
from sync.pull.copies import Lying, lying, owner_of
from sync.pull.intents import Intents, Known
from sync.pull.reconcile import reconcile, reconcile_copy
from sync.pull.report import Tally
from sync.records import Artifact, EntryKind, Visibility
from sync.store.queries import ledger
from templates.shapes import Kind, Place
from tests.sync.pull.folder_world import FolderWorld, open_folder_world
from tests.sync.pull.world import ADA, BOB, CYCLE, TODAY, artifact, check_in, context, shape_of, snapshot

EMPTY = Document(())
WORKING = "shared/Working/Ada Brandt - ada00001/H1"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[FolderWorld]:
    """A small company with real files."""
    with open_folder_world(tmp_path) as opened:
        yield opened


def read(one: Artifact, document: Document, by: str = "", today: date = TODAY) -> Intents:
    """One first read."""
    return reconcile(one, shape_of(one), EMPTY, None, snapshot(document, by), Known(), context(today))


def read_copy(one: Artifact, document: Document, where: Lying, by: str = "", known: Known | None = None) -> Intents:
    """One read of a copy, of an original in which nothing was typed."""
    return reconcile_copy(one, shape_of(one), EMPTY, None, snapshot(document, by), known or Known(), context(), where)


def part(section: str, *texts: str, authors: tuple[tuple[int, str], ...] = ()) -> Document:
    """A document of one section."""
    return Document((Part(section, "", texts, place=section.title(), authors=authors),))


# ---------------------------------------------------------------- copies


def move_copy(world: FolderWorld, ref: str, to: str) -> str:
    """Put a copy of *ref* at *to*."""
    world.path(to).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(world.path(ref), world.path(to))
    return to


@pytest.mark.parametrize(("by", "author"), [(BOB, BOB.id), ("", "")])
def test_a_copy_in_a_private_folder_is_private(world: FolderWorld, by: object, author: str) -> None:
    """What a manager types at home into a copy of a shared check-in is theirs, not the employee's and not shared."""
    ref = world.provision(check_in())
    world.pull()
    copy = move_copy(world, ref, "private/Bob Chen - bob00001/Mine.docx")
    world.type_into(copy, "What went well", "She seems tired.", by)  # type: ignore[arg-type]
    world.pull()
    (entry,) = world.ledger(check_in().key)
    assert (entry.text, entry.visibility, entry.by) == ("She seems tired.", Visibility.MANAGER_PRIVATE, author)
    assert world.pull().quiet


def test_a_copy_in_somebody_elses_folder_is_no_evidence(world: FolderWorld) -> None:
    """Ada's check-in used as a form for Cem says nothing about Ada, and a person is told what to do."""
    ref = world.provision(check_in())
    world.pull()
    copy = move_copy(world, ref, "shared/Working/Cem Kaya - cem00001/H1/Check-in.docx")
    world.type_into(copy, "What went well", "Cem's launch.", BOB)
    report = world.pull()
    (finding,) = report.needs_person
    assert (finding.subject, finding.kind) == (copy, "copy")
    assert "Cem Kaya - cem00001; nothing in it is evidence" in finding.message
    assert "Cem's launch" not in finding.message
    assert world.ledger(check_in().key) == []
    assert world.pull().quiet


def test_a_copy_in_a_renamed_folder_belongs_to_whose_documents_are_there(world: FolderWorld) -> None:
    """A folder without an id in its name is somebody's when their documents stand in it."""
    ref = world.provision(check_in())
    other = world.provision(check_in(person=replace(BOB, id="cem00001", name="Cem Kaya")))
    world.path(other).parent.rename(world.path(other).parent.with_name("Cem"))
    world.pull()
    copy = move_copy(world, ref, f"{other.rpartition('/')[0].rpartition('/')[0]}/Cem/Form.docx")
    world.type_into(copy, "Notes", "About Cem.")
    world.pull()
    assert world.ledger(check_in().key) == []


@pytest.mark.parametrize(
    ("ref", "original", "private", "foreign"),
    [
        (f"{WORKING}/X (1).docx", f"{WORKING}/X.docx", False, ""),
        (f"{WORKING}/Old/X.docx", f"{WORKING}/X.docx", False, ""),
        ("shared/Reviews/Ada Brandt - ada00001/X.docx", f"{WORKING}/X.docx", False, ""),
        ("shared/X.docx", f"{WORKING}/X.docx", False, ""),
        ("shared/Working/Cem - the second - cem1/X.docx", f"{WORKING}/X.docx", False, "Cem - the second - cem1"),
        ("private/Bob Chen - bob00001/X.docx", f"{WORKING}/X.docx", True, ""),
        ("private/X.docx", f"{WORKING}/X.docx", True, ""),
        ("private/Dee - dee1/X.docx", f"{WORKING}/X.docx", True, "Dee - dee1"),
        ("private/Bob Chen - bob00001/Cem - cem1/X.docx", f"{WORKING}/X.docx", True, "Cem - cem1"),
        ("private/B - bob00001/C - cem1/X.docx", "private/B - bob00001/A - ada00001/X.docx", True, "C - cem1"),
        ("private/B - bob00001/A - ada00001/X 2.docx", "private/B - bob00001/A - ada00001/X.docx", True, ""),
        ("shared/Working/B - bob00001/X.docx", "private/B - bob00001/A - ada00001/X.docx", False, "B - bob00001"),
    ],
)
def test_the_place_of_a_copy_tells_whose_it_is(ref: str, original: str, private: bool, foreign: str) -> None:
    """Its original's owner and person, in a private place their manager too; else it is foreign there."""
    found = lying(ref, replace(check_in(), ref=original), BOB.id, ())
    assert (found.private, found.foreign) == (private, foreign)
    assert found.host == owner_of(ref)


def test_what_was_evidence_of_a_foreign_copy_is_none_any_more() -> None:
    """Entries of a copy that turns out to lie in somebody else's folder are withdrawn."""
    first = read_copy(check_in(), part("notes", "Said."), Lying())
    again = read_copy(check_in(), part("notes", "Said."), Lying(foreign="Cem - cem1"), known=Known(first.entries))
    assert [(entry.withdrawn, entry.supersedes) for entry in again.entries] == [(True, first.entries[0].id)]


@pytest.mark.parametrize(("by", "author"), [("", ""), ("Nobody", ""), ("Bob Chen", ""), ("Ada Brandt", ADA.id)])
def test_a_section_alone_names_no_author_in_a_copy(by: str, author: str) -> None:
    """Only the one who saved it, when they may write there."""
    one = artifact(Kind.SELF_REVIEW)
    (entry,) = read_copy(one, part("results", "I finished it."), Lying(host=ADA.id), by).entries
    assert entry.by == author


def test_a_copy_submits_nothing(world: FolderWorld) -> None:
    """A yes in a copy of a self review shows neither the copy nor the document to the manager."""
    one = artifact(Kind.SELF_REVIEW)
    ref = world.provision(one)
    world.pull()
    copy = world.copy(ref, "Draft.docx")
    world.type_into(copy, "Results", "Half a thought.", ADA)
    world.type_into(copy, "Ready for my manager", "yes", ADA)
    world.pull()
    assert {entry.visibility for entry in world.ledger(one.key)} == {Visibility.AUTHOR_PRIVATE}
    with world.store.read() as tx:
        assert ledger.submitted(tx, CYCLE.id) == frozenset()


# ---------------------------------------------------------------- a manager's own documents


@pytest.mark.parametrize("kind", [Kind.MANAGER_NOTES, Kind.MANAGER_REVIEW])
def test_a_managers_own_document_is_by_nobody_else(kind: Kind) -> None:
    """Neither a commenter nor a tracked change nor who saved it last makes its words another's."""
    section = "notes" if kind is Kind.MANAGER_NOTES else "summary"
    typed = part(section, "One.", "Two.", authors=((0, "Ada Brandt"), (1, "Nobody")))
    comments = (LeftOver("", "Three.", "comment by Ada Brandt"), LeftOver("", "Four.", "comment by Nobody"))
    one = artifact(kind, other="former01")
    found = read(one, replace(typed, left_overs=comments), "Ada Brandt").entries
    assert {(entry.by, entry.visibility) for entry in found} == {("former01", Visibility.MANAGER_PRIVATE)}
    assert len(found) == 4


# ---------------------------------------------------------------- what is said about it


@pytest.mark.parametrize("kind", [Kind.MANAGER_NOTES, Kind.PEER_FEEDBACK, Kind.SELF_REVIEW])
def test_nothing_typed_in_a_private_document_is_said(kind: Kind) -> None:
    """Headings, remarks and commenters' names are counted in findings and left out of reports."""
    one = artifact(kind, other=BOB.id)
    headings = (Part("", "Secret plans", ("To be told.",), place="Secret plans"),)
    comments = (LeftOver("Secret box", "Told.", "Secret box, comment by Ada Brandt"),)
    document = Document(headings, comments, notes=("The table “Secret” is odd.",))
    intents = read(one, document)
    assert {finding.kind: finding.message for finding in intents.findings} == {
        "other-notes": "ref: 2 texts stand outside the sections; they are kept under other notes.",
        "note": "ref: 1 remark on its form is not shown; it is private; open it to look.",
    }
    tally = Tally()
    tally.add("ref", one, snapshot(document), intents.entries)
    tally.needs_person.extend(intents.findings)
    report = tally.report()
    assert {(noted.place, noted.heading) for noted in report.other_notes} == {("", "")}
    assert "Secret" not in f"{[*in_full(report)]}{as_json(report)}"
    assert one.place is Place.PRIVATE or kind is Kind.SELF_REVIEW


def test_headings_of_a_submitted_self_review_are_said() -> None:
    """From then on the manager may read it."""
    parts = (Part("", "Plans", ("Told.",), place="Plans"), *part("submitted", "yes").parts)
    (finding,) = read(artifact(Kind.SELF_REVIEW), Document(parts)).findings
    assert "'Plans'" in finding.message


# ---------------------------------------------------------------- submitting


@pytest.mark.parametrize(
    "word",
    ["yes", "Yes.", "x", "ja", "Submitted", "eingereicht", "fertig!", "2026-06-30", "30.6.2026", "30 June 2026", "6/30/2026"],
)
def test_a_date_or_a_yes_submits(word: str) -> None:
    """In any of the usual ways of writing."""
    one, document = submitting(word)
    found = read(one, document, today=date(2026, 6, 30))
    assert {entry.visibility for entry in found.entries} == {Visibility.SHARED}
    assert found.findings == ()


@pytest.mark.parametrize("word", ["2026-07-10", "10.7.2026", "07/10/26", "10 July 2026", "2027-01-15"])
def test_a_date_to_come_submits_nothing_before_it(word: str) -> None:
    """The writer may have written down when the manager is to read it; what is shown too early stays shown."""
    one, document = submitting(word)
    early = read(one, document, today=date(2026, 6, 30))
    assert {entry.visibility for entry in early.entries} == {Visibility.AUTHOR_PRIVATE}
    (finding,) = early.findings
    assert "a date that is still to come" in finding.message
    late = read(one, document, today=date(2027, 1, 15))
    assert {entry.visibility for entry in late.entries} == {Visibility.SHARED}


def test_somebody_in_the_east_may_be_a_day_ahead() -> None:
    """Their today is no day to come."""
    one, document = submitting("2026-07-01")
    assert {entry.visibility for entry in read(one, document, today=date(2026, 6, 30)).entries} == {Visibility.SHARED}


def submitting(word: str) -> tuple[Artifact, Document]:
    """A self review with *word* where it is submitted."""
    return artifact(Kind.SELF_REVIEW), Document((*part("results", "Done.").parts, *part("submitted", word).parts))


@pytest.mark.parametrize("words", [("not yet",), ("no",), ("Notes to self",), ("2026-06-30 perhaps",), ("yes", "but not this")])
def test_other_words_submit_nothing_and_a_person_is_told(words: tuple[str, ...]) -> None:
    """The finding says what to write and quotes nothing."""
    one = artifact(Kind.SELF_REVIEW)
    found = read(one, Document((*part("results", "Done.").parts, *part("submitted", *words).parts)))
    assert {entry.visibility for entry in found.entries} == {Visibility.AUTHOR_PRIVATE}
    assert EntryKind.SELF_REVIEW in {entry.kind for entry in found.entries}
    (finding,) = found.findings
    assert finding.kind == "not-submitted"
    assert "write only the day's date" in finding.message
    assert not any(word in finding.message for word in words if word not in ("yes", "no"))


def test_a_comment_in_a_copy_keeps_its_author(world: FolderWorld) -> None:
    """Whoever commented is known by name, also in a copy."""
    ref = world.provision(check_in())
    world.pull()
    copy = world.copy(ref, "Mine.docx")
    world.type_into(copy, "Notes", "Typed.")
    document = docx.Document(str(world.path(copy)))
    paragraph = next(one for one in document.paragraphs if one.text == "Typed.")
    document.add_comment(paragraph.runs, "Well done.", author="Bob Chen")
    document.save(str(world.path(copy)))
    world.pull()
    assert {entry.text: entry.by for entry in world.ledger(check_in().key)} == {"Typed.": "", "Well done.": BOB.id}


def test_a_copy_in_the_persons_own_private_folder_is_theirs_alone() -> None:
    """Their manager cannot open that folder either."""
    (entry,) = read_copy(check_in(), part("notes", "Said."), Lying(True, ADA.id), "Ada Brandt").entries
    assert (entry.visibility, entry.by) == (Visibility.AUTHOR_PRIVATE, ADA.id)


def test_what_was_provisioned_in_the_section_submits_nothing_and_troubles_nobody() -> None:
    """Our own words there are neither a yes nor a mistake."""
    one, ground = artifact(Kind.SELF_REVIEW), part("submitted", "Sign here.")
    assert reconcile(one, shape_of(one), ground, None, snapshot(ground), Known(), context()).findings == ()
    both = part("submitted", "Sign here.", "yes")
    found = reconcile(one, shape_of(one), ground, None, snapshot(both), Known(), context())
    assert ([entry.visibility for entry in found.entries], found.findings) == ([Visibility.SHARED], ())
