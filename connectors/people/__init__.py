"""Where a company's people come from. Every source yields the same `PersonRow`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PersonRow:
    """One person as a source lists them. E-mail addresses are lower case; "" and None mean a blank."""

    line: int
    """Where it stands in the source: the physical line of a file, from 1."""
    name: str
    email: str
    id: str = ""
    manager_email: str = ""
    team: str = ""
    role: str = ""
    location: str = ""
    work_mode: str = ""
    """office, hybrid, remote or ""."""
    start: date | None = None
    end: date | None = None
    """The last day."""
    timezone: str = ""
    """An IANA name such as ``Europe/Berlin``, or ""."""
    access: str = ""
    """none, hr, leadership, admin or ""."""
    given: frozenset[str] = frozenset()
    """The fields that the source has at all. About the others it says nothing, so that they stay as they are."""


def reporting_loops(manager_of: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Every circle of reporting lines, given who reports to whom.

    A circle begins with its smallest member and follows the lines upward; circles are sorted. Somebody who manages
    themself is a circle of one.
    """
    done: set[str] = set()
    loops = []
    for first in manager_of:
        path: dict[str, int] = {}
        here = first
        while here in manager_of and here not in done and here not in path:
            path[here] = len(path)
            here = manager_of[here]
        if here in path:
            loops.append(_from_smallest(tuple(path)[path[here] :]))
        done.update(path)
    return tuple(sorted(loops))


def _from_smallest(loop: tuple[str, ...]) -> tuple[str, ...]:
    at = loop.index(min(loop))
    return loop[at:] + loop[:at]
