"""Connected workspaces: the sealed secret, where they are, what is remembered of them, and whose access was confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection as Transaction
from sqlalchemy import select

from sync.store.models import confirmation, connecting, connection
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
    trouble: str = ""
    """What stands in its way since the last call, "" for nothing."""


@dataclass(frozen=True)
class Connecting:
    """A connection that somebody asked for and that a worker is to try. *secret* is sealed."""

    workspace: str
    secret: bytes
    settings: Mapping[str, Any]
    by: str
    asked_at: datetime


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
    return Connected(row.workspace, row.secret, row.settings, unpacked(row.layout), row.connected_at, row.trouble)


def save(tx: Transaction, one: Connected) -> None:
    """Keep *one* in place of the former connection to the same workspace."""
    values = {
        "workspace": one.workspace,
        "secret": one.secret,
        "settings": dict(one.settings),
        "layout": packed(one.layout),
        "connected_at": one.connected_at,
        "trouble": one.trouble,
    }
    upsert(tx, connection, [values])


def forget(tx: Transaction, workspace: str) -> None:
    """Take the connection to *workspace* away."""
    tx.execute(connection.delete().where(connection.c.workspace == workspace))


def save_layout(tx: Transaction, workspace: str, layout: str) -> None:
    """Keep what the connector remembers."""
    tx.execute(connection.update().where(connection.c.workspace == workspace).values(layout=packed(layout)))


def save_settings(tx: Transaction, workspace: str, settings: Mapping[str, Any]) -> None:
    """Keep what is known of the place."""
    tx.execute(connection.update().where(connection.c.workspace == workspace).values(settings=dict(settings)))


def swap_secret(tx: Transaction, workspace: str, former: bytes, secret: bytes) -> bool:
    """*secret* in place of *former*; False when somebody else has put another one there meanwhile."""
    which = (connection.c.workspace == workspace) & (connection.c.secret == former)
    return tx.execute(connection.update().where(which).values(secret=secret)).rowcount > 0


def note_trouble(tx: Transaction, workspace: str, trouble: str) -> bool:
    """Keep what stands in the way of the connection, "" for nothing; whether that is news."""
    which = (connection.c.workspace == workspace) & (connection.c.trouble != trouble)
    return tx.execute(connection.update().where(which).values(trouble=trouble)).rowcount > 0


# ---------------------------------------------------------------- connections that are being made


def ask(tx: Transaction, one: Connecting) -> None:
    """Keep what somebody wants to connect, in place of what was asked for before."""
    row = {"workspace": one.workspace, "secret": one.secret, "settings": dict(one.settings), "by": one.by}
    upsert(tx, connecting, [row | {"asked_at": one.asked_at}])


def asked(tx: Transaction, workspace: str) -> Connecting | None:
    """What is to be connected."""
    row = tx.execute(select(connecting).where(connecting.c.workspace == workspace)).one_or_none()
    return Connecting(row.workspace, row.secret, row.settings, row.by, row.asked_at) if row else None


def settle(tx: Transaction, one: Connecting) -> None:
    """It was tried; what was asked for since stays."""
    tx.execute(connecting.delete().where(connecting.c.workspace == one.workspace, connecting.c.asked_at == one.asked_at))


# ---------------------------------------------------------------- access rules


def confirm(tx: Transaction, workspace: str, one: Confirmation) -> None:
    """Record that somebody confirmed the access rule for a kind; a later confirmation replaces an earlier one."""
    upsert(tx, confirmation, [{"workspace": workspace, "kind": one.kind, "by": one.by, "at": one.at}])


def confirmations(tx: Transaction, workspace: str) -> tuple[Confirmation, ...]:
    """What was confirmed, by kind."""
    rows = tx.execute(select(confirmation).where(confirmation.c.workspace == workspace).order_by(confirmation.c.kind))
    return tuple(Confirmation(row.kind, row.by, row.at) for row in rows)
