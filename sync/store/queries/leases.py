"""Leases: one writer of a workspace at a time, whoever it is. An expired one may be taken over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from sync.store.models import lease
from sync.store.queries.upsert import upsert


class LeaseHeld(Exception):
    """Somebody else is writing to this workspace."""


class LeaseLost(Exception):
    """The lease ran out and somebody else took it: stop writing."""


def acquire(tx: Connection, name: str, holder: str, now: datetime, minutes: int = 10) -> None:
    """Take or renew the lease *name* for *holder*. Raises LeaseHeld with who holds it and until when."""
    row = tx.execute(select(lease).where(lease.c.name == name).with_for_update()).one_or_none()
    if row is not None and row.holder != holder and row.until > now:
        raise LeaseHeld(
            f"the {name} workspace is being written by {row.holder} until {row.until:%Y-%m-%d %H:%M} UTC at the latest; "
            "wait for it to end and run this again"
        )
    upsert(tx, lease, [{"name": name, "holder": holder, "until": now + timedelta(minutes=minutes)}])


def renew(tx: Connection, name: str, holder: str, now: datetime, minutes: int = 10) -> None:
    """Prolong a lease that *holder* still has. Raises LeaseLost."""
    done = tx.execute(
        lease.update().where(lease.c.name == name, lease.c.holder == holder).values(until=now + timedelta(minutes=minutes))
    )
    if done.rowcount == 0:
        raise LeaseLost(f"{holder} no longer holds the {name} workspace; what was written so far is recorded, run this again")


def give_back(tx: Connection, name: str, holder: str) -> None:
    """End the lease, if *holder* still has it."""
    tx.execute(lease.delete().where(lease.c.name == name, lease.c.holder == holder))


def holders(tx: Connection) -> tuple[str, ...]:
    """Who holds a lease, expired or not."""
    return tuple(tx.execute(select(lease.c.holder).distinct()).scalars())


def free(tx: Connection, holder: str) -> None:
    """End the leases of a holder that is known to be gone: nobody has to wait for a process that was killed."""
    tx.execute(lease.delete().where(lease.c.holder == holder))
