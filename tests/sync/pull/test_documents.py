"""What people type in documents becomes evidence: kinds, authors, visibility, days, supersession, other notes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.workspace import Bullet, Cell, Document, DocumentContent, LeftOver, Paragraph, Part, Row, as_read
from sync.pull.copies import Lying
from sync.pull.intents import Context, Intents, Known
from sync.pull.reconcile import reconcile, reconcile_copy
from sync.records import Artifact, Entry, EntryKind, Visibility
from templates.shapes import DocumentShape, Kind
from tests.effort import examples
from tests.sync.pull.world import ADA, BOB, TODAY, artifact, check_in, context, shape_of, snapshot

EMPTY = Document(())


class Told:
    """A document being read again and again, and the ledger about it."""

    def __init__(self, one: Artifact, ground: Document = EMPTY, where: Context | None = None) -> None:
        self.artifact, self.ground, self.context = one, ground, where or context()
        self.entries: tuple[Entry, ...] = ()
        self.previous: Document | None = None

    def read(self, document: Document, by: str = "") -> Intents:
        """One read; the outcome is stored."""
        shape = shape_of(self.artifact)
        seen, known = snapshot(document, by), Known(self.entries)
        intents = reconcile(self.artifact, shape, self.ground, self.previous, seen, known, self.context)
        self.entries += intents.entries
        self.previous = document
        again = reconcile(self.artifact, shape, self.ground, self.previous, seen, Known(self.entries), self.context)
        assert again.entries == ()
        assert len({entry.id for entry in self.entries}) == len(self.entries)
        return intents

    @property
    def current(self) -> list[Entry]:
        """What stands."""
        gone = {entry.supersedes for entry in self.entries}
        return [entry for entry in self.entries if entry.id not in gone and not entry.withdrawn]

    @property
    def texts(self) -> list[str]:
        """Its words."""
        return [entry.text for entry in self.current]


def doc(**sections: tuple[str, ...] | str) -> Document:
    """A document of sections; ``_`` in a key stands for ``-``."""
    parts = []
    for key, texts in sections.items():
        name = key.replace("_", "-")
        parts.append(Part(name, "", (texts,) if isinstance(texts, str) else texts, place=name.title()))
    return Document(tuple(parts))


@pytest.mark.parametrize(
    ("section", "kind"),
    [
        ("agenda", EntryKind.AGENDA),
        ("goals", EntryKind.GOAL),
        ("actions", EntryKind.ACTION),
        ("wins", EntryKind.WIN),
        ("blockers", EntryKind.BLOCKER),
        ("growth", EntryKind.GROWTH),
        ("feedback", EntryKind.FEEDBACK),
        ("notes", EntryKind.NOTE),
        ("goal-review", EntryKind.NOTE),
    ],
)
def test_a_section_of_a_check_in_gives_the_kind(section: str, kind: EntryKind) -> None:
    """Every section of the shared document has its kind, is shared, and happened on the check-in's day."""
    told = Told(check_in(date(2026, 3, 2)))
    told.read(doc(**{section: "Said so."}))
    (entry,) = told.current
    assert (entry.kind, entry.anchor, entry.visibility) == (kind, section, Visibility.SHARED)
    assert entry.happened_on == date(2026, 3, 2)
    assert entry.about == ADA.id


@pytest.mark.parametrize(
    ("kind", "other", "section", "expected", "by", "visibility"),
    [
        (Kind.QUICK_NOTES, "", "recognition", EntryKind.RECOGNITION, "", Visibility.SHARED),
        (Kind.SELF_REVIEW, "", "results", EntryKind.SELF_REVIEW, ADA.id, Visibility.AUTHOR_PRIVATE),
        (Kind.PEER_FEEDBACK, "giver001", "strengths", EntryKind.PEER_FEEDBACK, "giver001", Visibility.MANAGER_PRIVATE),
        (Kind.MANAGER_NOTES, "former01", "to-raise", EntryKind.MANAGER_NOTE, "former01", Visibility.MANAGER_PRIVATE),
        (Kind.MANAGER_REVIEW, BOB.id, "summary", EntryKind.REVIEW_TEXT, BOB.id, Visibility.MANAGER_PRIVATE),
    ],
)
def test_each_kind_of_document_has_its_author_and_its_readers(
    kind: Kind, other: str, section: str, expected: EntryKind, by: str, visibility: Visibility
) -> None:
    """A private document stays private, and a former manager's notes stay that manager's."""
    told = Told(artifact(kind, other=other))
    told.read(doc(**{section: "Said so."}))
    (entry,) = told.current
    assert (entry.kind, entry.visibility) == (expected, visibility)
    assert entry.by == by or kind is Kind.QUICK_NOTES
    assert entry.happened_on == TODAY


