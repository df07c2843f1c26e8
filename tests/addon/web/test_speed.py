"""How many questions a page asks the database: twelve at most, and none for each row it shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sync.records import Person, Reporting
from sync.store.queries import ledger, people, reviews
from tests.addon.web.access_table import RULES
from tests.addon.web.counting import MOST, counted
from tests.addon.web.people import ADA, BOSS, HR, LEADER, NOW, Office, an_entry, open_office
from tests.postgres import Postgres

WHO = (ADA, BOSS, HR, LEADER)


def asked(office: Office) -> dict[tuple[str, str], int]:
    """How many statements each page sends to each viewer, once what is kept between pages is there."""
    found = {}
    for viewer in WHO:
        browser = office.browser(viewer)
        for rule in RULES:
            path = rule.path.format(person=ADA.id)
            if rule.method == "GET" and browser.get(path).status_code == 200:
                with counted(office.company.store) as sent:
                    browser.get(path)
                found[viewer.name, path] = len(sent)
    return found


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], int]:
    """What the pages of a small company ask, in a file."""
    office = open_office(tmp_path_factory.mktemp("usual") / "home")
    found = asked(office)
    office.company.close()
    return found


def test_no_page_asks_more_than_twelve_questions(usual: dict[tuple[str, str], int]) -> None:
    """Whoever looks."""
    assert {page: count for page, count in usual.items() if count > MOST} == {}


def test_no_page_asks_a_question_for_each_row(office: Office, usual: dict[tuple[str, str], int]) -> None:
    """With thirty times as many people, notes, leave and lines of the log, each page asks as many."""
    more = [
        Person(f"more{n:04}", f"More {n}", f"more{n}@example.org", team=f"T{n % 7}", reporting=(Reporting(BOSS.id),))
        for n in range(30)
    ]
    with office.company.store.write() as tx:
        people.save(tx, more)
        ledger.append(tx, [replace(an_entry(9, f"Note {n}"), id=f"n{n}") for n in range(300)])
        for n in range(300):
            reviews.note(tx, NOW, BOSS.id, "sign-in", BOSS.id, str(n))
    assert asked(office) == usual


@pytest.mark.postgres
def test_every_page_is_there_on_postgresql_and_asks_as_much(
    usual: dict[tuple[str, str], int], server: Postgres, tmp_path: Path
) -> None:
    """The same pages for the same people, none of them broken."""
    office = open_office(tmp_path / "home", database=server.fresh())
    assert asked(office) == usual
    office.company.close()
