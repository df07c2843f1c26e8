"""Limits as a platform enforces them: so many units in so many seconds, for each caller."""

from __future__ import annotations

import math
import threading
from collections import defaultdict, deque
from typing import Protocol


class Window(Protocol):
    """A limit that counts what it lets through."""

    @property
    def reason(self) -> str:
        """The provider's name for this limit."""
        ...

    def take(self, key: str, now: float, cost: float = 1) -> int:
        """0 and *cost* is booked for *key*; else the whole seconds to wait, at least 1, and nothing is booked."""
        ...

    def clear(self) -> None:
        """Forget what was booked."""
        ...


class FixedWindow:
    """At most *limit* units in each window of *seconds*, which begins with the first call after the last one ended."""

    def __init__(self, limit: float, seconds: float, reason: str) -> None:
        self.limit, self.seconds, self.reason = limit, seconds, reason
        self._lock = threading.Lock()
        self._open: dict[str, tuple[float, float]] = {}

    def take(self, key: str, now: float, cost: float = 1) -> int:
        """Book, or say how long until the window ends."""
        with self._lock:
            began, used = self._open.get(key, (now, 0.0))
            if now >= began + self.seconds:
                began, used = now, 0.0
            if used + cost > self.limit:
                return max(1, math.ceil(began + self.seconds - now))
            self._open[key] = (began, used + cost)
            return 0

    def clear(self) -> None:
        """Every window is unused again."""
        with self._lock:
            self._open.clear()


class SlidingWindow:
    """At most *limit* units in any *seconds*."""

    def __init__(self, limit: float, seconds: float, reason: str) -> None:
        self.limit, self.seconds, self.reason = limit, seconds, reason
        self._lock = threading.Lock()
        self._booked: defaultdict[str, deque[tuple[float, float]]] = defaultdict(deque)
        self._used: defaultdict[str, float] = defaultdict(float)

    def take(self, key: str, now: float, cost: float = 1) -> int:
        """Book, or say how long until enough of what was booked has aged out."""
        with self._lock:
            booked = self._booked[key]
            while booked and booked[0][0] <= now - self.seconds:
                self._used[key] -= booked.popleft()[1]
            if self._used[key] + cost > self.limit:
                return self._wait(booked, self._used[key] + cost - self.limit, now)
            booked.append((now, cost))
            self._used[key] += cost
            return 0

    def _wait(self, booked: deque[tuple[float, float]], surplus: float, now: float) -> int:
        freed = 0.0
        for moment, units in booked:
            freed += units
            if freed >= surplus:
                return max(1, math.ceil(moment + self.seconds - now))
        return max(1, math.ceil(self.seconds))

    def clear(self) -> None:
        """Nothing is booked any more."""
        with self._lock:
            self._booked.clear()
            self._used.clear()
