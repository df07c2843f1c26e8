"""The sheet that a writer looks at: sentences with what stands beside them, evidence with where it was used."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event

from sync.decisions import DecisionKind
from sync.records import Entry, EntryKind, Visibility
from sync.review.service import ReviewError, debts, decide, make_draft, open_desk, read_sheet
from sync.review.surprise import Standing
from sync.store.queries import cycles, reviews
from tests.sync.review.acting import KEY, add, decided, draft, fill
from tests.sync.review.making import CYCLE, NOTES, NOW, PACK, TODAY, note, private


def own(text: str, section: str) -> Entry:
    """A sentence that Ben wrote in his review document, as a sync reads it."""
    made = note(text, TODAY, "ben", kind=EntryKind.REVIEW_TEXT, visibility=Visibility.MANAGER_PRIVATE, artifact_key=KEY)
    return replace(made, anchor=section, place=section)


def seen(desk, viewer: str = "ben", writer: str = "ben", today: date = TODAY):
    """The sheet of Ada's review."""
    return read_sheet(desk, "ada", writer, viewer, now=NOW, today=today)


def line(sheet, words: str):
    """The one sentence that holds *words*."""
    (found,) = [one for one in sheet.lines if words in one.text]
    return found


def test_without_a_draft_there_is_no_sheet(desk) -> None:
    """Nobody asked for one yet."""
    assert seen(desk) is None


def test_each_sentence_leads_to_its_sources_and_back(desk) -> None:
    """Every number is somewhere, and every source names its sentences."""
    draft(desk)
    sheet = seen(desk)
    assert {one.id for one in sheet.lines if one.entries} == {name for source in sheet.sources for name in source.lines}
    assert all(source.words for source in sheet.sources)
    assert not any(one.stale or one.no_example for one in sheet.lines)
    assert "Lunch was fine." in [one.entry.text for one in sheet.unused]


def test_the_writers_sentences_are_linked_or_say_that_they_have_no_example(store, desk, workspace, ref) -> None:
    """By the numbers of the document, by a decision, and for judgements only."""
    fill(desk, workspace, draft(desk))
    add(
        store,
        own("You kept dates well [2].", "patterns"),
        own("You are bossy.", "patterns"),
        own("You did good work this half-year.", "summary"),
        own("I will book the room.", "summary"),
    )
    sheet = seen(desk)
    assert line(sheet, "kept dates").entries
    assert not line(sheet, "kept dates").no_example
    bossy = line(sheet, "bossy")
    assert (bossy.mine, bossy.no_example, [one.rule for one in bossy.hints]) == (True, True, ["L1"])
    assert line(sheet, "good work").no_example
    assert not line(sheet, "book the room").no_example
    decided(desk, DecisionKind.LINK, bossy.subject, other=NOTES[0].id)
    decided(desk, DecisionKind.DISMISSED, bossy.hints[0].key, other="L1")
    again = line(seen(desk), "bossy")
    assert (again.entries, again.no_example, again.hints) == ((NOTES[0].id,), False, ())
    decided(desk, DecisionKind.DISMISSED, bossy.hints[0].key, other="L1", undo=True)
    assert line(seen(desk), "bossy").hints


def test_a_growth_point_that_is_new_is_flagged_while_writing(store, desk) -> None:
    """The employee's own words never are."""
    add(store, note("Speak up earlier.", date(2026, 6, 8), "ben", kind=EntryKind.GROWTH, anchor="growth"))
    draft(desk)
    sheet = seen(desk)
    assert [one.text for one in sheet.open_points] == [line(sheet, "Speak up").text]
    assert line(sheet, "lead a workshop").judged.standing is Standing.KNOWN


