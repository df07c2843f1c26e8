"""Artifacts, the intents that precede them, what was provisioned in them, and the snapshots read back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, select

from sync.records import Artifact, ArtifactState, Save
from sync.store import models
from sync.store.queries.chunks import chunks
from sync.store.queries.packing import packed, unpacked
from sync.store.queries.upsert import insert_or_ignore, upsert
from templates.shapes import Kind, Place

_NAME = 254
"""Characters of an editor's name that are kept."""


def _artifact(row: Any) -> Artifact:
    return Artifact(
        key=row.key,
        kind=Kind(row.kind),
        cycle_id=row.cycle_id,
        person_id=row.person_id,
        other_id=row.other_id,
        due=row.due,
        place=Place(row.place),
        title=row.title,
        ref=row.ref,
        version=row.version,
        state=ArtifactState(row.state),
        writers=tuple(row.writers),
        readers=tuple(row.readers),
    )


_COLUMNS = [column for column in models.artifact.c if column.name != "ground"]


def all_artifacts(tx: Connection, workspace: str, cycle_id: str | None = None) -> tuple[Artifact, ...]:
    """Every artifact of *workspace*, of one cycle if given, by key."""
    query = select(*_COLUMNS).where(models.artifact.c.workspace == workspace).order_by(models.artifact.c.key)
    if cycle_id is not None:
        query = query.where(models.artifact.c.cycle_id == cycle_id)
    return tuple(_artifact(row) for row in tx.execute(query))


def get(tx: Connection, key: str) -> Artifact | None:
    """The artifact of that logical key."""
    row = tx.execute(select(*_COLUMNS).where(models.artifact.c.key == key)).one_or_none()
    return None if row is None else _artifact(row)


def of_person(tx: Connection, person_id: str) -> tuple[Artifact, ...]:
    """The artifacts about one person, by due day and key."""
    query = select(*_COLUMNS).where(models.artifact.c.person_id == person_id)
    return tuple(_artifact(row) for row in tx.execute(query.order_by(models.artifact.c.due, models.artifact.c.key)))


def by_refs(tx: Connection, workspace: str, refs: Iterable[str]) -> dict[str, Artifact]:
    """Those of *refs* that are recorded."""
    found: dict[str, Artifact] = {}
    for some in chunks(refs):
        query = select(*_COLUMNS).where(models.artifact.c.workspace == workspace, models.artifact.c.ref.in_(some))
        found.update((row.ref, _artifact(row)) for row in tx.execute(query))
    return found


def by_keys(tx: Connection, keys: Iterable[str]) -> dict[str, Artifact]:
    """Those of *keys* that are recorded."""
    found: dict[str, Artifact] = {}
    for some in chunks(keys):
        found.update((row.key, _artifact(row)) for row in tx.execute(select(*_COLUMNS).where(models.artifact.c.key.in_(some))))
    return found


def count(tx: Connection) -> int:
    """How many artifacts are recorded, unlinked ones included."""
    return tx.execute(select(func.count()).select_from(models.artifact)).scalar_one()


def workspaces(tx: Connection) -> tuple[str, ...]:
    """The names of the workspaces in which artifacts are recorded."""
    return tuple(tx.execute(select(models.artifact.c.workspace).distinct().order_by(models.artifact.c.workspace)).scalars())


def has_any(tx: Connection, cycle_id: str) -> bool:
    """Whether anything was provisioned in a cycle."""
    return tx.execute(select(models.artifact.c.key).where(models.artifact.c.cycle_id == cycle_id).limit(1)).first() is not None


def count_of(tx: Connection, cycle_id: str) -> int:
    """How many artifacts one cycle has."""
    return tx.execute(
        select(func.count()).select_from(models.artifact).where(models.artifact.c.cycle_id == cycle_id)
    ).scalar_one()


def unlinked(tx: Connection) -> int:
    """How many artifacts are recorded but stand nowhere."""
    query = select(func.count()).select_from(models.artifact)
    return tx.execute(query.where(models.artifact.c.state == ArtifactState.UNLINKED.value)).scalar_one()


def record(tx: Connection, workspace: str, made: Sequence[tuple[Artifact, Any]]) -> None:
    """Record artifacts with their ground: what was provisioned in them, as JSON."""
    upsert(tx, models.artifact, [{**_values(one), "workspace": workspace, "ground": packed(ground)} for one, ground in made])


