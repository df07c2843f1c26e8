"""What Flask-Limiter counts lies in the company's database: a limit holds for all web processes together and after a restart.

Whom a count is about cannot be read from it: the keys are hashed with the installation's own.
"""

from __future__ import annotations

import hashlib
import hmac
import time

from flask import current_app
from limits.storage import MovingWindowSupport, Storage

from addon.web.seat import company
from sync.store import StoreError
from sync.store.queries.rates import count, count_up

SCHEME = "throughline"
KEY = "THROUGHLINE_RATES_KEY"
"""The app's setting with what the keys are hashed with."""


class StoreRates(Storage, MovingWindowSupport):
    """The counts of the app whose request this is."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 - as the library looks for it

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a database that cannot be used raises."""
        return StoreError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Whether *amount* more of *key* were counted. Who has had enough writes nothing and makes nobody wait."""
        store, hashed, now = company().store, _hashed(key), time.time()
        with store.read() as tx:
            if count(tx, hashed, expiry, now)[1] + amount > limit:
                return False
        with store.write() as tx:
            return count_up(tx, hashed, limit, expiry, now, amount)

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Since when, and how many."""
        with company().store.read() as tx:
            return count(tx, _hashed(key), expiry, time.time())

    def check(self) -> bool:
        """Whether there is anything to count in."""
        return True

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """For windows that do not move; there are none here, nor for the next two."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """See `incr`."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """See `incr`."""
        raise NotImplementedError

    def clear(self, key: str) -> None:
        """Nobody is let off: what was counted passes with its window."""
        raise NotImplementedError

    def reset(self) -> int | None:
        """See `clear`."""
        raise NotImplementedError


def _hashed(key: str) -> str:
    return hmac.new(current_app.config[KEY], key.encode(), hashlib.sha256).hexdigest()