def test_what_only_the_writer_may_see_is_for_the_writer_alone(store, desk) -> None:
    """HR at calibration reads the draft, and neither the list nor the words of notes that are not theirs."""
    secret = replace(private("You should raise your voice less."), anchor="to-raise")
    add(store, secret, own("My own words.", "summary"))
    draft(desk)
    mine = seen(desk)
    assert [one.entry for one in mine.for_you] == [secret]
    assert [one.entry for one in mine.unraised] == [secret]
    theirs = seen(desk, "hr", today=CYCLE.review_on)
    assert theirs.for_you == theirs.unraised == ()
    assert not any(one.mine for one in theirs.lines)
    assert not any(source.words for source in theirs.sources)
    with store.read() as tx:
        assert [row[1:3] for row in reviews.trail(tx)][-1] == ("hr", "read-draft")
    for nobody in ("ada", "dana", "eve", "cem"):
        with pytest.raises(ReviewError, match="may not read"):
            seen(desk, nobody)


def test_notes_on_health_are_in_no_draft_and_on_a_list_of_their_own(store, desk) -> None:
    """Nobody wonders where they are."""
    ill = note("Delivered the export although he was on sick leave.", date(2026, 2, 16))
    add(store, ill)
    assert not any("sick leave" in one.text for one in draft(desk).statements)
    assert [one.entry for one in seen(desk).withheld] == [ill]


def test_a_self_review_has_its_own_sheet(desk) -> None:
    """Nothing in it is news to oneself, and no rating hangs on it."""
    draft(desk, "ada")
    sheet = seen(desk, "ada", "ada")
    assert sheet.lines
    assert sheet.open_points == sheet.for_you == sheet.unraised == ()
    with pytest.raises(ReviewError, match="may not read"):
        seen(desk, "ben", "ada")


def test_what_was_never_raised_appears_from_four_weeks_before_the_review(store, desk) -> None:
    """Not a day earlier, only to the manager of the person, and until it is settled."""
    point = replace(private("You should answer sooner."), anchor="to-raise")
    add(store, point)
    assert list(debts(desk, today=date(2026, 5, 17))) == []
    (debt,) = debts(desk, today=date(2026, 5, 18))
    assert (debt.person.id, debt.manager_id, [one.entry for one in debt.points]) == ("ada", "ben", [point])
    assert list(debts(desk, today=TODAY, manager_id="eve")) == []
    decided(desk, DecisionKind.SETTLED, point.id)
    assert list(debts(desk, today=TODAY)) == []


def test_a_point_that_was_moved_comes_back_in_the_next_cycle(store, desk) -> None:
    """Until it is settled there; in its own cycle it is off the list."""
    point = own("Speak up earlier.", "growth")
    add(store, point)
    decided(desk, DecisionKind.LATER, point.id)
    assert list(debts(desk, today=TODAY)) == []
    after = replace(CYCLE, id="2026-h2", start=date(2026, 7, 1), end=date(2026, 12, 31), review_on=date(2026, 12, 15))
    with store.write() as tx:
        cycles.create(tx, after, PACK.sources)
    later = open_desk(store, "2026-h2")
    (debt,) = debts(later, today=date(2026, 12, 1))
    assert [one.entry for one in debt.points] == [point]
    decide(later, "ada", "ben", DecisionKind.SETTLED, point.id, now=NOW, today=date(2026, 12, 1))
    assert list(debts(later, today=date(2026, 12, 1))) == []


def test_a_draft_and_a_sheet_ask_the_store_few_questions(store, desk) -> None:
    """However many notes there are."""
    asked: list[str] = []

    def counted(_connection, _cursor, statement, *_rest) -> None:
        asked.append(statement)

    def cost(action) -> int:
        asked.clear()
        action()
        return len(asked)

    event.listen(store._engine, "before_cursor_execute", counted)
    first = cost(lambda: make_draft(desk, "ada", "ben", "ada", now=NOW, today=TODAY))
    looked = cost(lambda: seen(desk))
    add(store, *(note(f"Shipped part {n} on time.", date(2026, 1 + n % 6, 1 + n % 27)) for n in range(400)))
    assert cost(lambda: make_draft(desk, "ada", "ben", "ada", now=NOW, today=TODAY)) == first <= 12
    assert cost(lambda: seen(desk)) == looked <= 20