def update(tx: Connection, artifacts: Sequence[Artifact]) -> None:
    """Write recorded artifacts as they are now; their ground stays."""
    rows = [{**_values(one), "which": one.key} for one in artifacts]
    if rows:
        tx.execute(models.artifact.update().where(models.artifact.c.key == bindparam("which")), rows)


def forget(tx: Connection, key: str) -> None:
    """Forget the record of an artifact, so that the next plan makes it anew. Its evidence stays."""
    tx.execute(models.artifact.delete().where(models.artifact.c.key == key))


def grounds(tx: Connection, keys: Iterable[str]) -> dict[str, Any]:
    """What was provisioned in each of *keys*, as the JSON that `record` was given."""
    found: dict[str, Any] = {}
    for some in chunks(keys):
        query = select(models.artifact.c.key, models.artifact.c.ground).where(models.artifact.c.key.in_(some))
        found.update((row.key, unpacked(row.ground)) for row in tx.execute(query))
    return found


def with_grounds(tx: Connection, keys: Iterable[str]) -> dict[str, tuple[Artifact, str, Any]]:
    """Those of *keys* that are recorded, each with its workspace and what was provisioned in it, as JSON."""
    found: dict[str, tuple[Artifact, str, Any]] = {}
    for some in chunks(keys):
        rows = tx.execute(select(models.artifact).where(models.artifact.c.key.in_(some)))
        found.update((row.key, (_artifact(row), row.workspace, unpacked(row.ground))) for row in rows)
    return found


def _values(one: Artifact) -> dict[str, Any]:
    return {
        "key": one.key,
        "kind": one.kind.value,
        "cycle_id": one.cycle_id,
        "person_id": one.person_id,
        "other_id": one.other_id,
        "due": one.due,
        "place": one.place.value,
        "title": one.title,
        "ref": one.ref,
        "version": one.version,
        "state": one.state.value,
        "writers": list(one.writers),
        "readers": list(one.readers),
    }


# ---------------------------------------------------------------- intents


def begin(tx: Connection, workspace: str, bodies: Mapping[str, Any], now: datetime) -> None:
    """Write down what is about to be created, before it is: key to a JSON body."""
    rows = [{"key": key, "workspace": workspace, "begun_at": now, "body": body} for key, body in bodies.items()]
    upsert(tx, models.intent, rows)


def settle(tx: Connection, keys: Iterable[str]) -> None:
    """The outcome of these intents is recorded; they are closed."""
    for some in chunks(keys):
        tx.execute(models.intent.delete().where(models.intent.c.key.in_(some)))


def open_intents(tx: Connection, workspace: str) -> dict[str, tuple[datetime, Any]]:
    """Intents whose outcome is unknown: key to when they began and their body."""
    rows = tx.execute(select(models.intent).where(models.intent.c.workspace == workspace).order_by(models.intent.c.key))
    return {row.key: (row.begun_at, row.body) for row in rows}


# ---------------------------------------------------------------- snapshots


@dataclass(frozen=True)
class Taken:
    """What was read of an artifact: *content* is JSON."""

    artifact_key: str
    ref: str
    version: str
    content: Any
    modified_by: str = ""
    modified_at: datetime | None = None


def add_snapshots(tx: Connection, taken: Sequence[Taken], taken_at: datetime) -> None:
    """Keep what was read: content-addressed, so that equal content is kept once. Reading the latest version again adds none."""
    latest = _latest_versions(tx, [one.artifact_key for one in taken])
    fresh = [one for one in taken if latest.get((one.artifact_key, one.ref)) != one.version]
    bodies = {id(one): packed(one.content) for one in fresh}
    hashes = {id(one): _digest(bodies[id(one)]) for one in fresh}
    insert_or_ignore(
        tx,
        models.body,
        list({hashes[id(one)]: {"hash": hashes[id(one)], "content": bodies[id(one)]} for one in fresh}.values()),
    )
    _insert_snapshots(tx, [(one, hashes[id(one)]) for one in fresh], taken_at)


def add_as_made(tx: Connection, made: Sequence[Artifact], taken_at: datetime) -> None:
    """Note that these were found as we wrote them: their ground says what stands in them."""
    _insert_snapshots(tx, [(Taken(one.key, one.ref, one.version, None), "") for one in made], taken_at)


