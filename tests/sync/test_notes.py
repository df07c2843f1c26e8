"""Notes that a manager already has: headings and days, and ids that stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.notes import (
    Line,
    Note,
    Source,
    Terms,
    as_they_stand,
    day_in,
    for_other_readers,
    is_day,
    notes_of,
    proposal_hash,
)
from sync.records import EntryKind, Visibility

TERMS = Terms("ada", "bob", Visibility.MANAGER_PRIVATE, datetime(2026, 3, 10, tzinfo=UTC), date(2026, 3, 10))
DAY = date(2026, 3, 2)


def read(*lines: Line, name: str = "notes.txt", terms: Terms = TERMS) -> tuple[Note, ...]:
    """The notes of one document."""
    return notes_of([Source(name, lines, date(2026, 1, 31))], terms)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02",
        "2026-3-2",
        "2.3.2026",
        "02.03.2026",
        "2. 3. 2026",
        "2 March 2026",
        "2nd of March 2026",
        "2 Mar. 2026",
        "March 2, 2026",
        "Mar 2nd 2026",
        "2. März 2026",
        "2. Maerz 2026",
        "Montag, 2. März 2026",
        "Mo. 2.3.2026",
        "Monday 2 March 2026",
        "Mon, 2026-03-02",
        "- [2026-03-02]",
    ],
)
def test_days_are_read_in_both_languages(text: str) -> None:
    """At the beginning of a text, alone on a line, and anywhere in a heading."""
    assert day_in(text, leading=True) == DAY
    assert is_day(text)
    assert day_in(f"1:1 on {text.removeprefix('- ')}, with coffee") == DAY
    assert day_in(f"{text}: we talked about the plan", leading=True) == DAY
    assert not is_day(f"{text} we talked about the plan")


@pytest.mark.parametrize(
    "text", ["31.2.2026", "2026-13-01", "version 1.2.2026.4", "12026-03-02", "May we talk", "3/2/2026", ""]
)
def test_what_is_no_day_or_can_be_read_in_two_ways_is_none(text: str) -> None:
    """A guess would move evidence to another month."""
    assert day_in(text) is None


@given(st.text(max_size=60))
def test_any_text_can_be_looked_at(text: str) -> None:
    """Whatever stands there, nothing breaks, and a lone day is a leading one."""
    assert not is_day(text) or day_in(text) is not None
    read(Line(text, "line 1"), Line(text, "line 2", 1))


def test_a_day_comes_from_the_text_the_heading_the_name_the_file_in_this_order() -> None:
    """The nearest one counts, and only the file's own day is doubtful."""
    notes = read(
        Line("Before any heading.", "line 1"),
        Line("1:1 on 2 March 2026", "line 2", 1),
        Line("Under the heading.", "line 3"),
        Line("Wins", "line 4", 2),
        Line("Below it.", "line 5"),
        Line("5.3.2026 with a day of its own.", "line 6"),
        Line("Later", "line 7", 1),
        Line("No day any more.", "line 8"),
        Line("9 March 2026", "line 9"),
        Line("Under a line that is but a day.", "line 10"),
    )
    assert [(note.entry.happened_on, note.heading, bool(note.doubt)) for note in notes] == [
        (date(2026, 1, 31), "", True),
        (DAY, "1:1 on 2 March 2026", False),
        (DAY, "1:1 on 2 March 2026 › Wins", False),
        (date(2026, 3, 5), "1:1 on 2 March 2026 › Wins", False),
        (date(2026, 1, 31), "Later", True),
        (date(2026, 3, 9), "Later › 9 March 2026", False),
    ]
    (named,) = read(Line("Undated.", "line 1"), name="2026-02-05 Ada.txt")
    assert (named.entry.happened_on, named.doubt) == (date(2026, 2, 5), "")


