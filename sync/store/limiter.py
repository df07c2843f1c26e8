"""The limiter of `connectors.limiter`, kept in the database: processes that share an account share its quota."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, select

from connectors.limiter import Clock, Rule, Window, refuse_what_never_fits
from sync.store.database import Store
from sync.store.models import quota_pause, quota_use
from sync.store.queries.upsert import upsert

SECONDS_TO_HEAR_OF_A_PAUSE = 0.1
"""How long a key without windows may not know of a pause that another process was told."""


class StoreLimiter:
    """A limiter for every process with the same database. *rule* tells the windows of each key.

    Moments are seconds since 1970 on *clock*: processes on several machines need clocks that agree.
    """

    def __init__(self, store: Store, rule: Rule, clock: Clock) -> None:
        self._store, self._rule, self._clock = store, rule, clock
        self._heard: dict[str, tuple[float, float]] = {}
        """Of keys without windows: when this process looked for a pause, and until when it lasts."""

    def acquire(self, key: str, cost: float = 1.0) -> None:
        """See `connectors.limiter.Limiter.acquire`. Whoever came first is served first. Raises StoreError."""
        windows = self._rule(key)
        if not windows:
            self._wait_for_pause(key)
            return
        refuse_what_never_fits(windows, cost)
        while True:
            with self._store.write() as tx:
                booking, turn = self._book(tx, key, windows, cost)
            wait = turn - self._now()
            if wait <= 0:  # a pause ordered meanwhile would have come too late for this call anyhow
                return
            self._clock.sleep(wait)
            if self._pause(key) <= self._now():
                return
            with self._store.write() as tx:
                tx.execute(delete(quota_use).where(quota_use.c.id == booking))

    def penalise(self, key: str, seconds: float) -> None:
        """See `connectors.limiter.Limiter.penalise`. Raises StoreError."""
        with self._store.write() as tx:
            until = max(_paused(tx, key), self._now() + seconds)
            upsert(tx, quota_pause, [{"key": key, "until": until}])
        self._heard[key] = self._now(), until

    def used(self, key: str, seconds: float) -> float:
        """How many units of *key* were booked for the last *seconds*, or are still to come. Raises StoreError."""
        wanted = select(func.sum(quota_use.c.units)).where(quota_use.c.key == key, quota_use.c.at > self._now() - seconds)
        with self._store.read() as tx:
            return float(tx.execute(wanted).scalar_one() or 0.0)

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _wait_for_pause(self, key: str) -> None:
        while (until := self._heard_pause(key)) > self._now():
            self._clock.sleep(until - self._now())

    def _heard_pause(self, key: str) -> float:
        """The pause of a key, asked of the database now and then only: nothing but pauses holds such a key back."""
        looked, until = self._heard.get(key, (0.0, 0.0))
        if not looked <= self._now() < looked + SECONDS_TO_HEAR_OF_A_PAUSE:
            looked, until = self._now(), self._pause(key)
            self._heard[key] = looked, until
        return until

    def _pause(self, key: str) -> float:
        """Until when everybody waits, without holding anything."""
        with self._store.read() as tx:
            return _paused(tx, key)

    def _book(self, tx: Connection, key: str, windows: Sequence[Window], cost: float) -> tuple[int, float]:
        """The booking's number and the moment at which it is this caller's turn."""
        now = max(_paused(tx, key), self._now())
        oldest = self._now() - max(window.seconds for window in windows)
        tx.execute(delete(quota_use).where(quota_use.c.key == key, quota_use.c.at <= oldest))
        turn = _earliest(tx, key, windows, now, cost)
        made = quota_use.insert().values(key=key, at=turn, units=cost).returning(quota_use.c.id)
        return int(tx.execute(made).scalar_one()), turn


def _paused(tx: Connection, key: str) -> float:
    """Until when everybody waits."""
    return float(tx.execute(select(quota_pause.c.until).where(quota_pause.c.key == key)).scalar_one_or_none() or 0.0)


def _earliest(tx: Connection, key: str, windows: Sequence[Window], now: float, cost: float) -> float:
    """`connectors.limiter.earliest`, worked out by the database: at full speed a window holds thousands of bookings."""
    mine = quota_use.c.key == key
    used, last = tx.execute(select(func.sum(quota_use.c.units), func.max(quota_use.c.at)).where(mine)).one()
    turn = max(now, last or now)
    for window in windows:
        if (used or 0.0) + cost > window.units:
            since = func.sum(quota_use.c.units).over(order_by=(quota_use.c.at.desc(), quota_use.c.id.desc()))
            booked = select(quota_use.c.at, since.label("since")).where(mine).subquery()
            full = select(func.max(booked.c.at)).where(booked.c.since + cost > window.units)
            turn = max(turn, float(tx.execute(full).scalar_one()) + window.seconds)
    return turn
