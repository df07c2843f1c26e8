"""A company in which everybody who may look at somebody exists once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from addon import create_app
from addon.company import Company
from addon.settings import load
from addon.setup.commands import found
from addon.signin.links import make_link
from addon.web.safety import limiter
from sync.feedback import Form, Request, State
from sync.records import CadenceRule, Cycle, Entry, EntryKind, Goal, Person, Reporting, Visibility
from sync.store.queries import cycles, feedback, ledger, people
from templates import loader

TODAY = date(2026, 3, 20)
NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
HANDOVER = date(2026, 2, 1)

TOP = Person("top00001", "Tess Moore", "tess@example.org", team="Board")
SKIP = Person("skip0001", "Sam Skip", "sam@example.org", team="Care", reporting=(Reporting(TOP.id),))
BOSS = Person("boss0001", "Bea Boss", "bea@example.org", team="Care", reporting=(Reporting(SKIP.id),))
FORMER = Person("form0001", "Finn Former", "finn@example.org", team="Sales", reporting=(Reporting(TOP.id),))
OTHER = Person("othr0001", "Olga Other", "olga@example.org", team="Sales", reporting=(Reporting(TOP.id),))
ADA = Person(
    "ada00001",
    "Ada Brandt",
    "ada@example.org",
    team="Care",
    role="Advisor",
    timezone="Europe/Berlin",
    reporting=(Reporting(FORMER.id, None, date(2026, 1, 31)), Reporting(BOSS.id, HANDOVER)),
)
PEER = Person("peer0001", "Pia Peer", "pia@example.org", team="Sales", reporting=(Reporting(OTHER.id),))
HR = Person("hr000001", "Hana Roth", "hana@example.org", team="People", access="hr", reporting=(Reporting(TOP.id),))
LEADER = Person("lead0001", "Lea Dern", "lea@example.org", team="Board", access="leadership", reporting=(Reporting(TOP.id),))
ADMIN = Person("adm00001", "Adam Min", "adam@example.org", access="admin", takes_part=False)
LEAVER = Person("left0001", "Leo Left", "leo@example.org", end=date(2026, 1, 15), reporting=(Reporting(BOSS.id),))

EVERYBODY = (TOP, SKIP, BOSS, FORMER, OTHER, ADA, PEER, HR, LEADER, LEAVER)
SHARED = "Cut the waiting time from 9 to 4 days <script>alert(1)</script>."
PRIVATE = "zqx-private-token about Ada."

CYCLE = Cycle(
    "2026-h1",
    "2026-h1",
    date(2026, 1, 1),
    date(2026, 6, 30),
    date(2026, 6, 10),
    date(2026, 1, 1),
    "standard",
    "1",
    (CadenceRule("company", "", "monthly", date(2026, 1, 1)),),
)


def an_entry(number: int, text: str, visibility: Visibility = Visibility.SHARED, by: Person = ADA) -> Entry:
    """Something about Ada from February."""
    day = date(2026, 2, number)
    return Entry(f"e{number}", ADA.id, by.id, EntryKind.WIN, text, visibility, day, NOW, "k", "wins", "Wins")


@dataclass
class Office:
    """The console of that company, and browsers to open it with."""

    company: Company
    app: Flask

    def browser(self, person: Person | None = None) -> Browser:
        """A browser; of *person*, signed in by a link."""
        browser = Browser(self.app.test_client())
        if person is not None:
            path = make_link(self.company, person).partition("/signin/")[2]
            answer = browser.post(f"/signin/{path}", {}, page=f"/signin/{path}")
            assert answer.status_code == 303, answer.get_data(as_text=True)
        return browser


@dataclass
class Browser:
    """A client that sends forms as a browser does: with the token of the page they stand on."""

    client: FlaskClient

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path)

    def text(self, path: str) -> str:
        """The source of a page that must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def post(self, path: str, form: dict[str, str], page: str = "/") -> TestResponse:
        """Send a form that stands on *page*."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).get_data(as_text=True))
        return self.client.post(path, data={**form, "csrf_token": token[1] if token else ""})


def open_office(home: Path, *, demo: bool = False, limited: bool = False, database: str = "") -> Office:
    """The company in *home*, on 20 March 2026; in a file there, or in *database*."""
    settings = replace(load(home, {}), today=TODAY)
    settings = replace(settings, database_url=database or settings.database_url)
    found(settings, "Acme", ADMIN)
    company = Company(settings)
    pack = loader.load(loader.built_in("standard"))
    with company.store.write() as tx:
        people.save(tx, EVERYBODY)
        cycles.create(tx, replace(CYCLE, pack_version=pack.version), pack.sources)
        ledger.append(
            tx,
            [
                an_entry(3, SHARED),
                an_entry(4, PRIVATE, Visibility.MANAGER_PRIVATE, BOSS),
                an_entry(5, "zqx-own-token: I thought of leaving.", Visibility.AUTHOR_PRIVATE),
            ],
        )
        ledger.save_goals(
            tx,
            [
                Goal(
                    "g1",
                    ADA.id,
                    CYCLE.id,
                    "2026-h1/ada00001/goal-sheet",
                    "1",
                    "Answer within 4 days",
                    1,
                    9,
                    4,
                    6,
                    "days",
                    updated=TODAY,
                )
            ],
        )
        feedback.add(tx, Request(CYCLE.id, PEER.id, ADA.id, Form.SIGNED, State.ASKED))
        if demo:
            people.set_setting(tx, "demo", "yes")
    app = create_app(company)
    app.config["TESTING"] = True
    limiter.enabled = limited
    return Office(company, app)
