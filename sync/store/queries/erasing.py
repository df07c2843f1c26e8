"""Everything about a person: found for an export, deleted for an erasure. What is erased leaves a tombstone, no words.

A table that a later feature adds is erased by its column `person_id`; a test asks for a word about any other table.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, exists, or_, select, update

from sync.records import Entry, EntryKind, Person, Visibility
from sync.review_acts import ActResult
from sync.store import models
from sync.store.models import metadata
from sync.store.queries.chunks import chunks
from sync.store.queries.ledger import entry_of
from sync.store.queries.packing import unpacked
from sync.store.queries.people import mark_changed
from sync.store.queries.upsert import insert_or_ignore
from templates.shapes import Kind

#: Tables whose rows hold no person's words, or are dealt with below by something else than a column `person_id`.
IMPERSONAL = frozenset(
    {
        "setting",
        "cycle",
        "cadence",
        "lease",
        "worker",
        "tombstone",
        "alembic_version",
        "connection",
        "delivery",
        "hook_secret",
        "channel",
        "quota_pause",
        "quota_use",
    }
)
BY_HAND = frozenset(
    {
        "person",
        "entry",
        "goal_value",
        "body",
        "snapshot",
        "intent",
        "plan",
        "finding",
        "dirty",
        "cursor",
        "audit",
        "job",
        "pair",
        "confirmation",
        "connecting",
    }
)
_OWN_PAPERS = (Kind.MANAGER_NOTES.value, Kind.MANAGER_REVIEW.value, Kind.PEER_FEEDBACK.value)
"""Documents about others that carry their writer's name: they go with the writer. Feedback that was given stays evidence."""


def by_column() -> tuple[Table, ...]:
    """The tables that are erased by their column `person_id`, wherever they came from."""
    rest = (one for one in metadata.tables.values() if one.name not in IMPERSONAL | BY_HAND)
    return tuple(sorted((one for one in rest if "person_id" in one.c), key=lambda one: one.name))


def entries_about(tx: Connection, person_id: str) -> tuple[Entry, ...]:
    """Every entry about a person, superseded ones included, oldest first."""
    e = models.entry.c
    query = select(models.entry).where(e.about == person_id).order_by(e.happened_on, e.recorded_at, e.id)
    return tuple(entry_of(row) for row in tx.execute(query))


def entries_by(tx: Connection, person_id: str, kinds: Collection[EntryKind]) -> tuple[Entry, ...]:
    """Every entry of these kinds that a person wrote about others, superseded ones included, oldest first."""
    e = models.entry.c
    whose = (e.by == person_id) & (e.about != person_id) & e.kind.in_([one.value for one in kinds])
    query = select(models.entry).where(whose).order_by(e.happened_on, e.recorded_at, e.id)
    return tuple(entry_of(row) for row in tx.execute(query))


def trail_about(tx: Connection, person_id: str) -> tuple[tuple[datetime, str, str, str, str], ...]:
    """The lines of the audit trail about a person: when, in whose name, what, about what, and who typed it."""
    a = models.audit.c
    rows = tx.execute(select(models.audit).where(a.subject.contains(person_id, autoescape=True)).order_by(a.id))
    return tuple((row.at, row.actor, row.action, row.subject, row.operator) for row in rows)


def letters_to(tx: Connection, person_id: str) -> tuple[tuple[datetime, str], ...]:
    """When reminders went to a person, and what became of them."""
    table = models.letter.c
    rows = tx.execute(select(table.begun_at, table.state).where(table.person_id == person_id).order_by(table.begun_at))
    return tuple((row.begun_at, row.state) for row in rows)


def tombstones(tx: Connection) -> dict[str, datetime]:
    """Whom there was and when they were erased."""
    return {row.person_id: row.erased_at for row in tx.execute(select(models.tombstone))}


def papers(tx: Connection, person_id: str) -> tuple[tuple[str, str, str], ...]:
    """Workspace, key and ref of the documents that are a person's own."""
    a = models.artifact.c
    rows = tx.execute(select(a.workspace, a.key, a.ref).where(_own(person_id)).order_by(a.key))
    return tuple((row.workspace, row.key, row.ref) for row in rows)


def copies(tx: Connection, person_id: str) -> tuple[str, ...]:
    """The refs of copies that a sync found of a person's own documents: nobody's to trash, but they hold their words."""
    f = models.finding.c
    own = or_(*(column.contains(person_id, autoescape=True) for column in (f.subject, f.message)))
    return tuple(tx.execute(select(f.subject).where(f.kind == "copy", own).distinct().order_by(f.subject)).scalars())


def _own(person_id: str) -> ColumnElement[bool]:
    a = models.artifact.c
    return or_(a.person_id == person_id, and_(a.other_id == person_id, a.kind.in_(_OWN_PAPERS)))


# ---------------------------------------------------------------- erasing


