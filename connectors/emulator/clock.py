"""One clock for limiters, windows, latency and back-off: the real one, or one on which an hour takes no time.

Whoever waits in this product asks a `Clock`. A bench gives the same `VirtualClock` to the connector's limiter and to
the emulator, so that what passes is virtual time only.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Protocol

#: Where virtual time begins unless told otherwise.
EPOCH = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock(Protocol):
    """Time as the product sees it."""

    def now(self) -> datetime:
        """The date and time in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return when *seconds* have passed on this clock."""
        ...


class RealClock:
    """The machine's clock, which `advance` can put forward, so that a test need not wait for a minute to end."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> datetime:
        """The date and time in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def monotonic(self) -> float:
        """Seconds since the machine started, and what it was put forward."""
        return time.monotonic() + self._ahead

    def sleep(self, seconds: float) -> None:
        """Really wait."""
        if seconds > 0:
            time.sleep(seconds)

    def advance(self, seconds: float) -> None:
        """Put the clock forward."""
        self._ahead += max(seconds, 0.0)


class VirtualClock:
    """Time that passes only while everybody who takes part sleeps: then it jumps to the next who wakes.

    A single thread needs nothing more. Where several threads work at once, each of them works inside `taking_part`
    (and waits for nothing but this clock there); whoever only waits for them, such as the main thread, does not.
    """

    def __init__(self, start: datetime = EPOCH) -> None:
        self._start = start
        self._elapsed = 0.0
        self._parties = 0
        self._wakes: list[tuple[float, int, threading.Lock]] = []
        self._numbers = count()
        self._changed = threading.Lock()

    def now(self) -> datetime:
        """The virtual date and time in UTC."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Virtual seconds since the start."""
        return self._elapsed

    def sleep(self, seconds: float) -> None:
        """Return when virtual time has come that far."""
        if seconds <= 0:
            return
        asleep = threading.Lock()
        asleep.acquire()
        with self._changed:
            heappush(self._wakes, (self._elapsed + seconds, next(self._numbers), asleep))
            self._jump()
        asleep.acquire()

    def advance(self, seconds: float) -> None:
        """Put the clock forward, as if somebody had slept so long while nobody else worked."""
        with self._changed:
            self._reach(self._elapsed + max(seconds, 0.0))

    @contextmanager
    def taking_part(self, parties: int = 1) -> Iterator[None]:
        """Time waits for *parties* threads: for this one, or for as many as the caller is about to start."""
        with self._changed:
            self._parties += parties
        try:
            yield
        finally:
            with self._changed:
                self._parties -= parties
                self._jump()

    def _jump(self) -> None:
        """Go to the next wake if everybody who takes part sleeps. The caller holds the lock."""
        if self._wakes and len(self._wakes) >= self._parties:
            self._reach(self._wakes[0][0])

    def _reach(self, moment: float) -> None:
        self._elapsed = max(self._elapsed, moment)
        while self._wakes and self._wakes[0][0] <= self._elapsed:
            heappop(self._wakes)[2].release()  # wakes this one alone
