"""A Notion workspace for tests: the emulator, served over HTTP or in process, and people who work in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from flask import Flask

from connectors.emulator.app import Emulator
from connectors.emulator.clock import RealClock
from connectors.emulator.serving import served
from connectors.limiter import Clock, MemoryLimiter, always
from connectors.notion.client import PLANS, VERSION, Api
from connectors.notion.emulator.model import User
from connectors.notion.emulator.provider import ACTING, create_app
from connectors.notion.emulator.seed import ROOT_PAGE, Seed
from connectors.notion.layout import Forgetful
from connectors.notion.workspace import NotionWorkspace
from connectors.workspace import CellValue, Workspace

TOKEN = "ntn_secret_of_the_tests"
PEOPLE = ("ada", "bo", "cy", "hr")
DAY = 24 * 3600.0


def email(name: str) -> str:
    """The address of a person of the tests."""
    return f"{name}@example.org"


def seed(people: Mapping[str, str] | None = None) -> Seed:
    """A workspace with *people* (address to name), one page, and our connection's token."""
    known = people or {email(name): name.title() for name in PEOPLE}
    return Seed(
        {
            "people": [{"name": name, "email": address} for address, name in known.items()],
            "pages": [{"id": ROOT_PAGE, "title": "Throughline"}],
            "tokens": [TOKEN],
        }
    )


@dataclass
class House:
    """One emulated workspace and how to reach it."""

    app: Flask
    url: str
    clock: Any
    http: Callable[[], httpx.Client] | None = None
    keeper: Forgetful = field(default_factory=Forgetful)
    confirmed: tuple[str, ...] = ()
    opened: list[NotionWorkspace] = field(default_factory=list)
    plan: str = "off"
    concurrency: int = 8
    settle: float = 0.0

    @property
    def emulator(self) -> Emulator:
        """Its calls and faults."""
        found: Emulator = self.app.extensions["emulator"]
        return found

    def open(self, keeper: Forgetful | None = None, comments: bool = False) -> NotionWorkspace:
        """The workspace as a process that was just started sees it."""
        limiter = MemoryLimiter(always(*PLANS[self.plan]), self.clock)
        http = self.http() if self.http else None
        api = Api(TOKEN, limiter, self.clock, base_url=self.url, http=http, timeout=5.0, jitter=lambda: 0.5)
        workspace = NotionWorkspace(
            api,
            ROOT_PAGE,
            keeper=keeper or self.keeper,
            confirmed=lambda: self.confirmed,
            concurrency=self.concurrency,
            settle=self.settle,
            comments=comments,
        )
        self.opened.append(workspace)
        return workspace

    def later(self, seconds: float = DAY + 1) -> None:
        """Time passes."""
        self.clock.advance(seconds)

    def counts(self) -> dict[str, int]:
        """How often each operation was called since they were last counted, people's own calls aside."""
        counts = self.emulator.calls.counts()
        self.emulator.calls.clear()
        return counts

    def person(self, who: str = "ada@example.org") -> Person:
        """Somebody who works in Notion."""
        return Person(self, who)

    def joins(self, name: str, address: str) -> None:
        """Somebody becomes a member of the workspace."""
        store = self.app.extensions["notion"].store
        store.put(User(store.ids.random(), name, "person", address))

    def close(self) -> None:
        """Give back what was opened."""
        for workspace in self.opened:
            workspace.close()


@dataclass
class Person:
    """Somebody at work in Notion's own program. Their doings are not among the counted calls."""

    house: House
    who: str

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """One thing done. Faults that are armed do not meet people."""
        headers = {"Authorization": f"Bearer {TOKEN}", "Notion-Version": VERSION, ACTING: self.who}
        answer = self.house.app.test_client().open(f"/v1/{path}", method=method, json=body, headers=headers)
        data: dict[str, Any] = json.loads(answer.get_data())
        assert answer.status_code == 200, data
        return data

    def body(self, ref: str) -> str:
        """What stands in the page."""
        return str(self.call("GET", f"pages/{id_of(ref)}/markdown")["markdown"])

    def writes(self, ref: str, markdown: str) -> None:
        """The page says this from now on."""
        self.call(
            "PATCH", f"pages/{id_of(ref)}/markdown", {"type": "replace_content", "replace_content": {"new_str": markdown}}
        )

    def types(self, ref: str, section: str, text: str) -> None:
        """A paragraph at the end of a section."""
        body = self.body(ref)
        place = re.search(rf"(?m)^## {re.escape(section)}$", body)
        assert place is not None, body
        following = body.find("\n## ", place.end())
        end = len(body) if following < 0 else following
        self.writes(ref, f"{body[:end].rstrip()}\n{text}{body[end:]}")

    def sets(self, id_: str, values: Mapping[str, Any]) -> None:
        """Properties of a row."""
        self.call("PATCH", f"pages/{id_}", {"properties": dict(values)})

    def copies(self, workspace: NotionWorkspace, ref: str) -> str:
        """Duplicates a row in its database, properties and body."""
        page = self.call("GET", f"pages/{id_of(ref)}")
        values = {name: {value["type"]: value[value["type"]]} for name, value in page["properties"].items()}
        body = {"parent": page["parent"], "properties": _asked(values), "markdown": self.body(ref)}
        body["parent"] = {"type": "data_source_id", "data_source_id": page["parent"]["data_source_id"]}
        copy = self.call("POST", "pages", body)
        return f"{ref.rpartition('/')[0]}/{copy['id']}"


def _asked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of an answer as a request may hold them."""
    asked: dict[str, Any] = {}
    for name, value in values.items():
        ((kind, inside),) = value.items()
        if kind == "people":
            inside = [{"object": "user", "id": one["id"]} for one in inside]
        elif kind in ("title", "rich_text"):
            inside = [{"text": {"content": one["plain_text"]}} for one in inside]
        elif kind == "select" and inside:
            inside = {"name": inside["name"]}
        if kind in ("title", "rich_text", "people", "number", "select", "date"):
            asked[name] = {kind: inside}
    return asked


def id_of(ref: str) -> str:
    """The page's id."""
    return ref.rpartition("/")[2]


def goal_of(workspace: Workspace, ref: str, row: str) -> dict[str, Any]:
    """The page of a goal, as Notion answers."""
    assert isinstance(workspace, NotionWorkspace)
    source = workspace.databases.layout.databases["working/goal"].source
    found = workspace.api.ask(f"data_sources/{source}/query", {})["results"]
    return next(one for one in found if "".join(p["plain_text"] for p in one["properties"]["Key"]["rich_text"]) == row)


def value_of(kind: str, value: CellValue) -> dict[str, Any]:
    """What somebody puts into a property of that type."""
    if kind == "select":
        return {"select": None if value is None else {"name": str(value)}}
    if kind == "number":
        return {"number": value}
    if kind == "date":
        return {"date": None if value is None else {"start": str(value)}}
    return {kind: [] if value is None else [{"text": {"content": str(value)}}]}


@contextmanager
def house(people: Mapping[str, str] | None = None, clock: Clock | None = None) -> Iterator[House]:
    """A workspace over real HTTP."""
    clock = clock or RealClock()
    app = create_app(clock, plan="off", seed=seed(people))  # type: ignore[arg-type]
    with served(app) as url:
        made = House(app, url, clock)
        try:
            yield made
        finally:
            made.close()
