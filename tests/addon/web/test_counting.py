"""However much is known, a page asks the database a dozen questions at the most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from connectors.workspace import Document
from sync.decisions import Decision, DecisionKind
from sync.pull.serial import to_json
from sync.records import Artifact, Entry, EntryKind, Goal, GoalValue, Person, Release, Reporting, Visibility
from sync.store.queries import artifacts, ledger, people, reviews
from templates.shapes import Kind, Place
from tests.addon.web.counting import MOST, counted
from tests.addon.web.people import ADA, BOSS, CYCLE, HR, NOW, Office, open_office

REVIEW_TIME = date(2026, 6, 12)
KINDS = (EntryKind.WIN, EntryKind.GROWTH, EntryKind.BLOCKER, EntryKind.NOTE, EntryKind.ACTION)
PAGES = (
    (ADA, "/"),
    (ADA, "/me/known"),
    (ADA, "/me/review/"),
    (BOSS, "/"),
    (BOSS, "/team/"),
    (BOSS, "/team/ada00001"),
    (BOSS, "/reviews/ada00001"),
    (HR, "/reviews/"),
    (HR, "/reviews/ada00001"),
)


def some_notes(count: int) -> list[Entry]:
    """So many notes about Ada over half a year, each third one edited twice, each tenth for her manager alone."""
    found = []
    for number in range(count):
        day = CYCLE.start + timedelta(days=number * 160 // count)
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        private = number % 10 == 0
        by, visibility = (BOSS, Visibility.MANAGER_PRIVATE) if private else (ADA, Visibility.SHARED)
        for edit in range(3 if number % 3 == 0 else 1):
            text = (
                f"She should answer sooner, case {number}, version {edit}." if private else f"Finished piece {number}.{edit}."
            )
            former = f"n{number}v{edit - 1}" if edit else ""
            kind = KINDS[number % len(KINDS)]
            key = f"k{number % 30}"
            found.append(Entry(f"n{number}v{edit}", ADA.id, by.id, kind, text, visibility, day, at, key, "wins", "Wins",
                               supersedes=former))  # fmt: skip
    return found


def grown(home: Path, notes: int, reports: int, *, released: bool) -> Office:
    """The company at the time of the review, with that much known about Ada and so many more people in her team."""
    office = open_office(home)
    more = [
        Person(f"more{number:04}", f"More {number}", f"more{number}@example.org", reporting=(Reporting(BOSS.id),))
        for number in range(reports)
    ]
    with office.company.store.write() as tx:
        people.save(tx, more)
        ledger.append(tx, some_notes(notes))
        for one in more:
            ledger.append(tx, [replace(entry, id=f"{one.id[-4:]}{entry.id}", about=one.id) for entry in some_notes(1)])
        goals = [
            Goal(f"x{n}", ADA.id, CYCLE.id, "s", str(n), f"Goal {n}", n, 0, 9, 3, updated=REVIEW_TIME)
            for n in range(notes // 20)
        ]
        ledger.save_goals(tx, goals)
        reviews.decide(tx, [Decision(CYCLE.id, ADA.id, BOSS.id, DecisionKind.SETTLED, "n0v2", NOW)])
        reviews.decide(tx, [Decision(CYCLE.id, ADA.id, BOSS.id, DecisionKind.LINK, "e4", NOW, "e3")])
        if released:
            key = f"{CYCLE.id}/{ADA.id}/released-review"
            paper = Artifact(key, Kind.RELEASED_REVIEW, CYCLE.id, ADA.id, BOSS.id, None, Place.REVIEWS, "Review", "r", "1")
            artifacts.record(tx, "folder", [(paper, to_json(Document(())))])
            reviews.save_release(tx, Release(CYCLE.id, ADA.id, "d", BOSS.id, NOW, key, "h"))
            reviews.acknowledge(tx, key, ADA.id, NOW, "Thank you.")
        ledger.add_goal_values(tx, [GoalValue(one.id, CYCLE.start, 1.0, f"v{one.id}") for one in goals])
    office.company.settings = replace(office.company.settings, today=REVIEW_TIME)
    office.browser(BOSS).post("/reviews/ada00001/draft", {}, page="/reviews/ada00001")
    office.browser(ADA).post("/me/review/draft", {}, page="/me/review/")
    return office


@pytest.mark.parametrize(("notes", "reports"), [(1, 0), (400, 12)])
def test_a_page_asks_a_dozen_questions_at_the_most(tmp_path: Path, notes: int, reports: int) -> None:
    """With one note or four hundred, alone or with twelve colleagues."""
    office = grown(tmp_path / "home", notes, reports, released=False)
    assert too_many(office, PAGES) == {}
    office.company.close()


def test_a_released_review_asks_no_more(tmp_path: Path) -> None:
    """With what its reader said to it."""
    office = grown(tmp_path / "home", 40, 3, released=True)
    more = ((ADA, "/me/review/released"), (BOSS, "/reviews/ada00001/released"), (HR, "/reviews/ada00001/released"))
    assert too_many(office, (*(one for one in PAGES if one != (HR, "/reviews/ada00001")), *more)) == {}
    office.company.close()


def too_many(office: Office, pages: Iterable[tuple[Person, str]]) -> dict[tuple[str, str], list[str]]:
    """What the pages sent that send too much."""
    found = {}
    for person, path in pages:
        browser = office.browser(person)
        browser.text(path)
        with counted(office.company.store) as sent:
            browser.text(path)
        if len(sent) > MOST:
            found[person.name, path] = sent
    return found
