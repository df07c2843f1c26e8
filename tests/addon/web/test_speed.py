"""How many questions a page asks the database: twelve at most, and none for each row it shows."""

from __future__ import annotations

from dataclasses import replace

from sync.records import Person, Reporting
from sync.store.queries import ledger, people, reviews
from tests.addon.web.access_table import RULES
from tests.addon.web.counting import MOST, counted
from tests.addon.web.people import ADA, BOSS, HR, LEADER, NOW, Office, an_entry

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


def test_no_page_asks_more_than_twelve_questions(office: Office) -> None:
    """Whoever looks."""
    assert {page: count for page, count in asked(office).items() if count > MOST} == {}


def test_no_page_asks_a_question_for_each_row(office: Office) -> None:
    """With thirty times as many people, notes, leave and lines of the log, each page asks as many as before."""
    before = asked(office)
    more = [
        Person(f"more{n:04}", f"More {n}", f"more{n}@example.org", team=f"T{n % 7}", reporting=(Reporting(BOSS.id),))
        for n in range(30)
    ]
    with office.company.store.write() as tx:
        people.save(tx, more)
        ledger.append(tx, [replace(an_entry(9, f"Note {n}"), id=f"n{n}") for n in range(300)])
        for n in range(300):
            reviews.note(tx, NOW, BOSS.id, "sign-in", BOSS.id, str(n))
    assert asked(office) == before