def test_peer_feedback_is_shared_where_the_pack_says_so() -> None:
    """Signed feedback may be shown to the person."""
    told = Told(artifact(Kind.PEER_FEEDBACK, other="giver001"), where=context(peers_visible=True))
    told.read(doc(strengths="Calm."))
    assert told.current[0].visibility is Visibility.SHARED


@pytest.mark.parametrize(("editor", "by"), [("Ada Brandt", ADA.id), ("BOB@example.org", BOB.id), ("Somebody", ""), ("", "")])
def test_where_several_write_the_last_editor_is_the_author(editor: str, by: str) -> None:
    """When the platform names one of them; otherwise the author is unknown, not guessed."""
    told = Told(check_in())
    told.read(doc(notes="Agreed to wait."), by=editor)
    assert told.current[0].by == by


def test_an_only_writer_is_the_author_whoever_saved_last() -> None:
    """Wins are the employee's, feedback the manager's."""
    told = Told(check_in())
    told.read(doc(wins="Shipped.", feedback="Well done."), by="Bob Chen")
    assert [entry.by for entry in told.current] == [ADA.id, BOB.id]


def test_what_we_wrote_is_never_evidence_and_a_changed_line_of_ours_is() -> None:
    """Also when somebody carried a line of ours into another section."""
    shape = shape_of(check_in())
    assert isinstance(shape, DocumentShape)
    content = DocumentContent(shape, {"goals": (Bullet("Cut churn: 8 of 4"), Paragraph("Hire two people: 0 of 2"))})
    ground = as_read(content)
    assert isinstance(ground, Document)
    told = Told(check_in(), ground)
    assert told.read(ground).entries == ()
    told.read(doc(goals="- Cut churn: 7 of 4", notes="Hire two people: 0 of 2"))
    assert told.texts == ["- Cut churn: 7 of 4"]


def test_an_edited_paragraph_supersedes_and_keeps_its_day() -> None:
    """Equal ones stay, similar ones in the same section supersede, others are new."""
    told = Told(check_in(), where=context(TODAY))
    told.read(doc(wins=("The launch went well.", "Two customers signed.")))
    told.context = context(TODAY + timedelta(days=30))
    told.read(doc(wins=("The launch went really well!", "Two customers signed.", "Latency is down.")))
    edited = next(entry for entry in told.current if "really" in entry.text)
    assert edited.supersedes == told.entries[0].id
    assert edited.happened_on == told.entries[0].happened_on
    assert sorted(told.texts) == ["Latency is down.", "The launch went really well!", "Two customers signed."]


def test_a_removed_text_is_withdrawn_and_typed_again_is_a_new_entry() -> None:
    """The ledger only grows."""
    told = Told(check_in())
    told.read(doc(wins="The launch went well."))
    told.read(doc(wins=()))
    assert told.texts == []
    withdrawal = told.entries[-1]
    assert (withdrawal.withdrawn, withdrawal.supersedes, withdrawal.text) == (True, told.entries[0].id, "")
    told.read(doc(wins="The launch went well."))
    assert told.texts == ["The launch went well."]
    assert told.current[0].supersedes == ""
    told.read(doc(wins=()))
    assert len(told.entries) == 4


def test_the_same_words_twice_are_two_entries() -> None:
    """Neither swallows the other, and one of them may go."""
    told = Told(check_in())
    told.read(doc(wins=("Shipped.", "Shipped.")))
    assert told.texts == ["Shipped.", "Shipped."]
    told.read(doc(wins=("Shipped.",)))
    assert told.texts == ["Shipped."]