def _insert_snapshots(tx: Connection, taken: Sequence[tuple[Taken, str]], taken_at: datetime) -> None:
    rows = [
        {
            "artifact_key": one.artifact_key,
            "ref": one.ref,
            "version": one.version,
            "taken_at": taken_at,
            "modified_by": one.modified_by[:_NAME],
            "modified_at": one.modified_at,
            "body_hash": body_hash,
        }
        for one, body_hash in taken
    ]
    if rows:
        tx.execute(models.snapshot.insert(), rows)


def _latest_versions(tx: Connection, keys: Iterable[str]) -> dict[tuple[str, str], str]:
    """The version that was last read of each of *keys*, by key and ref."""
    s = models.snapshot.c
    found: dict[tuple[str, str], str] = {}
    for some in chunks(keys):
        query = select(s.artifact_key, s.ref, s.version).where(s.artifact_key.in_(some)).order_by(s.id)
        found.update(((row.artifact_key, row.ref), row.version) for row in tx.execute(query))
    return found


def digest_of(content: Any) -> str:
    """What `Save.content` is for a snapshot of *content*; of what was found as we made it, it is ""."""
    return _digest(packed(content))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def saves(tx: Connection, keys: Iterable[str]) -> dict[str, tuple[Save, ...]]:
    """Each reading of *keys* at the place where the artifact stands, oldest first."""
    found: dict[str, list[Save]] = {}
    s, a = models.snapshot, models.artifact
    for some in chunks(keys):
        query = select(s).join(a, (a.c.key == s.c.artifact_key) & (a.c.ref == s.c.ref)).where(s.c.artifact_key.in_(some))
        for row in tx.execute(query.order_by(s.c.id)):
            save = Save(row.version, row.body_hash, row.taken_at, row.modified_by, row.modified_at)
            found.setdefault(row.artifact_key, []).append(save)
    return {key: tuple(those) for key, those in found.items()}


def last_snapshots(tx: Connection, keys: Iterable[str]) -> dict[str, Any]:
    """The content of the latest snapshot of each of *keys* at its recorded ref."""
    found: dict[str, Any] = {}
    s, a = models.snapshot, models.artifact
    for some in chunks(keys):
        query = (
            select(s.c.artifact_key, models.body.c.content)
            .join(a, (a.c.key == s.c.artifact_key) & (a.c.ref == s.c.ref))
            .join(models.body, models.body.c.hash == s.c.body_hash)
            .where(s.c.artifact_key.in_(some))
            .order_by(s.c.artifact_key, s.c.id)
        )
        found.update((row.artifact_key, unpacked(row.content)) for row in tx.execute(query))
    return found


@dataclass(frozen=True)
class Shelf:
    """Artifacts by key; and of one of them what was provisioned in it, and what was last read there, as JSON."""

    papers: Mapping[str, Artifact]
    workspace: str = ""
    """Where that one stands."""
    ground: Any = None
    last: Any = None
    last_version: str = ""


def shelf(tx: Connection, keys: Iterable[str], key: str) -> Shelf:
    """Those of *keys* that are recorded, and more of *key*, in one question."""
    a, s, b = models.artifact.c, models.snapshot.c, models.body.c
    own_last = (s.artifact_key == a.key, s.ref == a.ref, a.key == key)
    last_one = select(b.content).join(models.snapshot, b.hash == s.body_hash).where(*own_last)
    latest = last_one.order_by(s.id.desc()).limit(1).scalar_subquery()
    version = select(s.version).where(*own_last).order_by(s.id.desc()).limit(1).scalar_subquery()
    papers: dict[str, Artifact] = {}
    ground = last = None
    workspace = last_version = ""
    for some in chunks({key, *keys}):
        own = case((a.key == key, a.ground)).label("own")
        columns = (*_COLUMNS, a.workspace, own, latest.label("latest"), version.label("last_version"))
        for row in tx.execute(select(*columns).where(a.key.in_(some))):
            papers[row.key] = _artifact(row)
            if row.key == key:
                workspace, last_version = row.workspace, row.last_version or ""
                ground, last = unpacked(row.own), unpacked(row.latest) if row.latest is not None else None
    return Shelf(papers, workspace, ground, last, last_version)
