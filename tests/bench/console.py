"""The console of a large company: how long the server works on each page, and how many questions it asks the database.

Work is the time of this process, the database in its file included: others on the same cores are not counted.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from addon import create_app
from addon.company import Company
from addon.settings import load
from addon.setup.commands import found
from addon.signin.sessions import LASTS
from addon.web.safety import limiter
from sync.records import CadenceRule, Cycle, Person, Reporting
from sync.store import models
from sync.store.queries import cycles, people, sessions
from templates import loader
from tests.addon.web.counting import MOST, counted
from tests.bench.table import Row

TODAY = date(2026, 5, 20)
START = date(2026, 1, 1)
NOW = datetime(2026, 5, 20, 9, tzinfo=UTC)
SPAN = 8
ENTRIES = 100
"""About each person, over two years."""
SLOWEST = 0.060
ASKED = 40
"""How often each page is asked for, each time by somebody else."""


def console(folder: Path, count: int, url: str = "") -> Iterator[Row]:
    """Rows of every page."""
    company = build(folder, count, url)
    try:
        yield from _measured(company, count)
    finally:
        company.close()


# ---------------------------------------------------------------- the company


def build(folder: Path, count: int, url: str = "") -> Company:
    """*count* people in teams of eight, with a hundred entries, nine documents and four goals each."""
    settings = load(folder / "console", {})
    settings = replace(settings, today=TODAY, database_url=url or settings.database_url)
    found(settings, "Large", Person("admin001", "Adam Min", "adam@example.org", access="admin", takes_part=False))
    company = Company(settings)
    pack = loader.load(loader.built_in("standard"))
    cycle = Cycle(
        "2026-h1", "2026-h1", START, date(2026, 6, 30), date(2026, 6, 10), START, "standard", pack.version,
        (CadenceRule("company", "", "monthly", START),),
    )  # fmt: skip
    with company.store.write() as tx:
        people.save(tx, _people(count))
        cycles.create(tx, cycle, pack.sources)
    for table, rows in (
        (models.artifact, _artifacts(count)),
        (models.goal, _goals(count)),
        (models.entry, _entries(count)),
        (models.goal_value, _values(count)),
        (models.audit, _trail(count)),
    ):
        while some := list(islice(rows, 20_000)):
            with company.store.write() as tx:
                tx.execute(table.insert(), some)
    return company


def _id(number: int) -> str:
    return f"p{number:07}"


def _people(count: int) -> list[Person]:
    """A tree: each manages the next eight; the second is HR, the third leads."""
    access = {1: "hr", 2: "leadership"}
    return [
        Person(
            _id(one), f"Person {one:05}", f"p{one}@example.org", team=f"Team {(one - 1) // SPAN:04}", role="Advisor",
            access=access.get(one, "none"), reporting=(Reporting(_id((one - 1) // SPAN)),) if one else (),
        )
        for one in range(count)
    ]  # fmt: skip


def _artifacts(count: int) -> Iterator[dict[str, Any]]:
    for one in range(count):
        due = [date(2026, month, 15) for month in range(1, 7)]
        kinds = [("goal-sheet", None), ("self-review", None), ("manager-review", None), *(("check-in", day) for day in due)]
        for kind, day in kinds:
            key = f"2026-h1/{_id(one)}/{kind}" + (f"/{day}" if day else "")
            yield {
                "key": key, "kind": kind, "cycle_id": "2026-h1", "person_id": _id(one),
                "other_id": _id((one - 1) // SPAN) if kind == "manager-review" else "", "due": day, "place": "working",
                "title": f"{kind} of {one}", "workspace": "folder", "ref": f"shared/Working/{one}/{kind} {day or ''}.docx",
                "version": "1", "state": "linked", "writers": [], "readers": [], "ground": b"",
            }  # fmt: skip


def _goals(count: int) -> Iterator[dict[str, Any]]:
    for one in range(count):
        for number in range(4):
            yield {
                "id": f"{_id(one)}-g{number}", "person_id": _id(one), "cycle_id": "2026-h1", "row_key": f"g{number}",
                "artifact_key": f"2026-h1/{_id(one)}/goal-sheet", "title": f"Goal {number}", "position": number, "start": 0.0,
                "target": 10.0, "now": float(number), "updated": TODAY - timedelta(days=number * 30), "extra": {},
            }  # fmt: skip


def _entries(count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(7)
    kinds = ("win", "note", "agenda", "goal-value", "recognition", "blocker")
    for one in range(count):
        for number in range(ENTRIES):
            kind = kinds[number % len(kinds)]
            yield {
                "id": f"e{one * ENTRIES + number}", "about": _id(one), "by": _id(one), "kind": kind,
                "text": f"Answered {chance.randrange(100)} requests of customers within four days, and said so to the team.",
                "visibility": "manager-private" if number % 11 == 10 else "shared",
                "happened_on": TODAY - timedelta(days=number * 7), "recorded_at": NOW,
                "artifact_key": f"2026-h1/{_id(one)}/check-in/2026-0{1 + number % 5}-15", "anchor": "wins", "place": "Wins",
                "supersedes": "", "withdrawn": False, "current": True,
            }  # fmt: skip


def _values(count: int) -> Iterator[dict[str, Any]]:
    for one in range(count):
        for number in range(3, ENTRIES, 6):
            day = TODAY - timedelta(days=number * 7)
            goal = f"{_id(one)}-g{number % 4}"
            yield {"entry_id": f"e{one * ENTRIES + number}", "goal_id": goal, "day": day, "value": number / 10}


def _trail(count: int) -> Iterator[dict[str, Any]]:
    for one in range(count * 10):
        yield {"at": NOW, "actor": _id(one % count), "action": "sign-in", "subject": _id(one % count), "detail": "provider"}


# ---------------------------------------------------------------- the pages


@dataclass(frozen=True)
class Page:
    """One page: who asks for it, and under which address."""

    name: str
    who: Callable[[int], int]
    path: Callable[[int], str]


def pages(count: int) -> Mapping[str, Page]:
    """Every page that is opened by an address, as many different people ask for it."""
    managers = max(1, (count - 2) // SPAN)
    anybody = lambda turn: (turn * 997 + 3) % count  # noqa: E731
    manager = lambda turn: (turn * 97) % managers  # noqa: E731
    report = lambda turn: _id((turn * 97) % managers * SPAN + 1)  # noqa: E731
    hr, leader = (lambda _: 1), (lambda _: 2)
    those = [
        Page("today", anybody, lambda _: "/"),
        Page("everything known about me", anybody, lambda _: "/me/known"),
        Page("my settings", anybody, lambda _: "/me/settings/"),
        Page("feedback", anybody, lambda _: "/feedback/"),
        Page("team", manager, lambda _: "/team/"),
        Page("a report", manager, lambda turn: f"/team/{report(turn)}"),
        Page("company", hr, lambda _: "/company/"),
        Page("leadership", leader, lambda _: "/leadership/"),
        Page("people", hr, lambda turn: f"/company/people/?page={1 + turn}"),
        Page("people, searched", hr, lambda turn: f"/company/people/?q=Person 0{turn}"),
        Page("a person", hr, lambda turn: f"/company/people/{_id(turn)}"),
        Page("cycles", hr, lambda _: "/company/cycles/"),
        Page("templates", hr, lambda _: "/company/templates/"),
        Page("a template", hr, lambda _: "/company/templates/cycle/2026-h1"),
        Page("plan", hr, lambda _: "/company/plan/"),
        Page("plan's progress", hr, lambda _: "/company/plan/progress"),
        Page("jobs", hr, lambda _: "/company/jobs/"),
        Page("access", hr, lambda _: "/company/access/"),
        Page("audit log", hr, lambda turn: f"/company/audit?before={count * 10 - turn * 100}"),
        Page("calendar feed", anybody, lambda turn: _calendar((turn * 997 + 3) % count)),
    ]
    return {page.name: page for page in those}


_calendars: dict[int, str] = {}


def _calendar(number: int) -> str:
    return _calendars[number]


def _measured(company: Company, count: int) -> Iterator[Row]:
    from addon.reminders.links import calendar_address

    app = create_app(company)
    limiter.enabled = False
    for one in range(count):
        _calendars[one] = calendar_address(company.settings, _id(one), 0).removeprefix(company.settings.public_url)
    clients: dict[int, Any] = {}

    def client(number: int) -> Any:
        if number not in clients:
            token = f"token-{number}"
            with company.store.write() as tx:
                sessions.begin(tx, token, _id(number), company.real_now, LASTS)
            clients[number] = app.test_client()
            clients[number].set_cookie("throughline", token)
        return clients[number]

    most = 0, ""
    for page in pages(count).values():
        times = []
        for turn in range(ASKED):
            browser = client(page.who(turn))
            with counted(company.store) as sent:
                begun = time.process_time()
                answer = browser.get(page.path(turn))
                times.append(time.process_time() - begun)
            assert answer.status_code == 200, (page.name, page.path(turn), answer.status_code)
            most = max(most, (len(sent), page.name)) if turn else most
        times.sort()
        p95 = times[int(len(times) * 0.95) - 1]
        note = f"median {statistics.median(times) * 1000:.0f} ms, slowest {times[-1] * 1000:.0f} ms, {len(sent)} queries"
        yield Row("console", f"work of the server for the page “{page.name}”, p95 of {ASKED}", p95, "s", SLOWEST, note)
    yield Row("console", f"most queries of one page ({most[1]})", most[0], "queries", MOST)
