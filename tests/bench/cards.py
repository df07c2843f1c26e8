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
from tests.bench import large
from tests.bench.large import CYCLE, HR, id_of
from tests.bench.table import Row
from tests.bench.visitors import Scale, at_95, managers, of_all, reports, with_drafts

SLOWEST = 0.300


@dataclass(frozen=True)
class Call:
    """One kind of call: who it is for, where, and what the event carries."""

    name: str
    who: Callable[[int], int]
    what: str
    event: Callable[[int], Mapping[str, Any]]


def cards(folder: Path, scale: Scale) -> Iterator[Row]:
    """Rows of every card."""
    company = large.build(folder, scale.people, with_drafts(scale))
    try:
        with company.store.write() as tx:
            people.set_setting(tx, "workspace", "google")
            tx.execute(models.artifact.update().values(workspace="google", ref=models.artifact.c.key))
        yield from _measured(company, scale)
    finally:
        company.close()


def calls(count: int) -> list[Call]:
    """Every situation, as many different people meet it."""
    anybody, manager, report = of_all(count), managers(count), reports(count)

    def file(whose: Callable[[int], int], kind: str) -> Callable[[int], Mapping[str, Any]]:
        return lambda turn: {"file": f"{CYCLE}/{id_of(whose(turn))}/{kind}"}

    def about(card: str) -> Callable[[int], Mapping[str, Any]]:
        return lambda turn: {"parameters": {"card": card, "about": id_of(report(turn))}}

    def both(turn: int) -> Mapping[str, Any]:
        return {"host": "CALENDAR", "guests": (_email(manager(turn)), _email(report(turn)))}

    return [
        Call("my day", anybody, "home", lambda _: {}),
        Call("a manager's day", manager, "home", lambda _: {}),
        Call("my check-in", anybody, "home", file(anybody, "check-in/2026-05-15")),
        Call("a report's check-in", manager, "home", file(report, "check-in/2026-05-15")),
        Call("a meeting of two", manager, "event", both),
        Call("goal sheet", manager, "home", file(report, "goal-sheet")),
        Call("completion", lambda _: HR, "show", lambda _: {"parameters": {"card": "company"}}),
        Call("review", manager, "show", about("review")),
        Call("drafting a review", manager, "draft", about("")),
        Call("quick note", anybody, "show", lambda _: {"parameters": {"card": "note"}}),
        Call("saving a note", anybody, "note", lambda turn: {"parameters": {"nonce": str(turn)}, "inputs": NOTE}),
    ]


NOTE = {"text": "Answered a hundred requests.", "readers": "shared"}


def _email(number: int) -> str:
    return f"p{number}@example.org"


def _measured(company: Company, scale: Scale) -> Iterator[Row]:
    limiter.enabled = False
    with key_server() as keys:
        google = Google(Office(company, create_app(company))).knows(keys)
        for call in calls(scale.people):
            times, most = [], 0
            for turn in range(scale.asked):
                number = call.who(turn)
                person = Person(id_of(number), "", _email(number))
                event = google.event(person, **{"host": "DOCS", **call.event(turn)})
                token = signed(system_claims(f"/addon/{call.what}"))
                with counted(company.store) as sent:
                    begun = time.process_time()
                    answer = google.send(f"/addon/{call.what}", event, token)
                    times.append(time.process_time() - begun)
                assert answer.status_code == 200, (call.name, answer.status_code)
                assert "is not there" not in answer.get_data(as_text=True), (call.name, turn)
                most = max(most, len(sent))
            note = (
                f"median {statistics.median(times) * 1000:.0f} ms, slowest {max(times) * 1000:.0f} ms, at most {most} queries"
            )
            what = f"work of the server for the card “{call.name}”, p95 of {scale.asked}"
            yield Row("cards", what, at_95(times), "s", SLOWEST, note)