def test_a_text_without_a_day_goes_with_the_dated_one_before_it() -> None:
    """As in a log whose entries have several paragraphs; that it is a guess is said."""
    dated, undated = read(Line("2026-03-02 Met Ada.", "line 1"), Line("She was calm.", "line 3"))
    assert (dated.entry.happened_on, undated.entry.happened_on, dated.doubt) == (DAY, DAY, "")
    assert "the text before" in undated.doubt


def test_a_day_in_the_future_is_doubted() -> None:
    """Nothing has happened on it yet."""
    (note,) = read(Line("2026-05-01: to plan", "line 1"))
    assert note.entry.happened_on == date(2026, 1, 31)
    assert "2026-05-01 lies in the future" in note.doubt


def test_the_same_documents_give_the_same_ids_and_two_equal_texts_two() -> None:
    """Whenever and in whatever order they are read; a new text is the only new one."""
    lines = (Line("Late again.", "line 1"), Line("Late again.", "line 2"), Line("On time.", "line 3"))
    first = read(*lines)
    assert len({note.entry.id for note in first}) == 3
    later = read(Line("New.", "line 1"), *lines, terms=replace(TERMS, now=datetime(2026, 4, 1, tzinfo=UTC)))
    assert {note.entry.id for note in first} < {note.entry.id for note in later}
    assert proposal_hash(first) == proposal_hash(read(*lines)) != proposal_hash(later)


def test_the_hash_holds_author_and_readers() -> None:
    """What was shown for the manager alone cannot be stored for both."""
    line = Line("Late again.", "line 1")
    hashes = {
        proposal_hash(read(line, terms=terms))
        for terms in (TERMS, replace(TERMS, by="eve"), replace(TERMS, visibility=Visibility.SHARED))
    }
    assert len(hashes) == 3


def test_two_documents_of_one_name_keep_every_text() -> None:
    """Equal words under equal headings of two files are two entries."""
    source = Source("notes.txt", (Line("Late again.", "line 1"),), DAY)
    assert len({note.entry.id for note in notes_of([source, source], TERMS)}) == 2


def test_private_notes_are_a_managers_and_shared_ones_plain_notes() -> None:
    """The kind goes with the readers."""
    (private,) = read(Line("A.", "line 1"))
    (shared,) = read(Line("A.", "line 1"), terms=replace(TERMS, visibility=Visibility.SHARED))
    assert (private.entry.kind, shared.entry.kind) == (EntryKind.MANAGER_NOTE, EntryKind.NOTE)
    assert private.entry.artifact_key.startswith("notes/ada/")
    assert private.entry.place == "notes.txt, line 1"


def test_the_same_note_of_two_authors_is_two_entries() -> None:
    """Key and id name the author, so that one manager's note is never taken for another's."""
    line = Line("Late again.", "line 1")
    (mine,), (other,) = read(line), read(line, terms=replace(TERMS, by="eve"))
    assert mine.entry.id != other.entry.id
    assert mine.entry.artifact_key != other.entry.artifact_key


def test_other_readers_replace_what_stands_as_often_as_they_change() -> None:
    """Private, shared and private again are three entries, each in place of the last; the day stays that of the first."""
    line = Line("Late again.", "line 1")
    (private,) = read(line)
    shared = read(line, terms=replace(TERMS, visibility=Visibility.SHARED, now=datetime(2026, 4, 1, tzinfo=UTC)))
    second = for_other_readers(shared[0], private.entry)
    third = for_other_readers(private, second)
    stored = [private.entry, second, third]
    assert as_they_stand(shared, stored[:1]) == {private.entry.id: private.entry}
    assert as_they_stand(shared, stored) == {private.entry.id: third}
    assert [one.visibility.value for one in stored] == ["manager-private", "shared", "manager-private"]
    assert [one.supersedes for one in stored] == ["", private.entry.id, second.id]
    assert (second.kind, second.happened_on, len({one.id for one in stored})) == (EntryKind.NOTE, private.entry.happened_on, 3)
    assert as_they_stand(shared, []) == {}
