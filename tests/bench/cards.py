"""The sidebar of a large company: how long the server works on each card, from the bytes of the call to those of the answer.

Every call is checked as in earnest: two signed tokens each. Work is the time of this process, its database included.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from addon import create_app
from addon.company import Company
from addon.web.safety import limiter
from sync.records import Person
from sync.store import models
from sync.store.queries import people
from tests.addon.cards.google import Google, key_server, signed, system_claims
from tests.addon.web.counting import counted
from tests.addon.web.people import Office
from tests.bench import console
from tests.bench.table import Row

SLOWEST = 0.300
ASKED = 40
"""How often each card is asked for, each time by somebody else."""


@dataclass(frozen=True)
class Call:
    """One kind of call: who it is for, where, and what the event carries."""

    name: str
    who: Callable[[int], int]
    what: str
    event: Callable[[int], Mapping[str, Any]]


def cards(folder: Path, count: int) -> Iterator[Row]:
    """Rows of every card, at *count* people."""
    company = console.build(folder, count)
    try:
        with company.store.write() as tx:
            people.set_setting(tx, "workspace", "google")
            tx.execute(models.artifact.update().values(workspace="google", ref=models.artifact.c.key))
        yield from _measured(company, count)
    finally:
        company.close()


def calls(count: int) -> list[Call]:
    """Every situation, as many different people meet it."""
    managers = max(1, (count - 2) // console.SPAN)
    anybody = lambda turn: (turn * 997 + 3) % count  # noqa: E731
    manager = lambda turn: (turn * 97) % managers  # noqa: E731
    report = lambda turn: console._id((turn * 97) % managers * console.SPAN + 1)  # noqa: E731
    own = lambda turn: console._id(anybody(turn))  # noqa: E731
    file = lambda whose, kind: lambda turn: {"file": f"2026-h1/{whose(turn)}/{kind}"}  # noqa: E731
    shown = lambda card: lambda turn: {"parameters": {"card": card, "about": report(turn)}}  # noqa: E731
    review = lambda turn: {"parameters": {"about": report(turn)}}  # noqa: E731
    both = lambda turn: {"host": "CALENDAR", "guests": tuple(_email(one) for one in (manager(turn), _number(report(turn))))}  # noqa: E731
    return [
        Call("my day", anybody, "home", lambda _: {}),
        Call("a manager's day", manager, "home", lambda _: {}),
        Call("my check-in", anybody, "home", file(own, "check-in/2026-05-15")),
        Call("a report's check-in", manager, "home", file(report, "check-in/2026-05-15")),
        Call("a meeting of two", manager, "event", both),
        Call("goal sheet", manager, "home", file(report, "goal-sheet")),
        Call("completion", lambda _: 1, "show", lambda _: {"parameters": {"card": "company"}}),
        Call("drafting a review", manager, "draft", review),
        Call("review", manager, "show", shown("review")),
        Call("quick note", anybody, "show", lambda _: {"parameters": {"card": "note"}}),
        Call("saving a note", anybody, "note", lambda turn: {"parameters": {"nonce": str(turn)}, "inputs": NOTE}),
    ]


NOTE = {"text": "Answered a hundred requests.", "readers": "shared"}


def _email(number: int) -> str:
    return f"p{number}@example.org"


def _number(person_id: str) -> int:
    return int(person_id[1:])


def _measured(company: Company, count: int) -> Iterator[Row]:
    limiter.enabled = False
    with key_server() as keys:
        google = Google(Office(company, create_app(company))).knows(keys)
        for call in calls(count):
            times = []
            for turn in range(ASKED if count > 1000 else 2):
                number = call.who(turn)
                person = Person(console._id(number), "", _email(number))
                event = google.event(person, **{"host": "DOCS", **call.event(turn)})
                token = signed(system_claims(f"/addon/{call.what}"))
                with counted(company.store) as sent:
                    begun = time.process_time()
                    answer = google.send(f"/addon/{call.what}", event, token)
                    times.append(time.process_time() - begun)
                assert answer.status_code == 200, (call.name, answer.status_code)
                assert "is not there" not in answer.get_data(as_text=True), (call.name, turn)
            times.sort()
            note = f"median {statistics.median(times) * 1000:.0f} ms, slowest {times[-1] * 1000:.0f} ms, {len(sent)} queries"
            p95 = times[max(0, int(len(times) * 0.95) - 1)]
            yield Row("cards", f"work of the server for the card “{call.name}”, p95 of {ASKED}", p95, "s", SLOWEST, note)
