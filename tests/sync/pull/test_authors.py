"""Who wrote what, as far as the file tells, and which sections a document was made with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest

from connectors.workspace import Document, LeftOver, Part, Pending, Table
from sync.pull.facts import as_made, varies
from sync.pull.history import chain, moments, readable
from sync.pull.intents import Known
from sync.pull.reconcile import reconcile
from sync.records import Entry, EntryKind, Save, Visibility
from sync.store.queries import ledger
from templates.shapes import DocumentShape, Kind, SectionWhen
from tests.sync.pull.folder_world import FolderWorld, open_folder_world
from tests.sync.pull.world import ADA, BOB, NOW, artifact, check_in, context, shape_of, snapshot


@pytest.fixture
def world(tmp_path: Path) -> Iterator[FolderWorld]:
    """A small company with real files."""
    with open_folder_world(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("place", "by"),
    [
        ("comment by Bob Chen", BOB.id),
        ("comment by BOB@example.org", BOB.id),
        ("Goals!B3, comment by Ada Brandt", ADA.id),
        ("comment by Somebody Else", ""),
        ("comment", ADA.id),
        ("footnote 1", ADA.id),
    ],
)
def test_a_comment_is_by_the_one_who_made_it(place: str, by: str) -> None:
    """Whoever saved the file last; a name that nobody bears is nobody's, and other text is the last editor's."""
    document = Document((), (LeftOver("What went well", "Well done.", place),))
    read = snapshot(document, "Ada Brandt")
    (entry,) = reconcile(check_in(), shape_of(check_in()), Document(()), None, read, Known(), context()).entries
    assert entry.by == by


def test_a_comment_in_a_real_document_has_its_author(world: FolderWorld) -> None:
    """Ada saved it, Bob commented."""
    ref = world.provision(check_in())
    world.type_into(ref, "What went well", "The launch.", ADA)
    document = docx.Document(str(world.path(ref)))
    paragraph = next(one for one in document.paragraphs if one.text == "The launch.")
    document.add_comment(paragraph.runs, "Well done.", author="Bob Chen")
    document.save(str(world.path(ref)))
    world.pull()
    assert {entry.text: entry.by for entry in world.ledger(check_in().key)} == {"The launch.": ADA.id, "Well done.": BOB.id}


def test_nobody_misses_a_section_that_was_not_made(world: FolderWorld) -> None:
    """A check-in without the quarter's section is whole, and a heading of one's own in its place is one's own."""
    one = check_in()
    whole = shape_of(one)
    assert isinstance(whole, DocumentShape)
    assert varies(whole)
    assert not varies(shape_of(artifact(Kind.GOAL_SHEET)))
    weekly = replace(whole, sections=tuple(part for part in whole.sections if part.when is SectionWhen.ALWAYS))
    ref = world.provision(one, shape=weekly)
    assert world.pull().needs_person == ()
    document = docx.Document(str(world.path(ref)))
    document.add_heading("Links", 1)
    document.add_paragraph("Somewhere.")
    document.save(str(world.path(ref)))
    report = world.pull()
    assert [(noted.heading, noted.place) for noted in report.other_notes] == [("Links", "Links")]
    with world.store.read() as tx:
        assert [finding.kind for finding in ledger.findings(tx, "folder")] == ["other-notes"]


def test_a_document_of_which_nothing_is_known_may_have_every_section() -> None:
    """An adopted file may be of any day."""
    shape = shape_of(check_in())
    assert as_made(shape, Document(())) is shape
    assert as_made(shape, Table(())) is shape


# ---------------------------------------------------------------- history


def entry(number: int, minute: int, supersedes: str = "", *, withdrawn: bool = False) -> Entry:
    """An entry that was recorded in that minute."""
    text, at = "" if withdrawn else f"Text {number}.", datetime(2026, 3, 2, 9, minute, tzinfo=UTC)
    return Entry(
        str(number), ADA.id, "", EntryKind.WIN, text, Visibility.SHARED, NOW.date(), at, "k", "wins", "Wins",
        supersedes=supersedes, withdrawn=withdrawn,
    )  # fmt: skip


ENTRIES = (entry(1, 0), entry(2, 5, "1"), entry(3, 5), entry(4, 7, "2", withdrawn=True))


