"""Insert or update, insert or ignore: the two statements that both databases know under other names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table


def _insert(tx: Connection, table: Table) -> Any:
    """Of the database in use: the other one's dialect takes a tenth of a second to import, at each start."""
    if tx.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


def upsert(tx: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert *rows*; one whose primary key exists is updated in the columns given. All rows name the same columns."""
    if not rows:
        return
    statement = _insert(tx, table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    statement = statement.on_conflict_do_update(index_elements=keys, set_=changed) if changed else _ignoring(statement, keys)
    tx.execute(statement, [dict(row) for row in rows])


def insert_or_ignore(tx: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert *rows*; one whose primary key exists stays as it is."""
    if rows:
        keys = [column.name for column in table.primary_key]
        tx.execute(_ignoring(_insert(tx, table), keys), [dict(row) for row in rows])


def _ignoring(statement: Any, keys: list[str]) -> Any:
    return statement.on_conflict_do_nothing(index_elements=keys)
