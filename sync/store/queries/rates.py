"""How often something was done lately, for limits that hold for all processes together. Nobody waits here; see `..limiter`."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, select

from sync.store.models import quota_use

_OURS = "counted/"
LONGEST = 3600.0
"""How long what was counted is kept, in seconds: no window is longer."""


def count(tx: Connection, key: str, seconds: float, now: float) -> tuple[float, int]:
    """How many units of *key* were counted in the last *seconds*, behind the moment of the first: *now* where there is none."""
    q = quota_use.c
    query = select(func.min(q.at), func.sum(q.units)).where(q.key == _OURS + key, q.at > now - seconds)
    first, units = tx.execute(query).one()
    return (now if first is None else first), round(units or 0)


def count_up(tx: Connection, key: str, most: int, seconds: float, now: float, units: int = 1) -> bool:
    """Count *units* of *key*; False, and nothing is counted, when that would be more than *most* in the last *seconds*."""
    q = quota_use.c
    after_ours = _OURS.replace("/", "0")  # the sign after the slash
    tx.execute(delete(quota_use).where(q.key >= _OURS, q.key < after_ours, q.at <= now - LONGEST))
    if count(tx, key, seconds, now)[1] + units > most:
        return False
    tx.execute(quota_use.insert().values(key=_OURS + key, at=now, units=units))
    return True
