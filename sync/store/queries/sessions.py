"""Who is signed in, and the links that sign somebody in once. Tokens are kept as hashes: a stolen database opens nothing."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from sync.store.models import session, signin_link

#: A session that nobody used for this long has ended.
IDLE = timedelta(hours=12)
#: How exactly the last use is kept: a page is a reading, not a writing.
SEEN_EVERY = timedelta(minutes=10)


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(tx: Connection, token: str, person_id: str, now: datetime, lasts: timedelta) -> None:
    """Start a session of *person_id* under *token*; those that have ended are cleared away."""
    tx.execute(session.delete().where((session.c.until <= now) | (session.c.seen_at <= now - IDLE)))
    row = {"token_hash": digest(token), "person_id": person_id, "made_at": now, "seen_at": now, "until": now + lasts}
    tx.execute(session.insert(), [row])


def count(tx: Connection, person_id: str, now: datetime) -> int:
    """How many sessions of *person_id* have not ended."""
    s = session.c
    query = select(func.count()).select_from(session)
    return tx.execute(query.where(s.person_id == person_id, s.until > now, s.seen_at > now - IDLE)).scalar_one()


def whose(tx: Connection, token: str, now: datetime) -> tuple[str, bool] | None:
    """The person of the session *token* and whether its last use should be noted; None when it is unknown or has ended."""
    row = tx.execute(select(session).where(session.c.token_hash == digest(token))).one_or_none()
    if row is None or row.until <= now or row.seen_at <= now - IDLE:
        return None
    return row.person_id, row.seen_at <= now - SEEN_EVERY


def seen(tx: Connection, token: str, now: datetime) -> None:
    """Note that the session is in use."""
    tx.execute(session.update().where(session.c.token_hash == digest(token)).values(seen_at=now))


def end(tx: Connection, token: str) -> None:
    """End one session."""
    tx.execute(session.delete().where(session.c.token_hash == digest(token)))


def end_all(tx: Connection, person_id: str) -> int:
    """End every session of *person_id* and every link that was not used yet; returns how many sessions ended."""
    tx.execute(signin_link.delete().where(signin_link.c.person_id == person_id))
    return tx.execute(session.delete().where(session.c.person_id == person_id)).rowcount


def add_link(tx: Connection, token: str, person_id: str, until: datetime) -> None:
    """Keep a link that signs *person_id* in once, before *until*."""
    tx.execute(signin_link.insert(), [{"token_hash": digest(token), "person_id": person_id, "until": until}])


def link_of(tx: Connection, token: str, now: datetime) -> str | None:
    """Whom the link *token* would sign in; None when it is unknown, used or expired."""
    row = tx.execute(select(signin_link).where(signin_link.c.token_hash == digest(token))).one_or_none()
    return None if row is None or row.until <= now else row.person_id


def use_link(tx: Connection, token: str, now: datetime) -> str | None:
    """Take the link *token*: the person it signs in, once. None when it is unknown, used or expired."""
    person_id = link_of(tx, token, now)
    tx.execute(signin_link.delete().where((signin_link.c.token_hash == digest(token)) | (signin_link.c.until <= now)))
    return person_id
