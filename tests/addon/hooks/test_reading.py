"""From a notice to what is known: the emulated Notion tells, one sync reads, and nothing is read twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from addon import create_app
from addon.company import Company
from addon.connections.sealing import sealed
from addon.hooks.heeding import EXPECTED
from addon.jobs.work import doings
from addon.settings import load
from connectors.notion.emulator.seed import ROOT_PAGE
from connectors.notion.webhooks import SIGNATURE, signed
from sync.jobs import Job, Record, State
from sync.records import Artifact, ArtifactState
from sync.store.queries import artifacts, hooks, jobs, ledger, people
from templates.shapes import Kind
from tests.connectors.notion.house import TOKEN, House, house
from tests.journeys.desk import Desk, founded
from tests.journeys.served import wait_for

PEOPLE = {f"{name}@example.org": name.title() for name in ("greta", "ben", "ada", "noor", "tom", "ida")}
SECRET = "secret_of_the_subscription"


@dataclass
class Office:
    """A company that works in Notion, its console, and what waits there."""

    desk: Desk
    notion: House
    company: Company
    app: Any

    def check_ins(self) -> list[Artifact]:
        """Every check-in that stands."""
        with self.company.store.read() as tx:
            return [one for one in artifacts.all_artifacts(tx, "notion") if one.kind is Kind.CHECK_IN]

    def waiting(self) -> list[Record]:
        """Syncs that were asked for and not done."""
        with self.company.store.read() as tx:
            return [one for one in jobs.unfinished(tx) if one.name is Job.SYNC]

    def work(self) -> None:
        """Do what waits, as a worker does."""
        for one in self.waiting():
            counts = doings(self.company)[one.name](one.argument)
            with self.company.store.write() as tx:
                jobs.end(tx, one.id, State.DONE, counts, "", self.company.real_now)

    def told(self, url: str, headers: Any, body: bytes) -> int:
        """What the console answers to a notice of the emulator."""
        return int(self.app.test_client().post("/hooks/notion", data=body, headers=dict(headers)).status_code)

    def bodies(self) -> dict[str, int]:
        """How often we read the body of each page since that was last counted."""
        calls = self.notion.emulator.calls.matching({"method": "GET", "path": "*/markdown"})
        self.notion.emulator.calls.clear()
        return dict(Counter(call.path for call in calls))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Provisioned, read once, and subscribed."""
    with house(PEOPLE) as notion:
        desk = founded(tmp_path_factory.mktemp("hooks") / "home")
        desk.today = "2026-02-02"
        token = desk.csv("token.txt", TOKEN)
        link = f"https://www.notion.so/{ROOT_PAGE.replace('-', '')}"
        desk.ok("connect", "notion", "--token-file", token, "--parent", link, "--plan", "off", "--api", notion.url)
        desk.provision()
        desk.ok("sync")
        company = Company(load(desk.home, {"THROUGHLINE_TODAY": desk.today}))
        with company.store.write() as tx:
            hooks.keep_secret(tx, hooks.Secret("s", hooks.NOTION, sealed(company.settings, SECRET), True, company.real_now))
        yield Office(desk, notion, company, create_app(company))
        company.close()


def test_what_somebody_typed_is_known_after_the_notice(office: Office) -> None:
    """The emulated Notion's own notice, over the way that it really takes; what we write ourselves is not read back."""
    emulator = office.notion.emulator
    emulator.deliveries.send = office.told
    with office.company.store.write() as tx:  # HR has just asked for the subscription: its handshake is welcome
        people.set_setting(tx, EXPECTED, (office.company.real_now + timedelta(minutes=5)).isoformat())
    order = {"url": "http://127.0.0.1/hooks/notion", "verification_token": SECRET, "gather_seconds": 0}
    office.notion.app.test_client().post("/_emulator/hooks", json=order)
    paper = office.check_ins()[0]
    office.notion.person().types(paper.ref, "What went well", "A word that came by itself.")
    wait_for(lambda: office.waiting(), 10, "the notice has come")
    wait_for(lambda: not emulator.deliveries.waiting(), 10, "nothing is on its way")
    office.work()
    with office.company.store.read() as tx:
        assert any("A word that came by itself." in one.text for one in ledger.about(tx, paper.person_id))
        assert ledger.dirty(tx, "notion") == ()
    emulator.deliveries.send = lambda url, headers, body: 202


def burst(office: Office, pages: list[str], count: int, first: int = 0) -> set[int]:
    """So many notices about these rows, in no order; the answers."""
    source = office.notion.person().call("GET", f"pages/{pages[0]}")["parent"]["data_source_id"]
    answers = set()
    for number in range(first, first + count):
        body = json.dumps(
            {
                "id": f"burst-{number}",
                "type": "page.content_updated",
                "authors": [{"id": "somebody", "type": "person"}],
                "entity": {"id": pages[number % len(pages)], "type": "page"},
                "data": {"parent": {"type": "database", "id": "any", "data_source_id": source}},
            }
        ).encode()
        answers.add(office.told("", {SIGNATURE: signed(SECRET, body), "Content-Type": "application/json"}, body))
    return answers


def test_a_thousand_notices_are_one_sync_and_one_read_of_each_row(office: Office) -> None:
    """Also of rows that read as before, and when the same edit is told once more after it was read."""
    papers = office.check_ins()[:5]
    pages = [one.ref.rpartition("/")[2] for one in papers]
    for one in papers[:3]:
        office.notion.person().types(one.ref, "What went well", f"Typed in {one.key}.")
    office.bodies()
    assert burst(office, pages, 1000) == {202}
    assert len(office.waiting()) == 1
    office.work()
    bodies = office.bodies()
    assert {f"/v1/pages/{one}/markdown" for one in pages} <= bodies.keys()
    assert set(bodies.values()) == {1}
    with office.company.store.read() as tx:
        for one in papers[:3]:
            assert any(f"Typed in {one.key}." in entry.text for entry in ledger.about(tx, one.person_id))
    burst(office, pages, 10, first=1000)
    assert len(office.waiting()) == 1
    office.work()
    assert set(office.bodies().values()) == {1}


def test_a_row_in_the_bin_is_known_to_be_gone_at_once(office: Office) -> None:
    """Without the notice only the sweep of the next day would tell."""
    paper = office.check_ins()[-1]
    page = paper.ref.rpartition("/")[2]
    office.notion.person().call("PATCH", f"pages/{page}", {"in_trash": True})
    burst(office, [office.check_ins()[0].ref.rpartition("/")[2], page], 2, first=5000)
    office.work()
    with office.company.store.read() as tx:
        found = artifacts.get(tx, paper.key)
        assert ledger.dirty(tx, "notion") == ()
    assert found is not None
    assert found.state is ArtifactState.UNLINKED
