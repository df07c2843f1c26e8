"""Count what a page asks the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from sync.store.database import Store

#: What begins or ends a transaction; the lock is how writers to PostgreSQL begin theirs.
BEGINNINGS = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "SELECT PG_ADVISORY_XACT_LOCK")
MOST = 12
"""So many statements may a page send, however much it shows."""


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """Every statement that is sent meanwhile, but for those that only begin or end a transaction."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.upper().startswith(BEGINNINGS):
            sent.append(statement)

    event.listen(store._engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(store._engine, "before_cursor_execute", note)
