"""Change notices that an emulator sends to an address: queued, attempted, repeated with growing pauses, recorded."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from connectors.emulator.clock import Clock

#: Sends one notice: address, headers, body to the status that came back. Raises `OSError` if nobody answered.
Send = Callable[[str, Mapping[str, str], bytes], int]
#: What a notice is at its n-th attempt, from 1: headers and body.
Build = Callable[[int], tuple[Mapping[str, str], bytes]]

#: Seconds between the attempts if the provider does not say.
PAUSES = (1.0, 10.0, 60.0)


@dataclass(frozen=True)
class Notice:
    """One thing to tell *url*. *pauses* are the seconds before the second, third ... attempt; *due* is on the clock.

    *repeated* are the answers after which it is attempted again, None for all but success; silence is always followed up.
    """

    url: str
    build: Build
    name: str = ""
    pauses: Sequence[float] = PAUSES
    due: float = 0.0
    attempt: int = 1
    repeated: Collection[int] | None = None

    def again(self, status: int) -> bool:
        """Whether an answer with *status*, 0 for none, calls for another attempt."""
        if 200 <= status < 300 or self.attempt > len(self.pauses):
            return False
        return status == 0 or self.repeated is None or status in self.repeated


@dataclass(frozen=True)
class Attempt:
    """What came of one attempt. *status* is 0 and *problem* says why if nobody answered."""

    at: datetime
    url: str
    name: str
    attempt: int
    status: int
    problem: str = ""
    body: str = field(default="", repr=False)


def post(url: str, headers: Mapping[str, str], body: bytes) -> int:
    """Really send it."""
    if not url.startswith(("http://", "https://")):
        raise OSError(f"{url} is no http address")
    order = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(order, timeout=10) as answer:  # noqa: S310 - checked above
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


class Deliveries:
    """A queue of notices on one clock.

    `run_due` attempts what is due, in the order in which it fell due; a server calls it from a thread (`start`), a test
    or bench whenever it likes. An answer below 300 ends a notice, and so does one after which the notice is not to be
    repeated; anything else is attempted again while pauses are left.
    """

    def __init__(self, clock: Clock, send: Send = post) -> None:
        self.send = send
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: list[Notice] = []
        self._attempts: list[Attempt] = []
        self._wake = threading.Event()
        self._ended = False
        self._thread: threading.Thread | None = None

    def add(self, notice: Notice, delay: float = 0.0) -> None:
        """Attempt *notice* once *delay* seconds have passed on the clock."""
        with self._lock:
            self._waiting.append(_due(notice, self._clock.monotonic() + delay, notice.attempt))
        self._wake.set()

    def run_due(self) -> int:
        """Attempt everything that is due now; how many attempts that were."""
        with self._lock:
            now = self._clock.monotonic()
            due = sorted((notice for notice in self._waiting if notice.due <= now), key=lambda notice: notice.due)
            self._waiting = [notice for notice in self._waiting if notice.due > now]
        for notice in due:
            self._attempt(notice)
        return len(due)

    def waiting(self) -> int:
        """How many notices are not delivered yet."""
        with self._lock:
            return len(self._waiting)

    def clear(self) -> None:
        """Forget what waits and what was attempted."""
        with self._lock:
            self._waiting.clear()
            self._attempts.clear()

    def shown(self) -> list[dict[str, Any]]:
        """Every attempt, for JSON."""
        with self._lock:
            return [asdict(attempt) | {"at": attempt.at.isoformat()} for attempt in self._attempts]

    def start(self) -> None:
        """Deliver from a thread of its own until `stop`."""
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="deliveries", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End that thread."""
        self._ended = True
        self._wake.set()
        if self._thread:
            self._thread.join(timeout=15)

    def _run(self) -> None:
        while not self._ended:
            self._wake.wait(timeout=0.05 if self.waiting() else 1.0)
            self._wake.clear()
            self.run_due()

    def _attempt(self, notice: Notice) -> None:
        headers, body = notice.build(notice.attempt)
        status, problem = 0, ""
        try:
            status = self.send(notice.url, headers, body)
        except OSError as error:
            problem = f"{notice.url} cannot be reached: {error}."
        attempt = Attempt(self._clock.now(), notice.url, notice.name, notice.attempt, status, problem, body.decode())
        with self._lock:
            self._attempts.append(attempt)
            if notice.again(status):
                pause = notice.pauses[notice.attempt - 1]
                self._waiting.append(_due(notice, self._clock.monotonic() + pause, notice.attempt + 1))


def _due(notice: Notice, due: float, attempt: int) -> Notice:
    return replace(notice, due=due, attempt=attempt)
