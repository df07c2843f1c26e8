"""The whole store as one portable file, and back: from either kind of database into either kind.

A zip of one JSON-lines file per table and a manifest that says from which revision, how many rows and with which hashes.
It streams both ways. The installation's key is not in the store, so it is not in here; nor are leases, workers, jobs and
counts of requests, which mean something only to processes that run, nor sessions and sign-in links: after a restore
everybody signs in anew.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from sqlalchemy import Connection, Date, LargeBinary, Table, func, select, text

from sync.store.database import HEAD, Store
from sync.store.models import Instant, metadata, preference, session
from sync.store.queries.erasing import erase, tombstones
from sync.store.queries.people import everyone
from sync.store.queries.upsert import upsert

FORMAT = 1
MANIFEST = "manifest.json"
TRANSIENT = frozenset({"lease", "worker", "job", "session", "signin_link", "quota_use", "quota_pause"})
AT_ONCE = 500
ERASED_BEFORE = "erased before"
"""Why somebody is erased whom a backup brought back."""


class ArchiveError(Exception):
    """The file cannot be restored, or not here; the message says why and what to do."""


@dataclass(frozen=True)
class Restored:
    """What came back, how many people did not because they were erased since, and how many sessions ended."""

    contents: Contents
    erased_again: int
    sessions_ended: int


@dataclass(frozen=True)
class Contents:
    """What an archive says of itself."""

    made_at: str
    revision: str
    rows: Mapping[str, int]

    @property
    def total(self) -> int:
        """Rows of all tables."""
        return sum(self.rows.values())


def tables() -> tuple[Table, ...]:
    """Those that are saved, by name."""
    return tuple(sorted((one for one in metadata.tables.values() if one.name not in TRANSIENT), key=lambda one: one.name))


# ---------------------------------------------------------------- out


def save(store: Store, into: IO[bytes], now: datetime) -> Contents:
    """Write one state of the whole store into a file, while others go on working. Raises StoreError."""
    told: dict[str, dict[str, Any]] = {}
    with store.read() as tx, ZipFile(into, "w", ZIP_DEFLATED) as archive:
        for table in tables():
            with archive.open(_name(table), "w", force_zip64=True) as file:
                told[table.name] = _save_table(tx, table, file)
        manifest = {"format": FORMAT, "made_at": now.isoformat(), "revision": HEAD, "tables": told}
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return _contents(manifest)


def _save_table(tx: Connection, table: Table, file: IO[bytes]) -> dict[str, Any]:
    digest, rows = hashlib.sha256(), 0
    query = select(table).order_by(*table.primary_key).execution_options(yield_per=AT_ONCE)
    for row in tx.execute(query):
        line = json.dumps([_out(value) for value in row], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        digest.update(line)
        file.write(line)
        rows += 1
    return {"columns": [column.name for column in table.c], "rows": rows, "sha256": digest.hexdigest()}


def _out(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


# ---------------------------------------------------------------- in


def look(file: IO[bytes]) -> Contents:
    """What the archive holds, after every line of it was checked against its hashes. Raises ArchiveError."""
    try:
        with ZipFile(file) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            if manifest["format"] != FORMAT:
                raise ArchiveError("it is a backup of a later program: install that one and restore with it")
            if manifest["revision"] != HEAD:
                raise ArchiveError(
                    f"it was made at revision {manifest['revision']} of the database, this program knows {HEAD}: "
                    "restore it with the program that made it, then start this one on the same database"
                )
            for table in tables():
                _check(archive, table, manifest["tables"][table.name])
            return _contents(manifest)
    except (BadZipFile, KeyError, ValueError, TypeError, EOFError, OSError) as error:
        raise ArchiveError(f"it is no backup of Throughline, or a damaged one ({type(error).__name__})") from error


def _check(archive: ZipFile, table: Table, told: Mapping[str, Any]) -> None:
    if told["columns"] != [column.name for column in table.c]:
        raise ArchiveError(f"its table {table.name} has other columns than this program")
    digest, rows = hashlib.sha256(), 0
    with archive.open(_name(table)) as file:
        for line in file:
            digest.update(line)
            rows += 1
    if (rows, digest.hexdigest()) != (told["rows"], told["sha256"]):
        raise ArchiveError(f"its table {table.name} is not as it was saved: the file was damaged or changed since")


def restore(store: Store, file: IO[bytes], now: datetime, *, replace: bool) -> Restored:
    """Put the archive's rows into the store, all or none.

    Who was erased here since the archive was made stays erased, and who wants no reminders gets none. Raises ArchiveError
    when it cannot be used, or the store holds something and is not to be replaced; StoreError.
    """
    contents = look(file)
    with store.write() as tx, ZipFile(file) as archive:
        filled = [table.name for table in tables() if tx.execute(select(func.count()).select_from(table)).scalar_one()]
        if filled and not replace:
            raise ArchiveError("the database here holds a company already: --replace gives it up for the backup's")
        stones = tombstones(tx)
        wishes = [dict(row._mapping) for row in tx.execute(select(preference))]
        ended = tx.execute(select(func.count()).select_from(session)).scalar_one()
        for table in metadata.tables.values():
            tx.execute(table.delete())
        for table in tables():
            with archive.open(_name(table)) as lines:
                for some in _batches(lines, table):
                    tx.execute(table.insert(), some)
            _go_on_counting(tx, table)
        upsert(tx, preference, wishes)
        back = [one for one in everyone(tx) if one.id in stones]
        for one in back:
            erase(tx, one, ERASED_BEFORE, now)
    if back:
        store.forget_for_good()
    return Restored(contents, len(back), ended)


def _batches(lines: IO[bytes], table: Table) -> Iterator[list[dict[str, Any]]]:
    columns = list(table.c)
    batch: list[dict[str, Any]] = []
    for line in lines:
        values = json.loads(line)
        batch.append({column.name: _in(column.type, value) for column, value in zip(columns, values, strict=True)})
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _in(kind: object, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Instant):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return base64.b64decode(value) if isinstance(kind, LargeBinary) else value


def _go_on_counting(tx: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows from a counter of its own, which knows nothing of rows that came with their numbers."""
    column = table.autoincrement_column
    if column is None or tx.dialect.name != "postgresql":
        return
    last = tx.execute(select(func.max(column))).scalar_one()
    if last is not None:
        sequence = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)")
        tx.execute(sequence, {"table": f'"{table.name}"', "column": column.name, "last": last})


def _name(table: Table) -> str:
    return f"tables/{table.name}.jsonl"


def _contents(manifest: Mapping[str, Any]) -> Contents:
    rows = {name: int(one["rows"]) for name, one in manifest["tables"].items()}
    return Contents(str(manifest["made_at"]), str(manifest["revision"]), rows)
