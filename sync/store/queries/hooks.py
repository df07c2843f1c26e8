"""What platforms tell by themselves: which notices were heard, the secrets that prove them, and Drive's channels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection as Transaction
from sqlalchemy import Row, func, select

from sync.store.models import channel, delivery, hook_secret
from sync.store.queries.upsert import insert_or_ignore, upsert

REMEMBERED = timedelta(hours=48)
"""How long a notice is known again: Notion repeats one for a day."""
MOST_REMEMBERED = 100_000
NOTION, BUTTON = "notion", "notion-button"


@dataclass(frozen=True)
class Secret:
    """A secret of *hook*, sealed. *trusted* is whether it proves a notice already."""

    id: str
    hook: str
    secret: bytes
    trusted: bool
    made_at: datetime


@dataclass(frozen=True)
class Channel:
    """A channel of Drive: its sealed token, the *resource* that Drive named ("" until it has), and how long it lives."""

    id: str
    secret: bytes
    resource: str
    made_at: datetime
    until: datetime
    heard_at: datetime | None = None


# ---------------------------------------------------------------- deliveries


def is_new(tx: Transaction, delivery_id: str, now: datetime) -> bool:
    """Remember a notice; False when it was heard before."""
    if tx.execute(select(delivery.c.id).where(delivery.c.id == delivery_id)).one_or_none() is not None:
        return False
    insert_or_ignore(tx, delivery, [{"id": delivery_id, "heard_at": now}])
    return True


def last_heard(tx: Transaction) -> datetime | None:
    """When the last notice came in."""
    return tx.execute(select(delivery.c.heard_at).order_by(delivery.c.heard_at.desc()).limit(1)).scalar_one_or_none()


def forget_deliveries(tx: Transaction, now: datetime) -> int:
    """Forget notices that nobody repeats any more, and the oldest of too many; how many."""
    oldest = select(delivery.c.heard_at).order_by(delivery.c.heard_at.desc()).offset(MOST_REMEMBERED).limit(1)
    before = max(now - REMEMBERED, tx.execute(oldest).scalar_one_or_none() or now - REMEMBERED)
    return tx.execute(delivery.delete().where(delivery.c.heard_at <= before)).rowcount


# ---------------------------------------------------------------- secrets


def secrets_of(tx: Transaction, *those: str) -> tuple[Secret, ...]:
    """Every secret of *those* hooks, the newest first."""
    rows = tx.execute(select(hook_secret).where(hook_secret.c.hook.in_(those)).order_by(hook_secret.c.made_at.desc()))
    return tuple(Secret(*row) for row in rows)


def keep_secret(tx: Transaction, one: Secret) -> None:
    """Keep a secret."""
    row = {"id": one.id, "hook": one.hook, "secret": one.secret, "trusted": one.trusted, "made_at": one.made_at}
    upsert(tx, hook_secret, [row])


def trust(tx: Transaction, secret_id: str) -> bool:
    """From now on this secret proves notices; False when there is none of that id."""
    return tx.execute(hook_secret.update().where(hook_secret.c.id == secret_id).values(trusted=True)).rowcount > 0


def forget_secret(tx: Transaction, secret_id: str) -> None:
    """This secret proves nothing any more."""
    tx.execute(hook_secret.delete().where(hook_secret.c.id == secret_id))


def waiting_secrets(tx: Transaction, hook: str) -> int:
    """How many secrets of *hook* nobody has trusted yet."""
    query = select(func.count()).where(hook_secret.c.hook == hook, ~hook_secret.c.trusted)
    return int(tx.execute(query).scalar_one())


# ---------------------------------------------------------------- channels


def channels(tx: Transaction) -> tuple[Channel, ...]:
    """Every channel, the one that lives longest first."""
    return tuple(_channel(row) for row in tx.execute(select(channel).order_by(channel.c.until.desc(), channel.c.id)))


def channel_of(tx: Transaction, channel_id: str) -> Channel | None:
    """The channel of that id."""
    row = tx.execute(select(channel).where(channel.c.id == channel_id)).one_or_none()
    return _channel(row) if row else None


def keep_channel(tx: Transaction, one: Channel) -> None:
    """Keep a channel as it is now; when it was heard stays."""
    row = {"id": one.id, "secret": one.secret, "resource": one.resource, "made_at": one.made_at, "until": one.until}
    upsert(tx, channel, [row])


def hear(tx: Transaction, channel_id: str, now: datetime) -> None:
    """Something came in on this channel."""
    tx.execute(channel.update().where(channel.c.id == channel_id).values(heard_at=now))


def forget_channel(tx: Transaction, channel_id: str) -> None:
    """The channel is closed."""
    tx.execute(channel.delete().where(channel.c.id == channel_id))


def _channel(row: Row[tuple[object, ...]]) -> Channel:
    return Channel(row.id, row.secret, row.resource, row.made_at, row.until, row.heard_at)