def test_a_paragraph_moved_to_another_section_takes_its_history_along() -> None:
    """It is of another kind then, by the same author."""
    told = Told(check_in())
    told.read(doc(notes="We talked about her move to Berlin."), by="Ada Brandt")
    told.read(doc(growth="We talked about her move to Berlin."), by="Bob Chen")
    (entry,) = told.current
    assert (entry.kind, entry.by, entry.supersedes) == (EntryKind.GROWTH, ADA.id, told.entries[0].id)


def test_a_self_review_is_its_authors_until_it_is_submitted() -> None:
    """Submitting shows every text through superseding entries; taking it back hides them again."""
    told = Told(artifact(Kind.SELF_REVIEW))
    told.read(doc(results="I finished the migration.", submitted=()))
    told.read(doc(results="I finished the migration.", submitted="yes"))
    shared = {entry.text: entry for entry in told.current}
    assert shared["I finished the migration."].visibility is Visibility.SHARED
    assert shared["I finished the migration."].supersedes == told.entries[0].id
    assert shared["yes"].kind is EntryKind.OTHER
    told.read(doc(results="I finished the migration.", submitted=()))
    assert [entry.visibility for entry in told.current] == [Visibility.AUTHOR_PRIVATE]


def test_unknown_headings_and_left_overs_are_other_notes_with_a_finding() -> None:
    """Nothing that people type is lost, and somebody is told where it is."""
    told = Told(check_in())
    document = Document(
        (Part("", "Holiday plans", ("Away in May.",), place="Holiday plans"),), (LeftOver("Box", "In a text box", "p3"),)
    )
    intents = told.read(document)
    assert {(entry.kind, entry.anchor, entry.text) for entry in told.current} == {
        (EntryKind.OTHER, "other:Holiday plans", "Away in May."),
        (EntryKind.OTHER, "other:Box", "In a text box"),
    }
    plans, box = intents.findings
    assert (plans.kind, box.kind) == ("other-notes", "other-notes")
    assert "Holiday plans" in plans.message
    assert "Box" in box.message


def test_a_retitled_heading_is_told_as_such() -> None:
    """Its new words are kept, and nobody is told that the text under it fits no section."""
    told = Told(check_in())
    part = Part("wins", "Erfolge", ("I finished the migration.",), place="What went well")
    intents = told.read(Document((part,)))
    assert {(entry.anchor, entry.text) for entry in told.current} == {
        ("other:Erfolge", "Erfolge"),
        ("wins", "I finished the migration."),
    }
    (finding,) = (one for one in intents.findings if one.kind == "other-notes")
    assert f"“{part.place}” now reads “Erfolge”" in finding.message
    assert "fits no section" not in finding.message


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-02-03: talked to Kim", date(2026, 2, 3)),
        ("- 3.2.2026 talked to Kim", date(2026, 2, 3)),
        ("03.02.2026 - talked to Kim", date(2026, 2, 3)),
        ("2025-02-03: before the cycle", TODAY),
        ("2026-06-03: not yet", TODAY),
        ("2026-02-31: no such day", TODAY),
        ("1.2.20261 is no date", TODAY),
        ("Kim on 2026-02-03", TODAY),
    ],
)
def test_a_leading_date_is_when_it_happened(text: str, day: date) -> None:
    """When it lies in the cycle and not in the future; otherwise the day it was seen counts."""
    told = Told(artifact(Kind.MANAGER_NOTES, other=BOB.id))
    told.read(doc(notes=text))
    assert told.current[0].happened_on == day
    assert told.current[0].text == text


def test_notes_in_the_goals_table_are_about_their_row() -> None:
    """What was carried in is ours; a note, a changed status and an own column are evidence, each with its cell."""
    ground = Document((Part("goals", "Goals", rows=(row("g1", goal="Cut churn", status="at risk"), row("g2", goal="Hire"))),))
    told = Told(check_in(), ground)
    rows = (
        row("g1", goal="Cut churn", status="on track", note="New plan"),
        row("g2", goal="Hire", status="at risk", **{"?Mood": "ok"}),
    )
    intents = told.read(Document((Part("goals", "Goals", rows=rows),)))
    assert {(entry.anchor, entry.text) for entry in told.current} == {
        ("row:g1/status", "on track"),
        ("row:g1/note", "New plan"),
        ("row:g2/status", "at risk"),
        ("row:g2/?Mood", "ok"),
    }
    assert [(finding.kind, "Mood" in finding.message) for finding in intents.findings] == [("column", True)]
    told.read(Document((Part("goals", "Goals", rows=(row("g1", goal="Cut churn", status="done"), rows[1])),)))
    done = next(entry for entry in told.current if entry.text == "done")
    assert done.supersedes == next(entry.id for entry in told.entries if entry.text == "on track")


