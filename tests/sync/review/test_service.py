"""Drafts out of a real database: who may, what is kept, what is audited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sync.records import Person, Reporting
from sync.review.service import (
    Desk,
    ReviewError,
    Undrafted,
    make_draft,
    make_drafts,
    open_desk,
    read_draft,
    stale_statements,
    writer_for,
)
from sync.store.database import Store
from sync.store.queries import people, reviews
from tests.sync.review.acting import add, draft
from tests.sync.review.making import CYCLE, NOTES, NOW, PEOPLE, TODAY, private


def test_a_draft_is_kept_as_it_was_made_with_nothing_unsupported(store: Store, desk: Desk) -> None:
    """From the ledger, through the guard, into the store and back."""
    made = draft(desk)
    assert len(made.statements) > 10
    with store.read() as tx:
        assert reviews.drafts(tx, CYCLE.id, "ada") == (made,)
        assert reviews.draft_counts(tx) == (1, 0)
        assert [line[1:4] for line in reviews.trail(tx)] == [("ben", "draft", "2026-h1/ada")]
    assert list(stale_statements(desk, [made], today=TODAY)) == [(made, ())]


def test_many_drafts_are_made_in_order_and_one_that_may_not_be_stops_none(desk: Desk) -> None:
    """A wrong writer and an unknown person are results with their reason."""
    made = list(make_drafts(desk, [("ada", "ben"), ("ada", "cem"), ("zoe", "ben"), ("ada", "ada")], now=NOW, today=TODAY))
    assert [isinstance(one, Undrafted) for one in made] == [False, True, True, False]
    assert made[0] == draft(desk)
    assert "may not draft" in made[1].reason
    assert "zoe" in made[2].reason


def test_what_was_excluded_stays_out_of_the_next_draft(store: Store, desk: Desk) -> None:
    """Curating before drafting."""
    with store.write() as tx:
        reviews.exclude(tx, CYCLE.id, "ada", [NOTES[2].id], "ben", NOW)
    assert "did not miss" not in repr(draft(desk).statements)


@pytest.mark.parametrize("writer", ["cem", "dana", "eve", "hr", "nobody"])
def test_only_the_manager_and_the_person_may_have_a_review_drafted(desk: Desk, writer: str) -> None:
    """A peer, another manager, the manager's manager and HR are told who may."""
    with pytest.raises(ReviewError, match="may not draft the manager-review of Ada Brandt"):
        draft(desk, writer)


def test_whoever_leads_at_the_review_moment_writes_the_review(store: Store) -> None:
    """A manager who came later neither drafts it nor releases it."""
    moved = replace(PEOPLE[0], reporting=(Reporting("ben", None, date(2026, 6, 20)), Reporting("dana", date(2026, 6, 21))))
    with store.write() as tx:
        people.save(tx, [moved])
    desk, later = open_desk(store, CYCLE.id), date(2026, 7, 10)
    assert writer_for(desk, "ada", later) == "ben"
    assert make_draft(desk, "ada", "ben", "ada", now=NOW, today=later).statements
    with pytest.raises(ReviewError, match="may not draft"):
        make_draft(desk, "ada", "dana", "ada", now=NOW, today=later)


def test_nothing_is_drafted_about_somebody_who_left(store: Store) -> None:
    """The message says when they left."""
    with store.write() as tx:
        people.save(tx, [replace(PEOPLE[0], end=date(2026, 5, 31))])
    with pytest.raises(ReviewError, match="left on 2026-05-31"):
        draft(open_desk(store, CYCLE.id))


def test_another_ones_review_is_read_under_audit(store: Store, desk: Desk) -> None:
    """HR reads it at calibration, without the list for the writer; before that nobody but the writer does."""
    add(store, private("Delivered late, I fear."))
    made = draft(desk)
    assert len(made.for_you) == 1
    assert read_draft(desk, "ada", "ben", "ben", now=NOW, today=TODAY) == made
    for viewer in ("ada", "hr", "cem", "eve"):
        with pytest.raises(ReviewError, match="may not read"):
            read_draft(desk, "ada", "ben", viewer, now=NOW, today=TODAY)
    assert read_draft(desk, "ada", "ben", "hr", now=NOW, today=CYCLE.review_on) == replace(made, for_you=())
    with store.read() as tx:
        assert reviews.trail(tx)[-1][1:] == ("hr", "read-draft", "2026-h1/ada", "as hr")


def test_unknown_cycles_and_people_are_named_with_what_there_is(store: Store, desk: Desk) -> None:
    """The message names the way out."""
    with pytest.raises(ReviewError, match="there are: 2026-h1"):
        open_desk(store, "2025-h2")
    with pytest.raises(ReviewError, match="nobody in the directory"):
        make_draft(desk, "zoe", "ben", "zoe", now=NOW, today=TODAY)
    alone = Person("solo", "Solo", "solo@example.com")
    with store.write() as tx:
        people.save(tx, [alone])
    with pytest.raises(ReviewError, match="has no manager on"):
        writer_for(open_desk(store, CYCLE.id), "solo", TODAY)