def erase(tx: Connection, person: Person, reason: str, now: datetime) -> Counter[str]:
    """Delete everything about *person*, in one transaction; returns how many rows of which table.

    What others wrote about others stays, with the opaque id where the person's name was looked up. The database's files
    still hold the bytes until `Store.forget_for_good`.
    """
    done: Counter[str] = Counter()
    words = [word for word in (person.name, person.email, *person.former_emails) if word]
    own = papers(tx, person.id)
    keys, refs = [key for _, key, _ in own], [ref for _, _, ref in own]
    _erase_entries(tx, person.id, done)
    for some in chunks(keys):
        _gone(tx, models.snapshot, models.snapshot.c.artifact_key.in_(some), done)
        _gone(tx, models.finding, models.finding.c.subject.in_(some), done)
    for some in chunks(refs):
        _gone(tx, models.dirty, models.dirty.c.ref.in_(some), done)
        _gone(tx, models.finding, models.finding.c.subject.in_(some), done)
    _gone(tx, models.artifact, _own(person.id), done)
    _gone(tx, models.draft, or_(models.draft.c.writer_id == person.id, models.draft.c.reader_id == person.id), done)
    # A refused sentence may repeat anybody's words; releasing again says it anew.
    act = models.review_act.c
    _gone(tx, models.review_act, or_(act.writer_id == person.id, act.result == ActResult.REFUSED.value), done)
    goals = select(models.goal.c.id).where(models.goal.c.person_id == person.id)
    _gone(tx, models.goal_value, models.goal_value.c.goal_id.in_(goals), done)
    _gone(tx, models.pair, or_(models.pair.c.giver_id == person.id, models.pair.c.person_id == person.id), done)
    for table in by_column():
        _gone(tx, table, table.c.person_id == person.id, done)
    _erase_mentions(tx, person.id, words, done)
    _gone(tx, models.body, ~exists().where(models.snapshot.c.body_hash == models.body.c.hash), done)
    _gone(tx, models.person, models.person.c.id == person.id, done)
    mark_changed(tx)
    # A cursor lists the names of files; without one the next sync looks at everything once.
    _gone(tx, models.cursor, models.cursor.c.workspace.in_({workspace for workspace, _, _ in own}), done)
    insert_or_ignore(tx, models.tombstone, [{"person_id": person.id, "erased_at": now, "reason": reason}])
    return done


def _gone(tx: Connection, table: Table, which: ColumnElement[bool], done: Counter[str]) -> None:
    done[table.name] += tx.execute(delete(table).where(which)).rowcount


def _erase_entries(tx: Connection, person_id: str, done: Counter[str]) -> None:
    e, a = models.entry.c, models.artifact.c
    private = and_(e.by == person_id, e.visibility == Visibility.AUTHOR_PRIVATE.value)
    given = and_(a.kind == Kind.PEER_FEEDBACK.value, a.person_id != person_id)
    own = select(a.key).where(_own(person_id), ~given)
    _gone(tx, models.entry, or_(e.about == person_id, private, e.artifact_key.in_(own)), done)


def _erase_mentions(tx: Connection, person_id: str, words: Sequence[str], done: Counter[str]) -> None:
    """What names the person although it is about something else."""
    names = _Names(words)
    for table, column in ((models.finding, "message"), (models.finding, "subject"), (models.dirty, "ref")):
        for which in _rows_with(tx, table, column, names):
            _gone(tx, table, which, done)
    for table, column, instead in (
        (models.snapshot, "modified_by", ""),
        (models.job, "message", ""),
        (models.audit, "detail", ""),
        (models.audit, "subject", person_id),
        (models.audit, "actor", person_id),
        (models.audit, "operator", person_id),
        (models.confirmation, "by", person_id),
        (models.connecting, "by", person_id),
    ):
        for which in _rows_with(tx, table, column, names):
            tx.execute(update(table).where(which).values({column: instead}))
    plans = [row.hash for row in _all(tx, models.plan) if names.or_id(person_id, _text(unpacked(row.body)))]
    intents = [row.key for row in _all(tx, models.intent) if names.or_id(person_id, row.key + _text(row.body))]
    for some in chunks(plans):
        _gone(tx, models.plan, models.plan.c.hash.in_(some), done)
    for some in chunks(intents):
        _gone(tx, models.intent, models.intent.c.key.in_(some), done)
    _take_from_grants(tx, set(words))


class _Names:
    """A person's name and addresses as whole words: nobody called Li is in a client."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self._pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words), re.IGNORECASE)

    def are_in(self, text: str) -> bool:
        """Whether *text* names the person."""
        return self._pattern.search(text) is not None

    def or_id(self, person_id: str, text: str) -> bool:
        """The same, or means them by their id."""
        return person_id in text or self.are_in(text)


def _rows_with(tx: Connection, table: Table, column: str, names: _Names) -> Iterator[ColumnElement[bool]]:
    """Each row whose *column* names the person, as a condition."""
    keys = list(table.primary_key)
    likely = or_(*(table.c[column].icontains(word, autoescape=True) for word in names.words))
    for row in tx.execute(select(*keys, table.c[column].label("told")).where(likely)).all():
        if names.are_in(row.told):
            yield and_(*(key == row._mapping[key.name] for key in keys))


def _all(tx: Connection, table: Table) -> Iterable[Any]:
    return tx.execute(select(table).execution_options(yield_per=50))


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _take_from_grants(tx: Connection, emails: set[str]) -> None:
    """Others' documents that the person could open."""
    a = models.artifact.c
    for row in tx.execute(select(a.key, a.writers, a.readers)).all():
        writers, readers = ([one for one in those if one not in emails] for those in (row.writers, row.readers))
        if (writers, readers) != (row.writers, row.readers):
            tx.execute(update(models.artifact).where(a.key == row.key).values(writers=writers, readers=readers))
