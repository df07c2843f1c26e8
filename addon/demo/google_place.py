"""The story in Google Workspace: an emulator of it, started for the demo, with its quotas off."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack
from typing import Any

import requests
from flask import Flask
from google.auth.transport.requests import Request

from addon.company import Company
from addon.connections.google_commands import connect_google
from addon.connections.google_opening import open_google
from addon.demo.cast import Cast
from addon.demo.emulated import beside
from addon.demo.handwriting import HandwritingError
from addon.demo.handwriting_google import Pen
from addon.demo.story import Edit
from connectors.emulator.calls import KEPT
from connectors.emulator.clock import RealClock
from connectors.google.credentials import credentials
from connectors.google.emulator.seed import SERVICE_ACCOUNT
from connectors.google.quotas import DRIVE, cost_of
from sync.store.queries import connections
from templates.shapes import Kind

ROOT = "0AThroughlineDemoPVA"
SETTLE = 0.2
"""Seconds: an emulator shows at once what was made."""
CONCURRENCY = 6
"""Calls at a time: the emulator works on the same machine."""
DAY = 24 * 3600.0


def emulated(seed: dict[str, object]) -> Flask:
    """Google Workspace with that seed, its quotas off."""
    from connectors.google.emulator.app import create_emulator

    return create_emulator(seed=seed)


class GooglePlace:
    """A Google workspace of the company's own, as long as the program runs."""

    hands = 4

    def __init__(self) -> None:
        self._running = ExitStack()
        self._clock = RealClock()
        self._tokens: dict[str, str] = {}
        self._people = self._running.enter_context(requests.Session())
        self._people.trust_env = False

    def set_up(self, company: Company, cast: Cast) -> None:
        """Start the emulator and connect to its shared drive, of which HR and the service account are members."""
        hr = [person.email for person in company.people if person.access == "hr"] or [cast.members[0].email]
        seed: dict[str, object] = {
            "domain": hr[0].rpartition("@")[2],
            "people": [{"email": one.email, "name": one.name} for one in cast.members],
            "drives": [
                {"id": ROOT, "name": "Throughline", "members": {SERVICE_ACCOUNT: "organizer"} | dict.fromkeys(hr, "organizer")}
            ],
        }
        self._url = self._running.enter_context(beside(emulated, seed))
        secret = self._people.get(f"{self._url}/_emulator/google/credentials").text
        self._account: Any = credentials(json.loads(secret))
        kept = connect_google(company, secret, ROOT, {"domain": "", "directory_admin": "", "quota": "off", "api": self._url})
        with company.store.write() as tx:
            found = connections.get(tx, "google")
            assert found is not None
            one = connections.Connected(
                "google", found.secret, {**kept, "settle": SETTLE, "concurrency": CONCURRENCY}, found.layout, found.connected_at
            )
            connections.save(tx, one)
        company.__dict__["workspace_name"] = "google"
        company.__dict__["workspace"] = open_google(company, self._clock)

    def write(self, company: Company, ref: str, edit: Edit) -> None:
        """Somebody writes in the document or the sheet.

        Colleagues may not open anybody's quick notes: what they say of somebody, that person puts there.
        """
        who = edit.person if edit.kind is Kind.QUICK_NOTES else edit.by.email
        Pen(lambda method, path, body: self._call(who, method, path, body), ref).write(edit.strokes)

    def _call(self, who: str, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        """What somebody's own program asks of Google."""
        answer = self._people.request(
            method, f"{self._url}/{path}", json=body, headers={"Authorization": f"Bearer {self._token(who)}"}
        )
        data: dict[str, Any] = json.loads(answer.content or b"{}")
        if answer.status_code != 200:
            raise HandwritingError(f"Google would not let {who} do that: {(data.get('error') or {}).get('message')}")
        return data

    def _token(self, who: str) -> str:
        if who not in self._tokens:
            delegated = self._account.with_subject(who)
            delegated.refresh(Request(self._people))
            self._tokens[who] = str(delegated.token)
        return self._tokens[who]

    def shown(self, company: Company, ref: str) -> str:
        """The file's address in Google."""
        return f"https://docs.google.com/open?id={ref}"

    def days_pass(self, days: int) -> None:
        """So it is for Google; everybody signs in anew."""
        if days > 0:
            self._clock.advance(days * DAY)
            self._control("clock", {"advance": days * DAY})
            self._tokens.clear()

    def _control(self, path: str, order: dict[str, float] | None = None) -> dict[str, Any]:
        method = "POST" if order else "GET"
        told: dict[str, Any] = self._people.request(method, f"{self._url}/_emulator/{path}", json=order).json()
        return told

    def told(self) -> tuple[str, ...]:
        """How many calls and quota units it took."""
        calls = self._control(f"calls?limit={KEPT}")["calls"]
        ours = Counter(call["operation"] for call in calls if call["caller"] == SERVICE_ACCOUNT)
        most = ", ".join(f"{count:,} {name}" for name, count in ours.most_common(8))
        units: Counter[str] = Counter()
        for operation, count in ours.items():
            quota, cost = cost_of(operation)
            if quota is not None:
                units[quota.name] += count * cost
        used = ", ".join(f"{count:,} of {name}" for name, count in sorted(units.items()))
        minutes = units[DRIVE.name] / DRIVE.per_user
        return (
            f"Google Workspace was emulated on this machine, quotas off. {sum(ours.values()):,} calls: {most}.",
            f"Quota units: {used}. With the {DRIVE.per_user:,} units of Drive that one account has a minute, that is "
            f"{minutes:.1f} minutes of it. No mail was sent.",
            "The emulated workspace is gone when this ends; what was read stays.",
        )

    def close(self) -> None:
        """The emulator ends."""
        self._running.close()
