"""Connected workspaces: the sealed secret, where they are, what is remembered of them, and whose access was confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection as Transaction
from sqlalchemy import select

from sync.store.models import confirmation, connection
from sync.store.queries.packing import packed, unpacked
from sync.store.queries.upsert import upsert


@dataclass(frozen=True)
class Connected:
    """A connection to a workspace. *secret* is sealed; *layout* is what the connector remembers between runs."""

    workspace: str
    secret: bytes
    settings: Mapping[str, Any]
    layout: str
    connected_at: datetime


@dataclass(frozen=True)
class Confirmation:
    """Somebody said that the access rule for a kind is set."""

    kind: str
    by: str
    at: datetime


def get(tx: Transaction, workspace: str) -> Connected | None:
    """The connection to *workspace*, if there is one."""
    row = tx.execute(select(connection).where(connection.c.workspace == workspace)).one_or_none()
    if row is None:
        return None
    return Connected(row.workspace, row.secret, row.settings, unpacked(row.layout), row.connected_at)


def save(tx: Transaction, one: Connected) -> None:
    """Keep *one* in place of the former connection to the same workspace."""
    values = {
        "workspace": one.workspace,
        "secret": one.secret,
        "settings": dict(one.settings),
        "layout": packed(one.layout),
        "connected_at": one.connected_at,
    }
    upsert(tx, connection, [values])


def forget(tx: Transaction, workspace: str) -> None:
    """Take the connection to *workspace* away."""
    tx.execute(connection.delete().where(connection.c.workspace == workspace))


def save_layout(tx: Transaction, workspace: str, layout: str) -> None:
    """Keep what the connector remembers."""
    tx.execute(connection.update().where(connection.c.workspace == workspace).values(layout=packed(layout)))


def confirm(tx: Transaction, workspace: str, one: Confirmation) -> None:
    """Record that somebody confirmed the access rule for a kind; a later confirmation replaces an earlier one."""
    upsert(tx, confirmation, [{"workspace": workspace, "kind": one.kind, "by": one.by, "at": one.at}])


def confirmations(tx: Transaction, workspace: str) -> tuple[Confirmation, ...]:
    """What was confirmed, by kind."""
    rows = tx.execute(select(confirmation).where(confirmation.c.workspace == workspace).order_by(confirmation.c.kind))
    return tuple(Confirmation(row.kind, row.by, row.at) for row in rows)