def test_a_history_puts_entries_beside_the_reading_that_brought_them() -> None:
    """In order of time; what was read elsewhere stands by itself, a reading without news stays."""
    saves = [Save("v1", "a", ENTRIES[0].recorded_at, "Ada"), Save("v2", "b", entry(0, 2).recorded_at)]
    found = moments(saves, ENTRIES)
    assert [(one.at.minute, one.save.version if one.save else "") for one in found] == [(0, "v1"), (2, "v2"), (5, ""), (7, "")]
    assert [tuple(each.id for each in (*one.new, *one.edited, *one.withdrawn)) for one in found] == [
        ("1",),
        (),
        ("3", "2"),
        ("4",),
    ]


def test_the_chain_of_one_text_is_found_from_any_of_its_links() -> None:
    """From what it was to what became of it."""
    assert [[one.id for one in chain(ENTRIES, wanted)] for wanted in ("1", "2", "4")] == [["1", "2", "4"]] * 3
    assert [one.id for one in chain(ENTRIES, "3")] == ["3"]
    assert chain(ENTRIES, "9") == ()


def test_that_a_text_was_taken_out_is_known_to_those_who_may_read_it() -> None:
    """A withdrawal has no author of its own: it goes with the text."""
    assert [one.id for one in readable(ENTRIES, ENTRIES[1:2])] == ["2", "4"]
    assert readable(ENTRIES, ()) == ()


def tracked(*names: str, text: str = "We shipped it together.") -> Document:
    """A document with one paragraph in which these people's insertions wait; "" for words that nobody tracked."""
    return Document((Part("notes", "", (text,), place="Notes", pending=(Pending(text, 0, names),)),))


def read_by(document: Document, saver: str, known: Known = Known()) -> Entry:  # noqa: B008 - frozen
    """The only entry of a reading of a check-in that *saver* saved."""
    one = check_in()
    (entry,) = reconcile(one, shape_of(one), Document(()), None, snapshot(document, saver), known, context()).entries
    return entry


def test_who_inserted_a_paragraph_while_changes_were_tracked_is_its_author() -> None:
    """The document's own word about a sentence goes before who saved the file last; a name that nobody bears is nobody's."""
    one = check_in()
    part = Part("notes", "", ("Typed by Ada.", "Typed by somebody."), authors=((0, ADA.name), (1, "Nobody we know")))
    entries = reconcile(
        one, shape_of(one), Document(()), None, snapshot(Document((part,)), BOB.name), Known(), context()
    ).entries
    assert [(entry.by, entry.place) for entry in entries] == [(ADA.id, ""), ("", "tracked changes by Nobody we know")]


@pytest.mark.parametrize(
    ("names", "saver", "by", "place"),
    [
        (("Ada Brandt",), "Bob Chen", ADA.id, "Notes"),
        (("Ada Brandt", "Bob Chen"), "Bob Chen", "", "Notes, tracked changes by Ada Brandt and Bob Chen"),
        (("", "Ada Brandt", "Bob Chen"), "Bob Chen", "", "Notes, tracked changes by Ada Brandt and Bob Chen"),
        (("", "Ada Brandt"), "Bob Chen", "", "Notes, tracked changes by Ada Brandt"),
        (("", "Ada Brandt"), "Ada Brandt", ADA.id, "Notes"),
        (("Brandt, A.",), "Brandt, A.", "", "Notes, tracked changes by Brandt, A."),
        (("Author",), "Bob Chen", BOB.id, "Notes"),
        (("",), "Bob Chen", BOB.id, "Notes"),
        ((), "Bob Chen", BOB.id, "Notes"),
    ],
)
def test_a_paragraph_of_several_people_is_by_none_of_them(names: tuple[str, ...], saver: str, by: str, place: str) -> None:
    """Who saved last is not made the author of what the others said; its place names them all."""
    entry = read_by(tracked(*names), saver)
    assert (entry.by, entry.place) == (by, place)


def test_who_adds_to_a_known_paragraph_while_changes_are_tracked_edits_it() -> None:
    """However much was added, it is an edit of the former text, by the one who added; both stay readable."""
    first = read_by(tracked("", text="We shipped it."), "Ada Brandt")
    longer = "We shipped it. " + "And then the customers wrote to us, one after the other, to say how glad they are. " * 3
    second = read_by(tracked("", "Bob Chen", text=longer.strip()), "Ada Brandt", Known((first,)))
    assert (first.by, second.by, second.supersedes, second.withdrawn) == (ADA.id, BOB.id, first.id, False)
    cut = read_by(tracked("", text="And then the customers wrote to us"), "Ada Brandt", Known((first, second)))
    assert cut.supersedes == second.id
