"""The story in Notion: an emulator of it, started for the demo, with limits off."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack
from typing import Any

from addon.company import Company
from addon.connections.commands import connect_notion
from addon.connections.opening import open_notion
from addon.connections.rules import confirmable
from addon.demo.cast import Cast
from addon.demo.handwriting import HandwritingError
from addon.demo.handwriting_notion import Pen
from addon.demo.story import Edit
from connectors.emulator.clock import RealClock
from connectors.emulator.serving import served
from connectors.notion.client import VERSION
from connectors.notion.emulator.provider import ACTING, create_app
from connectors.notion.emulator.seed import ROOT_PAGE, Seed
from connectors.notion.layout import GOALS
from connectors.notion.workspace import NotionWorkspace
from sync.store.queries import connections

TOKEN, PEOPLES_TOKEN = "ntn_demo", "ntn_demo_people"
SETTLE = 0.2
"""Seconds: an emulator shows at once what was made."""
DAY = 24 * 3600.0


class NotionPlace:
    """A Notion workspace of the company's own, as long as the program runs."""

    hands = 1

    def __init__(self) -> None:
        self._running = ExitStack()
        self._clock = RealClock()
        self._users: dict[str, str] = {}
        self._edits = 0

    def set_up(self, company: Company, cast: Cast) -> None:
        """Start the emulator, connect to it, and confirm the access rules as HR would."""
        people = [{"name": one.name, "email": one.email} for one in cast.members]
        seed = Seed({"people": people, "pages": [{"id": ROOT_PAGE, "title": "Throughline"}], "tokens": [TOKEN, PEOPLES_TOKEN]})
        self._app = create_app(self._clock, plan="off", seed=seed)
        url = self._running.enter_context(served(self._app))
        connect_notion(company, TOKEN, {"parent": ROOT_PAGE, "plan": "off", "api": url, "settle": SETTLE})
        for kind in confirmable():
            with company.store.write() as tx:
                connections.confirm(tx, "notion", connections.Confirmation(kind, "HR of the demo", company.now))
        company.__dict__["workspace_name"] = "notion"
        company.__dict__["workspace"] = open_notion(company, self._clock)
        self._users = {one["person"]["email"]: one["id"] for one in self._everybody(cast.members[0].email)}

    def _everybody(self, who: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        path = "users?page_size=100"
        while True:
            answer = self._call(who, "GET", path, None)
            found += [one for one in answer["results"] if one["type"] == "person"]
            if not answer["has_more"]:
                return found
            path = f"users?page_size=100&start_cursor={answer['next_cursor']}"

    def write(self, company: Company, ref: str, edit: Edit) -> None:
        """Somebody writes in the page."""
        layout = _workspace(company).databases.layout
        source = layout.databases[GOALS].source if GOALS in layout.databases else ""
        who = edit.by.email
        Pen(
            lambda method, path, body: self._call(who, method, path, body),
            ref.rpartition("/")[2],
            source,
            self._users[edit.person],
        ).write(edit.strokes)
        self._edits += 1

    def _call(self, who: str, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        """What somebody's own program asks of Notion."""
        headers = {"Authorization": f"Bearer {PEOPLES_TOKEN}", "Notion-Version": VERSION, ACTING: who}
        answer = self._app.test_client().open(f"/v1/{path}", method=method, json=body, headers=headers)
        data: dict[str, Any] = json.loads(answer.get_data())
        if answer.status_code != 200:
            raise HandwritingError(f"Notion would not let {who} do that: {data.get('message')}")
        return data

    def shown(self, company: Company, ref: str) -> str:
        """The page's address in Notion."""
        return f"https://app.notion.com/p/{ref.rpartition('/')[2].replace('-', '')} ({ref.split('/')[1]})"

    def days_pass(self, days: int) -> None:
        """So it is for Notion."""
        if days > 0:
            self._clock.advance(days * DAY)

    def told(self) -> tuple[str, ...]:
        """How many calls it took."""
        ours = Counter(call.operation for call in self._app.extensions["emulator"].calls.matching({}) if _is_ours(call.caller))
        most = ", ".join(f"{count:,} {name}" for name, count in ours.most_common(8))
        return (
            f"Notion was emulated on this machine, limits off. {sum(ours.values()):,} calls: {most}.",
            f"At 600 calls a minute, as the Business plan allows, they would take {sum(ours.values()) / 600:.0f} minutes. "
            "The emulated workspace is gone when this ends; what was read stays.",
        )

    def close(self) -> None:
        """The emulator ends."""
        self._running.close()


def _is_ours(caller: str) -> bool:
    from hashlib import sha256

    return caller == sha256(TOKEN.encode()).hexdigest()[:8]


def _workspace(company: Company) -> NotionWorkspace:
    workspace = company.workspace
    assert isinstance(workspace, NotionWorkspace)
    return workspace
