"""A large company in its store: teams of eight, two years of notes, documents, goals, drafts, a plan to approve."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from addon.company import Company
from addon.drift import kept
from addon.settings import Settings, load
from addon.setup.commands import found
from connectors.workspace import Document, Grants, Home, Part
from sync.jobs import Job, State
from sync.provision.plan import Create, Plan, to_json
from sync.provision.wanted import Wanted
from sync.pull.serial import to_json as content_json
from sync.records import CadenceRule, Cycle, Finding, Person, Reporting
from sync.review import service
from sync.store import models
from sync.store.queries import cycles, ledger, people
from sync.store.queries.packing import packed
from templates import loader
from templates.shapes import Kind, Place

TODAY = date(2026, 6, 12)
"""Reviews are being written, and HR reads them."""
START, REVIEW = date(2026, 1, 1), date(2026, 6, 10)
NOW = datetime(2026, 6, 12, 9, tzinfo=UTC)
CYCLE = "2026-h1"
SPAN = 8
ENTRIES = 100
"""About each person, over two years."""
ADMIN = Person("admin001", "Adam Min", "adam@example.org", access="admin", takes_part=False)
HR, LEADER = 2, 3
"""By number."""
FINDINGS, JOBS = 400, 300
AT_ONCE = 20_000


def id_of(number: int) -> str:
    """The id of a person by number."""
    return f"p{number:07}"


def manager_of(number: int) -> int:
    """A tree: each manages the next eight."""
    return (number - 1) // SPAN


def settings_of(folder: Path, url: str = "") -> Settings:
    """Of the company in *folder*; of the database *url* in place of the file there."""
    settings = load(folder, {})
    return replace(settings, today=TODAY, database_url=url or settings.database_url)


def build(folder: Path, count: int, drafted: Sequence[int], url: str = "") -> Company:
    """*count* people, with a hundred entries, nine documents, four goals and two drafts each; the last of them left.

    The drafts of those who are *drafted* are made from their entries; everybody else's are copies of one of them.
    """
    settings = settings_of(folder, url)
    found(settings, "Large", ADMIN)
    company = Company(settings)
    pack = loader.load(loader.built_in("standard"))
    rules = (CadenceRule("company", "", "monthly", START),)
    cycle = Cycle(CYCLE, CYCLE, START, date(2026, 6, 30), REVIEW, START, "standard", pack.version, rules)
    with company.store.write() as tx:
        people.save(tx, _people(count))
        cycles.create(tx, cycle, pack.sources)
    for table, rows in (
        (models.artifact, _artifacts(count)),
        (models.goal, _goals(count)),
        (models.entry, _entries(count)),
        (models.goal_value, _values(count)),
        (models.audit, _trail(count)),
        (models.feedback_request, _requests(count)),
        (models.job, _jobs()),
    ):
        _insert(company, table, rows)
    _draft(company, count, drafted)
    _release(company, count)
    planned = _plan(count)
    with company.store.write() as tx:
        cycles.save_plan(tx, planned.hash, CYCLE, NOW, to_json(planned))
        some = [Finding(f"shared/Working/{one}/Notes.docx", "copy", "It is a copy.") for one in range(FINDINGS)]
        ledger.replace_findings(tx, "folder", (), some, NOW)
        kept.keep(tx, "folder", [replace(one, kind=kept.OPEN) for one in some], NOW)
    return company


def _insert(company: Company, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    while some := list(islice(rows, AT_ONCE)):
        with company.store.write() as tx:
            tx.execute(table.insert(), some)


def _people(count: int) -> list[Person]:
    access = {HR: "hr", LEADER: "leadership"}
    return [
        Person(
            id_of(one), f"Person {one:05}", f"p{one}@example.org", team=f"Team {manager_of(one):04}", role="Advisor",
            access=access.get(one, "none"), end=date(2026, 3, 31) if one == count - 1 else None,
            reporting=(Reporting(id_of(manager_of(one))),) if one else (),
        )
        for one in range(count)
    ]  # fmt: skip


def _artifacts(count: int) -> Iterator[dict[str, Any]]:
    ground = packed(content_json(Document(())))
    for one in range(count):
        due = [date(2026, month, 15) for month in range(1, 7)]
        kinds = [("goal-sheet", None), ("self-review", None), ("manager-review", None), *(("check-in", day) for day in due)]
        for kind, day in kinds:
            key = f"{CYCLE}/{id_of(one)}/{kind}" + (f"/{day}" if day else "")
            yield {
                "key": key, "kind": kind, "cycle_id": CYCLE, "person_id": id_of(one),
                "other_id": id_of(manager_of(one)) if kind == "manager-review" else "", "due": day, "place": "working",
                "title": f"{kind} of {one}", "workspace": "folder", "ref": f"shared/Working/{one}/{kind} {day or ''}.docx",
                "version": "1", "state": "linked", "writers": [], "readers": [], "ground": ground,
            }  # fmt: skip


def _goals(count: int) -> Iterator[dict[str, Any]]:
    for one in range(count):
        for number in range(4):
            yield {
                "id": f"{id_of(one)}-g{number}", "person_id": id_of(one), "cycle_id": CYCLE, "row_key": f"g{number}",
                "artifact_key": f"{CYCLE}/{id_of(one)}/goal-sheet", "title": f"Goal {number}", "position": number, "start": 0.0,
                "target": 10.0, "now": float(number), "updated": TODAY - timedelta(days=number * 30), "extra": {},
            }  # fmt: skip


def _entries(count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(7)
    kinds = ("win", "note", "agenda", "goal-value", "recognition", "blocker")
    for one in range(count):
        for number in range(ENTRIES):
            private = number % 11 == 10
            yield {
                "id": f"e{one * ENTRIES + number}", "about": id_of(one), "by": id_of(manager_of(one) if private else one),
                "kind": kinds[number % len(kinds)],
                "text": f"Answered {chance.randrange(100)} requests of customers within four days, and said so to the team.",
                "visibility": "manager-private" if private else "shared",
                "happened_on": TODAY - timedelta(days=number * 7), "recorded_at": NOW,
                "artifact_key": f"{CYCLE}/{id_of(one)}/check-in/2026-0{1 + number % 5}-15", "anchor": "wins", "place": "Wins",
                "supersedes": "", "withdrawn": False, "current": True,
            }  # fmt: skip


def _values(count: int) -> Iterator[dict[str, Any]]:
    for one in range(count):
        for number in range(3, ENTRIES, 6):
            day = TODAY - timedelta(days=number * 7)
            goal = f"{id_of(one)}-g{number % 4}"
            yield {"entry_id": f"e{one * ENTRIES + number}", "goal_id": goal, "day": day, "value": number / 10}


def _trail(count: int) -> Iterator[dict[str, Any]]:
    for one in range(count * 10):
        yield {"at": NOW, "actor": id_of(one % count), "action": "sign-in", "subject": id_of(one % count), "detail": "provider"}


def _requests(count: int) -> Iterator[dict[str, Any]]:
    """Everybody is asked about the next three."""
    for one in range(count):
        for next_ in range(1, 4):
            pair = {"giver_id": id_of(one), "person_id": id_of((one + next_) % count)}
            yield {"cycle_id": CYCLE, **pair, "form": "signed", "state": "asked"}


def _jobs() -> Iterator[dict[str, Any]]:
    for number in range(JOBS):
        at = NOW - timedelta(minutes=15 * number)
        yield {
            "id": f"job{number}", "name": tuple(Job)[number % len(Job)].value, "state": State.DONE.value, "asked_at": at,
            "begun_at": at, "ended_at": at, "counts": {"read": number},
        }  # fmt: skip


def _draft(company: Company, count: int, drafted: Sequence[int]) -> None:
    desk = service.open_desk(company.store, CYCLE)
    pairs = [(id_of(one), id_of(writer)) for one in dict.fromkeys(drafted) if one for writer in (manager_of(one), one)]
    for made in service.make_drafts(desk, pairs, now=NOW, today=TODAY):
        assert not isinstance(made, service.Undrafted), made
    with company.store.read() as tx:
        of_one = models.draft.c.person_id == id_of(drafted[-1])
        row = dict(tx.execute(select(models.draft).where(of_one).limit(1)).one()._mapping)
    rest = sorted(set(range(1, count)) - set(drafted))
    others = ((one, writer) for one in rest for writer in (manager_of(one), one))
    rows = (
        {**row, "id": f"d{one}-{writer}", "person_id": id_of(one), "writer_id": id_of(writer), "reader_id": id_of(one)}
        for one, writer in others
    )
    _insert(company, models.draft, rows)


def released(count: int) -> range:
    """The numbers of those to whom a review was released: the last of each team."""
    return range(SPAN, count - 1, SPAN)


def _release(company: Company, count: int) -> None:
    text = Document(
        tuple(Part(section, section.title(), (f"What stands in {section}.",) * 8) for section in ("outcomes", "growth"))
    )
    ground = packed(content_json(text))
    papers, acts = [], []
    for one in released(count):
        key = f"{CYCLE}/{id_of(one)}/{Kind.RELEASED_REVIEW.value}"
        papers.append({
            "key": key, "kind": Kind.RELEASED_REVIEW.value, "cycle_id": CYCLE, "person_id": id_of(one),
            "other_id": id_of(manager_of(one)), "due": None, "place": Place.REVIEWS.value, "title": f"Review of {one}",
            "workspace": "folder", "ref": f"shared/Reviews/{one}/Review.docx", "version": "1", "state": "linked",
            "writers": [], "readers": [], "ground": ground,
        })  # fmt: skip
        acts.append({
            "cycle_id": CYCLE, "person_id": id_of(one), "draft_id": f"d{one}", "by": id_of(manager_of(one)), "at": NOW,
            "artifact_key": key, "text_hash": "h",
        })  # fmt: skip
    _insert(company, models.artifact, iter(papers))
    _insert(company, models.release, iter(acts))


def _plan(count: int) -> Plan:
    """Six documents for everybody, as before the first approval."""
    kinds = (Kind.GOAL_SHEET, Kind.CHECK_IN, Kind.QUICK_NOTES, Kind.SELF_REVIEW, Kind.MANAGER_NOTES, Kind.MANAGER_REVIEW)
    steps = []
    for one in range(1, count):
        person, manager = id_of(one), id_of(manager_of(one))
        for kind in kinds:
            key, title = f"{CYCLE}/{person}/{kind.value}", f"{kind.value.title()} of Person {one:05}"
            home = Home(Place.WORKING, person, f"Person {one:05}", ())
            grants = Grants((f"p{one}@example.org",), ())
            wanted = Wanted(key, kind, title, home, grants, person, manager, None, False, "takes part in the cycle")
            steps.append(Create(key, title, wanted.reason, wanted))
    return Plan("folder", tuple(steps))
