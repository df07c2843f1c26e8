"""Which account of the identity provider is whom: bound at the first sign-in, the account's subject decides from then on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from sync.store.models import account


@dataclass(frozen=True)
class Account:
    """An account at an identity provider. *subject* is what the provider never gives to anybody else."""

    issuer: str
    subject: str
    bound_at: datetime


def whose(tx: Connection, issuer: str, subject: str) -> str:
    """The id of the person whose account that is; "" while it is nobody's."""
    a = account.c
    query = select(a.person_id).where(a.issuer == issuer, a.subject == subject)
    return tx.execute(query).scalar_one_or_none() or ""


def of_person(tx: Connection, person_id: str) -> tuple[Account, ...]:
    """The accounts of a person: one with each provider that the company had."""
    rows = tx.execute(select(account).where(account.c.person_id == person_id).order_by(account.c.bound_at))
    return tuple(Account(row.issuer, row.subject, row.bound_at) for row in rows)


def bind(tx: Connection, issuer: str, subject: str, person_id: str, now: datetime) -> bool:
    """Let the account be that person's from now on; False when the person has another one with this provider."""
    if any(one.issuer == issuer for one in of_person(tx, person_id)):
        return False
    tx.execute(account.insert(), [{"issuer": issuer, "subject": subject, "person_id": person_id, "bound_at": now}])
    return True


def unbind(tx: Connection, person_id: str) -> int:
    """Let no account be theirs: the next one that comes with their address is bound. Returns how many there were."""
    return tx.execute(delete(account).where(account.c.person_id == person_id)).rowcount