def row(key: str, **cells: str) -> Row:
    """A row of words."""
    return Row(key, {name: Cell(text) for name, text in cells.items()}, f"row {key}")


def test_changed_criteria_are_noticed() -> None:
    """Locked text is not locked but reported."""
    ground = doc(criteria=("- Tells people early.", "- Finishes."))
    told = Told(replace(artifact(Kind.ROLE_EXPECTATIONS), person_id=""), ground)
    assert told.read(ground).findings == ()
    intents = told.read(doc(criteria=("- Tells people late.", "- Finishes.")))
    assert [(finding.kind, "Tells people early" in finding.message) for finding in intents.findings] == [("altered", True)]


def test_a_copy_says_only_what_the_original_does_not() -> None:
    """Moving its text over to the original ends its own entry."""
    one, shape = check_in(), shape_of(check_in())
    told = Told(one)
    told.read(doc(wins="In both."))
    copy = snapshot(doc(wins=("In both.", "Only here.")))
    first = reconcile_copy(one, shape, EMPTY, told.previous, copy, Known(told.entries), context(), Lying())
    assert [(entry.text, entry.anchor.split(":")[0], entry.kind) for entry in first.entries] == [
        ("Only here.", "copy", EntryKind.WIN)
    ]
    told.entries += first.entries
    again = reconcile_copy(one, shape, EMPTY, told.previous, copy, Known(told.entries), context(), Lying())
    assert again.entries == ()
    told.read(doc(wins=("In both.", "Only here.")))
    moved = reconcile_copy(one, shape, EMPTY, told.previous, copy, Known(told.entries), context(), Lying())
    assert [entry.withdrawn for entry in moved.entries] == [True]


def test_a_table_where_a_document_was_made_is_reported() -> None:
    """Nothing is read from it, nothing is withdrawn, and the next file is read as usual."""
    told = Told(check_in())
    told.read(doc(wins="Shipped."))
    from connectors.workspace import Table

    intents = reconcile(check_in(), shape_of(check_in()), EMPTY, None, snapshot(Table(())), Known(told.entries), context())
    assert [finding.kind for finding in intents.findings] == ["failed"]
    assert intents.entries == ()


sentences = st.text("ab \n.é-", max_size=12)
documents = st.lists(
    st.tuples(st.sampled_from(["wins", "notes", "agenda", "", "odd"]), st.lists(sentences, max_size=4)), max_size=4
)


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(documents, min_size=1, max_size=5))
def test_the_ledger_always_says_exactly_what_the_document_does(versions: list[list[tuple[str, list[str]]]]) -> None:
    """After any edits the current entries are the texts that stand there, no more and no less."""
    told = Told(check_in())
    for version in versions:
        parts = tuple(Part(key if key != "odd" else "", "Mine" if key == "odd" else "", tuple(texts)) for key, texts in version)
        told.read(Document(parts))
        typed = [text.strip() for part in parts for text in part.paragraphs if text.strip()]
        typed += [part.heading for part in parts if part.heading and not any(text.strip() for text in part.paragraphs)]
        assert sorted(" ".join(text.split()) for text in told.texts) == sorted(" ".join(text.split()) for text in typed)


def test_a_text_that_somebody_wrote_on_or_cut_down_is_the_same_one_edited() -> None:
    """However much was added: what stood there before is superseded, not taken out."""
    told = Told(check_in())
    told.read(doc(wins="Shipped the cache."))
    (first,) = told.current
    longer = "Shipped the cache. " + "It took three attempts, and each of them taught the whole team something new. " * 3
    told.read(doc(wins=longer.strip()))
    (second,) = told.current
    assert second.supersedes == first.id
    told.read(doc(wins="Shipped the cache."))
    (third,) = told.current
    assert third.supersedes == second.id
