"""What an emulator was asked and what it answered: the record from which budgets of calls are counted."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

#: How many calls are kept one by one; the counts go on beyond that.
KEPT = 200_000


@dataclass(frozen=True)
class Call:
    """One request. *operation* is the provider's name for it, *fault* what was injected, *note* why it failed."""

    number: int
    at: datetime
    operation: str
    method: str
    path: str
    status: int
    caller: str = ""
    request_id: str = ""
    fault: str = ""
    note: str = ""

    def shown(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"at": self.at.isoformat()}


class CallLog:
    """Every call in order, and how often each operation and status came. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self._operations: Counter[str] = Counter()
        self._statuses: Counter[int] = Counter()

    def add(self, call: Call) -> None:
        """Record *call*."""
        with self._lock:
            self._calls.append(call)
            self._operations[call.operation] += 1
            self._statuses[call.status] += 1

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._calls.clear()
            self._operations.clear()
            self._statuses.clear()

    @property
    def total(self) -> int:
        """How many calls came since the last `clear`."""
        return sum(self._operations.values())

    def counts(self) -> dict[str, int]:
        """How often each operation was called, whatever the answer."""
        with self._lock:
            return dict(sorted(self._operations.items()))

    def statuses(self) -> dict[str, int]:
        """How often each HTTP status was answered; 0 is a connection that was dropped."""
        with self._lock:
            return {str(status): count for status, count in sorted(self._statuses.items())}

    def matching(self, wanted: Mapping[str, str], limit: int | None = None) -> list[Call]:
        """The last *limit* calls whose fields match *wanted*: ``operation`` and ``path`` are patterns such as ``pages.*``.

        Other keys: ``method``, ``status`` (``4xx`` too), ``fault`` (``any`` means some fault), ``since`` (a call number).
        """
        with self._lock:
            calls = list(self._calls)
        found = [call for call in calls if _matches(call, wanted)]
        return found if limit is None else found[-limit:] if limit else []


def _matches(call: Call, wanted: Mapping[str, str]) -> bool:
    """Whether every filter of *wanted* that this log knows holds for *call*."""
    status = wanted.get("status", "")
    fault = wanted.get("fault", "")
    return (
        fnmatchcase(call.operation, wanted.get("operation", "*"))
        and fnmatchcase(call.path, wanted.get("path", "*"))
        and call.method == wanted.get("method", call.method).upper()
        and (not status or str(call.status) == status or (status.endswith("xx") and str(call.status)[:1] == status[:1]))
        and (not fault or call.fault == fault or (fault == "any" and bool(call.fault)))
        and call.number > int(wanted.get("since", "0"))
    )
