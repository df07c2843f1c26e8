"""The books of what was asked for beside documents, in a file and on a server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sync.document_edits import DocumentEdit, EditKind, EditResult, edit_id
from sync.jobs import Job, State
from sync.store import Store
from sync.store.queries import document_edits, jobs

NOW = datetime(2026, 3, 20, 9, 0, 0, 123456, tzinfo=UTC)
WISH = DocumentEdit(edit_id("ben", EditKind.VALUE, "g1"), "ada", "ben", EditKind.VALUE, "k", "g1", 5.0, 6.0, NOW)


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """An empty store."""
    opened = Store.open(database)
    yield opened
    opened.close()


def test_a_wish_is_told_until_something_became_of_it(store: Store) -> None:
    """Busy while its job waits, failed when that failed, quiet once it is done; the next wish takes its place."""
    with store.write() as tx:
        document_edits.keep(tx, WISH)
        jobs.ask(tx, "edit-1", Job.EDIT, WISH.id, NOW)
        document_edits.assign(tx, WISH.id, "edit-1")
        (one,) = document_edits.asked_by(tx, "ben", "ada", NOW - timedelta(days=1))
        assert (one.edit, one.busy, one.has_failed) == (replace(WISH, job_id="edit-1"), True, False)
        assert document_edits.asked_by(tx, "ada", "ada", NOW - timedelta(days=1)) == ()
        assert document_edits.asked_by(tx, "ben", "ada", NOW + timedelta(days=1)) == ()
        jobs.end(tx, "edit-1", State.FAILED, {}, "lost", NOW)
        (one,) = document_edits.asked_by(tx, "ben", "ada", NOW)
        assert (one.busy, one.has_failed) == (False, True)
        document_edits.settle(tx, replace(WISH, result=EditResult.DONE, ended_at=NOW))
        (one,) = document_edits.asked_by(tx, "ben", "ada", NOW)
        assert (one.busy, one.has_failed) == (False, False)


def test_what_became_of_a_former_wish_says_nothing_about_the_next(store: Store) -> None:
    """A worker that ends late settles only what it was asked for."""
    later = replace(WISH, value=4.0, asked_at=NOW + timedelta(seconds=1))
    with store.write() as tx:
        document_edits.keep(tx, WISH)
        document_edits.keep(tx, later)
        document_edits.settle(tx, replace(WISH, result=EditResult.MOVED, message="late"))
        assert document_edits.get(tx, WISH.id) == later
