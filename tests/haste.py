"""Tests in haste: nothing of theirs must outlive a power failure, and a database that is built once need not be built again."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable

from sqlalchemy import Connection, Engine, event, inspect

from sync.store import database


def begin() -> None:
    """From now on, in this process; what it starts is as careful as ever."""
    os.fsync = lambda _descriptor: None
    event.listen(Engine, "engine_connect", _in_haste)
    database._upgrade = _copied(database._upgrade)


def _in_haste(connection: Connection) -> None:
    """SQLite hands its writes to the system and goes on; what is killed loses nothing by that."""
    raw = connection.connection
    if connection.dialect.name == "sqlite" and "in haste" not in raw.info:
        raw.cursor().execute("PRAGMA synchronous=OFF")
        raw.info["in haste"] = True


def _copied(upgrade: Callable[[Engine], None]) -> Callable[[Engine], None]:
    """The migrations build the first new file; the next ones are copies of it."""
    first = sqlite3.connect(":memory:", check_same_thread=False)

    def quickly(engine: Engine) -> None:
        if engine.dialect.name != "sqlite" or inspect(engine).get_table_names():
            upgrade(engine)
            return
        built = first.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,)
        if not built:
            upgrade(engine)
        with engine.connect() as connection:
            file = connection.connection.dbapi_connection
            first.backup(file) if built else file.backup(first)

    return quickly
