"""Drafts out of a real database: who may, what is kept, what is audited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sync.decisions import DecisionKind
from sync.records import Person, Reporting, Visibility
from sync.review.service import (
    Desk,
    ReviewError,
    Undrafted,
    choose_entries,
    debts,
    make_draft,
    make_drafts,
    open_desk,
    owed,
    read_draft,
    read_sheet,
    stale_statements,
    writer_for,
)
from sync.store.database import Store
from sync.store.queries import people, reviews
from tests.sync.review.acting import add, decided, draft, fill, show
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


def test_a_locked_cycle_drafts_fills_decides_and_releases_nothing(store, desk, workspace) -> None:
    """Each of them says so in a sentence; what was drafted is still read."""
    made = draft(desk)
    locked = replace(desk, cycle=replace(desk.cycle, locked=True))
    for attempt in (
        lambda: draft(locked),
        lambda: fill(locked, workspace, made),
        lambda: show(locked, workspace),
        lambda: decided(locked, DecisionKind.DISMISSED, "hint"),
        lambda: choose_entries(locked, "ada", "ben", ["n1"], use=False, now=NOW, today=TODAY),
    ):
        with pytest.raises(ReviewError, match="is locked: its reviews can be read"):
            attempt()
    assert read_sheet(locked, "ada", "ben", "ben", now=NOW, today=TODAY) is not None


def test_how_much_is_owed_is_what_the_list_of_debts_counts(store, desk) -> None:
    """For a whole team at once, before and after decisions, in their latest words."""
    secret = replace(NOTES[0], id="private1", by="ben", visibility=Visibility.MANAGER_PRIVATE, anchor="to-raise")
    edited = replace(secret, id="private2", text="You should tell support sooner.", supersedes="private1")
    add(store, secret, edited, replace(secret, id="private3", text="He should speak up."))

    def counts() -> tuple[dict[str, int], dict[str, int]]:
        found = {one.person.id: len(one.points) for one in debts(desk, today=TODAY, manager_id="ben")}
        return owed(desk, "ben", desk.directory.people, today=TODAY), found

    assert counts() == ({"ada": 2}, {"ada": 2})
    decided(desk, DecisionKind.SETTLED, "private2")
    assert counts() == ({"ada": 1}, {"ada": 1})
    decided(desk, DecisionKind.LINK, "private3", other=NOTES[0].id)
    found = counts()
    assert found[0] == found[1]
    assert owed(desk, "ben", desk.directory.people, today=date(2026, 3, 1)) == {}
