"""A company that works on an emulated platform and hears its notices: console and worker as processes of their own."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import requests

from addon.company import Company
from addon.hooks.heeding import EXPECTED
from addon.jobs.asking import ask
from addon.settings import load
from addon.signin.links import make_link
from connectors.notion.emulator.seed import ROOT_PAGE
from sync import engine
from sync.jobs import Job, Record
from sync.records import Artifact
from sync.store.queries import artifacts, hooks, jobs, people
from templates.shapes import Kind
from tests.connectors.google.house import DRIVE
from tests.connectors.google.house import house as google_house
from tests.connectors.notion.house import TOKEN
from tests.connectors.notion.house import house as notion_house
from tests.journeys.desk import Desk, founded
from tests.journeys.served import ended, free_port, started, wait_for

PEOPLE = {f"{name}@example.org": name.title() for name in ("hr", "greta", "ben", "ada", "noor", "tom", "ida")}
PATIENCE = 60.0


@dataclass
class Place:
    """One company: its platform, its console, and Ada's browser."""

    house: Any
    company: Company
    address: str
    ada: requests.Session

    def paper(self) -> Artifact:
        """Ada's next check-in."""
        with self.company.store.read() as tx:
            found = [one for one in artifacts.all_artifacts(tx, self.company.workspace_name) if one.kind is Kind.CHECK_IN]
        ada = self.company.person("ada@example.org").id
        return min((one for one in found if one.person_id == ada), key=lambda one: one.key)

    def types(self, words: str) -> None:
        """Ada writes in her check-in."""
        self.house.person("ada@example.org").types(self.paper().ref, "What went well", words)

    def shows(self, words: str) -> bool:
        """Whether Ada's own page says it."""
        return words in self.ada.get(f"{self.address}/me/known", timeout=30).text

    def seconds_until_shown(self, words: str) -> float:
        """How long it takes from the moment at which it was written."""
        self.types(words)
        begun = time.monotonic()
        wait_for(lambda: self.shows(words), PATIENCE, words)
        return time.monotonic() - begun

    def syncs(self) -> list[Record]:
        """Every sync that was asked for."""
        with self.company.store.read() as tx:
            return [one for one in jobs.latest(tx, 1000) if one.name is Job.SYNC]

    def sync(self) -> None:
        """What the schedule asks for."""
        ended(self.company, [ask(self.company, Job.SYNC)])


@contextmanager
def listening(folder: Path, platform: str) -> Iterator[Place]:
    """Provisioned, read once, served, and told of changes."""
    house_of = notion_house if platform == "notion" else google_house
    with house_of(PEOPLE) as house:
        desk = founded(folder / "home")
        desk.today = "2026-02-02"
        _connect(desk, platform, house)
        desk.provision()
        desk.ok("sync")
        port = free_port()
        company = Company(replace(load(desk.home, {"THROUGHLINE_TODAY": desk.today}), port=port))
        try:
            with started("serve", company.settings, port=port) as process:
                wait_for(process.is_ready, PATIENCE, "it is ready")
                place = Place(house, company, f"http://127.0.0.1:{port}", requests.Session())
                _sign_in(place)
                (_hear_notion if platform == "notion" else _hear_google)(place)
                yield place
        finally:
            company.close()
            engine.let_go()


def _connect(desk: Desk, platform: str, house: Any) -> None:
    if platform == "notion":
        page = f"https://www.notion.so/{ROOT_PAGE.replace('-', '')}"
        token = desk.csv("token.txt", TOKEN)
        desk.ok("connect", "notion", "--token-file", token, "--parent", page, "--plan", "off", "--api", house.url)
    else:
        key = desk.csv("key.json", house.key_file())
        desk.ok("connect", "google", "--credentials-file", key, "--drive", DRIVE, "--quota", "off", "--api", house.url)


def _sign_in(place: Place) -> None:
    link = make_link(place.company, place.company.person("ada@example.org"))
    page = place.ada.get(link, timeout=30).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    assert place.ada.post(link, data={"csrf_token": token[1]}, timeout=30).ok


def _hear_notion(place: Place) -> None:
    """The handshake: expected, brought, confirmed."""
    company = place.company
    with company.store.write() as tx:
        people.set_setting(tx, EXPECTED, company.real_now.replace(year=2100).isoformat())
    order = {"url": f"{place.address}/hooks/notion"}
    requests.post(f"{place.house.url}/_emulator/hooks", json=order, timeout=10)

    def offered() -> list[hooks.Secret]:
        with company.store.read() as tx:
            return list(hooks.secrets_of(tx, hooks.NOTION))

    wait_for(offered, PATIENCE, "the handshake has come")
    with company.store.write() as tx:
        hooks.trust(tx, offered()[0].id)


def _hear_google(place: Place) -> None:
    """The channel that a worker opens."""
    ended(place.company, [ask(place.company, Job.WATCH)])

    def heard() -> bool:
        with place.company.store.read() as tx:
            return any(one.heard_at for one in hooks.channels(tx))

    wait_for(heard, PATIENCE, "the channel has begun")
