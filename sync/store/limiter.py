"""The limiter of `connectors.limiter`, kept in the database: processes that share an account share its quota."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, select

from connectors.limiter import Clock, Rule, Window, earliest
from sync.store.database import Store
from sync.store.models import quota_pause, quota_use
from sync.store.queries.upsert import insert_or_ignore


class StoreLimiter:
    """A limiter for every process with the same database. *rule* tells the windows of each key.

    Moments are seconds since 1970 on *clock*: processes on several machines need clocks that agree.
    """

    def __init__(self, store: Store, rule: Rule, clock: Clock) -> None:
        self._store, self._rule, self._clock = store, rule, clock

    def acquire(self, key: str, cost: float = 1.0) -> None:
        """See `connectors.limiter.Limiter.acquire`. Whoever came first is served first. Raises StoreError."""
        windows = self._rule(key)
        if not windows:
            self._wait_for_pause(key)
            return
        while True:
            with self._store.write() as tx:
                booking, turn = self._book(tx, key, windows, cost)
            self._clock.sleep(turn - self._now())
            if self._pause(key) <= self._now():
                return
            with self._store.write() as tx:
                tx.execute(delete(quota_use).where(quota_use.c.id == booking))

    def penalise(self, key: str, seconds: float) -> None:
        """See `connectors.limiter.Limiter.penalise`. Raises StoreError."""
        with self._store.write() as tx:
            until = max(_paused(tx, key), self._now() + seconds)
            tx.execute(quota_pause.update().where(quota_pause.c.key == key).values(until=until))

    def used(self, key: str, seconds: float) -> float:
        """How many units of *key* were booked for the last *seconds*, or are still to come. Raises StoreError."""
        wanted = select(func.sum(quota_use.c.units)).where(quota_use.c.key == key, quota_use.c.at > self._now() - seconds)
        with self._store.read() as tx:
            return float(tx.execute(wanted).scalar_one() or 0.0)

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _wait_for_pause(self, key: str) -> None:
        while (until := self._pause(key)) > self._now():
            self._clock.sleep(until - self._now())

    def _pause(self, key: str) -> float:
        """Until when everybody waits, without holding anything."""
        with self._store.read() as tx:
            until = tx.execute(select(quota_pause.c.until).where(quota_pause.c.key == key)).scalar_one_or_none()
        return until or 0.0

    def _book(self, tx: Connection, key: str, windows: Sequence[Window], cost: float) -> tuple[int, float]:
        """The booking's number and the moment at which it is this caller's turn."""
        now = max(_paused(tx, key), self._now())
        oldest = self._now() - max(window.seconds for window in windows)
        tx.execute(delete(quota_use).where(quota_use.c.key == key, quota_use.c.at <= oldest))
        rows = select(quota_use.c.at, quota_use.c.units).where(quota_use.c.key == key).order_by(quota_use.c.at)
        turn = earliest(windows, [(row.at, row.units) for row in tx.execute(rows)], now, cost)
        made = quota_use.insert().values(key=key, at=turn, units=cost).returning(quota_use.c.id)
        return int(tx.execute(made).scalar_one()), turn


def _paused(tx: Connection, key: str) -> float:
    """Until when everybody waits. The row is held until the transaction ends: one booking of a key at a time."""
    insert_or_ignore(tx, quota_pause, [{"key": key, "until": 0.0}])
    held = select(quota_pause.c.until).where(quota_pause.c.key == key).with_for_update()
    return float(tx.execute(held).scalar_one())
