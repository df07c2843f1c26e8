"""Limits as a caller keeps them: at most so many units in any so many seconds, for each key.

`acquire` returns when the units may be spent; `penalise` makes everybody wait who shares a key, because a platform said
so. A limiter is passed into a connector; in memory it is shared by threads, `sync.store.limiter` shares it among processes.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Time as connectors see it; an emulator's virtual clock is one, too."""

    def now(self) -> datetime:
        """The date and time in UTC."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back."""

    def sleep(self, seconds: float) -> None:
        """Return when *seconds* have passed on this clock."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The date and time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since the machine started."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Really wait."""
        if seconds > 0:
            time.sleep(seconds)


@dataclass(frozen=True)
class Window:
    """At most *units* in any *seconds*."""

    units: float
    seconds: float


Booked = Sequence[tuple[float, float]] | deque[tuple[float, float]]
"""Moments and units, the earliest first."""
Rule = Callable[[str], Sequence[Window]]
"""The windows that hold for a key. A key without any is not limited."""


class Limiter(Protocol):
    """What connectors ask before each call. Safe between threads."""

    def acquire(self, key: str, cost: float = 1.0) -> None:
        """Return when *cost* units may be spent for *key*. Raises ValueError when a window is smaller than *cost*."""

    def penalise(self, key: str, seconds: float) -> None:
        """Nobody gets units for *key* in the next *seconds*, those included who wait already."""


def always(*windows: Window) -> Rule:
    """The rule that holds *windows* for every key."""
    return lambda key: windows


def for_keys(rules: Iterable[tuple[str, Sequence[Window]]]) -> Rule:
    """The rule that holds the windows of the first prefix that a key begins with; a key without one is not limited."""
    known = tuple(rules)
    return lambda key: next((windows for prefix, windows in known if key.startswith(prefix)), ())


def refuse_what_never_fits(windows: Sequence[Window], cost: float) -> None:
    """Raises ValueError when *cost* is more than an empty window holds: who asks for it would wait for ever."""
    for window in windows:
        if cost > window.units:
            raise ValueError(f"{cost:g} units never fit into a window of {window.units:g} in {window.seconds:g} s")


def earliest(windows: Sequence[Window], booked: Booked, now: float, cost: float) -> float:
    """The first moment from *now* on at which *cost* more units fit into every window.

    *booked* are moments and units in the order of time, future ones included. Pure. Raises ValueError when
    *cost* fits into no empty window.
    """
    refuse_what_never_fits(windows, cost)
    moment = max(now, booked[-1][0]) if booked else now
    for window in windows:
        used = cost
        for at, units in reversed(booked):
            used += units
            if used > window.units:
                moment = max(moment, at + window.seconds)
                break
    return moment


class MemoryLimiter:
    """A limiter for the threads of one process. *rule* tells the windows of each key."""

    def __init__(self, rule: Rule, clock: Clock) -> None:
        self._rule, self._clock = rule, clock
        self._lock = threading.Lock()
        self._booked: defaultdict[str, deque[tuple[float, float]]] = defaultdict(deque)
        self._paused: dict[str, float] = {}

    def acquire(self, key: str, cost: float = 1.0) -> None:
        """See `Limiter.acquire`. Whoever came first is served first."""
        windows = self._rule(key)
        while True:  # until no pause was ordered while this call waited for its turn
            with self._lock:
                turn = self._book(key, windows, cost)
            self._clock.sleep(turn[0] - self._clock.monotonic())
            with self._lock:
                if self._paused.get(key, 0.0) <= self._clock.monotonic():
                    return
                if windows:
                    self._booked[key].remove(turn)

    def penalise(self, key: str, seconds: float) -> None:
        """See `Limiter.penalise`."""
        with self._lock:
            self._paused[key] = max(self._paused.get(key, 0.0), self._clock.monotonic() + seconds)

    def _book(self, key: str, windows: Sequence[Window], cost: float) -> tuple[float, float]:
        """The moment at which it is this caller's turn, booked. The caller holds the lock."""
        now = max(self._clock.monotonic(), self._paused.get(key, 0.0))
        if not windows:
            return now, cost
        booked = self._booked[key]
        oldest = self._clock.monotonic() - max(window.seconds for window in windows)
        while booked and booked[0][0] <= oldest:
            booked.popleft()
        turn = earliest(windows, booked, now, cost), cost
        booked.append(turn)
        return turn
