"""Faults on request: which call goes wrong, and how.

A fault says what goes wrong (`Kind`), which calls it may meet (patterns of operation, method and path), and when: at the
n-th of those calls, or each with a probability that a seed makes repeatable, at most *count* times.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any

#: What can go wrong. The three that end in "_after_commit" do the work first and then spoil the answer.
KINDS = (
    "429",
    "500",
    "503",
    "529",
    "503_after_commit",
    "timeout",
    "timeout_after_commit",
    "reset",
    "reset_after_commit",
    "stale_reads",
)
#: Names that mean the same.
_ALIASES = {
    "rate_limited": "429",
    "service_overload": "529",
    "internal_server_error": "500",
    "service_unavailable": "503",
    "503-after-commit": "503_after_commit",
    "connection_reset": "reset",
    "stale-reads": "stale_reads",
}
#: How long a fault lasts, or says to wait, if it does not say.
_SECONDS = {"429": 1.0, "529": 1.0, "timeout": 60.0, "timeout_after_commit": 60.0, "stale_reads": 30.0}


class BadFault(Exception):
    """A fault that cannot be understood: a sentence that names the key."""


@dataclass(frozen=True)
class Fault:
    """One order to go wrong.

    *seconds* is the ``Retry-After`` of a 429 or 529, how long a timeout keeps the caller waiting, or how old
    `stale_reads` are. *reason* is the provider's word for the limit of a 429. *every* is a probability between 0 and 1;
    *at* counts the calls that match, from 1. *count* is how often it may strike; 0 is without end.
    """

    kind: str
    operation: str = "*"
    method: str = "*"
    path: str = "*"
    probability: float = 1.0
    seed: int = 0
    at: int = 0
    count: int = 0
    seconds: float = 0.0
    reason: str = ""

    @property
    def after_commit(self) -> bool:
        """Whether the work is done before the answer is spoiled."""
        return self.kind.endswith("_after_commit")

    @property
    def drops(self) -> bool:
        """Whether the caller gets no answer at all."""
        return self.kind.startswith(("timeout", "reset"))


def parse_fault(order: Mapping[str, Any]) -> Fault:
    """The fault that *order*, from JSON, describes. *n* or *nth* may stand for *at*. Raises `BadFault`."""
    known = {**order}
    for alias in ("n", "nth"):
        if alias in known:
            known["at"] = known.pop(alias)
    kind = str(known.pop("kind", ""))
    kind = _ALIASES.get(kind, kind)
    if kind not in KINDS:
        raise BadFault(f"kind: {kind or 'nothing'!r} is no fault. Known are {', '.join(KINDS)}.")
    unknown = set(known) - set(Fault.__dataclass_fields__)
    if unknown:
        raise BadFault(f"{min(unknown)}: a fault has no such key. Known are {', '.join(Fault.__dataclass_fields__)}.")
    return _typed(kind, known)


def _typed(kind: str, order: Mapping[str, Any]) -> Fault:
    """Numbers as numbers; a fault at the n-th call strikes once unless it says how often."""
    try:
        at = int(order.get("at", 0))
        fault = Fault(
            kind=kind,
            operation=str(order.get("operation", "*")),
            method=str(order.get("method", "*")).upper(),
            path=str(order.get("path", "*")),
            probability=float(order.get("probability", 1.0)),
            seed=int(order.get("seed", 0)),
            at=at,
            count=int(order.get("count", 1 if at else 0)),
            seconds=float(order.get("seconds", _SECONDS.get(kind, 0.0))),
            reason=str(order.get("reason", "")),
        )
    except (TypeError, ValueError) as error:
        raise BadFault(f"A number of the fault cannot be read: {error}.") from error
    if not 0 <= fault.probability <= 1:
        raise BadFault(f"probability: {fault.probability} is not between 0 and 1.")
    return fault


class _Armed:
    """A fault with how often it was met and how often it struck."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.met = 0
        self.struck = 0
        self._random = random.Random(fault.seed)  # noqa: S311 - repeatable on purpose

    def strikes(self) -> bool:
        """Count one call that matches, and say whether this one goes wrong."""
        self.met += 1
        fault = self.fault
        if fault.count and self.struck >= fault.count:
            return False
        chosen = self.met >= fault.at if fault.at else self._random.random() < fault.probability
        self.struck += chosen
        return chosen

    def matches(self, operation: str, method: str, path: str) -> bool:
        """Whether the fault may meet such a call."""
        fault = self.fault
        return fnmatchcase(operation, fault.operation) and fnmatchcase(method, fault.method) and fnmatchcase(path, fault.path)


class Faults:
    """The faults that are armed. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[_Armed] = []

    def arm(self, fault: Fault) -> None:
        """From now on, *fault* may strike."""
        with self._lock:
            self._armed.append(_Armed(fault))

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self._armed.clear()

    def strike(self, operation: str, method: str, path: str) -> Fault | None:
        """The first armed fault that strikes this call, or None. `stale_reads` never strikes: see `staleness`."""
        with self._lock:
            for armed in self._armed:
                if armed.fault.kind != "stale_reads" and armed.matches(operation, method, path) and armed.strikes():
                    return armed.fault
        return None

    def staleness(self, operation: str, method: str, path: str) -> float:
        """How many seconds old the answer to this read is to be."""
        with self._lock:
            ages = [
                armed.fault.seconds
                for armed in self._armed
                if armed.fault.kind == "stale_reads" and armed.matches(operation, method, path) and armed.strikes()
            ]
        return max(ages, default=0.0)

    @property
    def can_be_stale(self) -> bool:
        """Whether a provider must remember what things were like a while ago."""
        return any(armed.fault.kind == "stale_reads" for armed in self._armed)

    def shown(self) -> list[dict[str, Any]]:
        """For JSON: each fault, how many calls it met and how many it struck."""
        with self._lock:
            return [asdict(armed.fault) | {"met": armed.met, "struck": armed.struck} for armed in self._armed]
