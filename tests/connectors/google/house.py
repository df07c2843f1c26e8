"""A Google workspace for tests: the emulator, served over HTTP, and people who work in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from flask import Flask

from connectors.emulator.app import Emulator
from connectors.emulator.clock import RealClock
from connectors.emulator.serving import served
from connectors.google.client import Api
from connectors.google.credentials import SCOPES, credentials, read_credentials
from connectors.google.emulator.app import Google, create_emulator, provider_of
from connectors.google.emulator.seed import SERVICE_ACCOUNT
from connectors.google.emulator.store import Principal
from connectors.google.files import Root
from connectors.google.keeping import Forgetful
from connectors.google.layout import FOLDER
from connectors.google.quotas import rule
from connectors.google.transport import Transport
from connectors.google.workspace import GoogleWorkspace
from connectors.limiter import MemoryLimiter
from tests.connectors.google.emulator.checking import Checked

DRIVE = "0ATestsSharedDrivePVA"
DOMAIN = "example.org"
NAMES = ("ada", "bo", "cy", "hr")


def email(name: str) -> str:
    """The address of a person of the tests."""
    return f"{name}@{DOMAIN}"


def seed(people: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A company with one shared drive, of which HR and our service account are members."""
    known = people or {email(name): name.title() for name in NAMES}
    return {
        "domain": DOMAIN,
        "people": [{"email": address, "name": name} for address, name in known.items()],
        "drives": [{"id": DRIVE, "name": "Throughline", "members": {email("hr"): "organizer", SERVICE_ACCOUNT: "organizer"}}],
    }


@dataclass
class House:
    """One emulated workspace and how to reach it."""

    app: Flask
    url: str
    clock: Any
    keeper: Forgetful = field(default_factory=Forgetful)
    opened: list[GoogleWorkspace] = field(default_factory=list)
    quota: bool = False
    settle: float = 0.0
    root: Root = field(default_factory=lambda: Root(DRIVE, is_drive=True))
    signed_in: str = SERVICE_ACCOUNT

    @property
    def emulator(self) -> Emulator:
        """Its calls and faults."""
        found: Emulator = self.app.extensions["emulator"]
        return found

    @property
    def google(self) -> Google:
        """The provider inside."""
        return provider_of(self.app)

    def key_file(self) -> str:
        """The credentials of our service account, or what the person who signed in instead consented to."""
        if self.signed_in != SERVICE_ACCOUNT:
            return self.consent(self.signed_in)
        return requests.get(f"{self.url}/_emulator/google/credentials", timeout=5).text

    def consent(self, who: str) -> str:
        """What a web client keeps after *who* said yes on Google's page."""
        client = {"client_id": "tests-web-client", "redirect_uri": "http://127.0.0.1/back"}
        asked = {"response_type": "code", "access_type": "offline", "prompt": "consent", "login_hint": who}
        asked |= {"scope": " ".join(SCOPES)} | client
        away = requests.get(f"{self.url}/o/oauth2/v2/auth", params=asked, allow_redirects=False, timeout=5)
        (code,) = parse_qs(urlsplit(away.headers["Location"]).query)["code"]
        form = {"grant_type": "authorization_code", "code": code, "client_secret": "s"} | client
        given = requests.post(f"{self.url}/token", data=form, timeout=5).json()
        return json.dumps({"client_id": client["client_id"], "client_secret": "s", "refresh_token": given["refresh_token"]})

    def move_in(self, who: str = email("hr"), name: str = "Goals") -> str:
        """Work in a folder of My Drive from now on, signed in as *who*; its id."""
        made = self.person(who).call("POST", "drive/v3/files", {"name": name, "mimeType": FOLDER})
        self.root, self.signed_in = Root(str(made["id"]), is_drive=False), who
        return self.root.id

    def api(self) -> Api:
        """Our side of the wire."""
        signed = credentials(read_credentials(self.key_file()))
        limiter = MemoryLimiter(rule(self.quota), self.clock)
        return Api(Transport(signed, self.url, timeout=5.0), limiter, self.clock, jitter=lambda: 0.5)

    def open(self, keeper: Forgetful | None = None) -> GoogleWorkspace:
        """The workspace as a process that was just started sees it."""
        workspace = GoogleWorkspace(
            self.api(),
            self.root,
            domain=DOMAIN,
            me=self.signed_in,
            keeper=keeper or self.keeper,
            concurrency=8,
            settle=self.settle,
        )
        self.opened.append(workspace)
        return workspace

    def counts(self) -> dict[str, int]:
        """How often each operation was called by us since they were last counted."""
        calls = self.emulator.calls.matching({})
        found: dict[str, int] = {}
        for call in calls:
            if call.caller == self.signed_in:
                found[call.operation] = found.get(call.operation, 0) + 1
        self.emulator.calls.clear()
        return found

    def person(self, who: str = email("ada")) -> Person:
        """Somebody who works in Google's own programs."""
        return Person(self, who)

    def close(self) -> None:
        """Give back what was opened."""
        for workspace in self.opened:
            workspace.close()


@dataclass
class Person:
    """Somebody at work in Docs, Sheets and Drive."""

    house: House
    who: str

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """One thing done in this person's name."""
        google = self.house.google
        token = google.tokens.give(Principal(self.who))["access_token"]
        shared = {"supportsAllDrives": "true"} if path.startswith("drive/") and not path.endswith("/comments") else {}
        answer = requests.request(
            method,
            f"{self.house.url}/{path}",
            json=body,
            params={**shared, **query},
            headers={"Authorization": f"Bearer {token}"},
            timeout=5,
        )
        assert answer.status_code in (200, 204), answer.text
        return answer.json() if answer.content else {}

    def document(self, ref: str) -> dict[str, Any]:
        """The document as Docs shows it."""
        found: dict[str, Any] = self.call("GET", f"v1/documents/{ref}", includeTabsContent="true")
        return found

    def edits(self, ref: str, *asked: Mapping[str, Any]) -> None:
        """`documents.batchUpdate`."""
        self.call("POST", f"v1/documents/{ref}:batchUpdate", {"requests": list(asked)})

    def types(self, ref: str, section: str, text: str) -> None:
        """A paragraph at the end of a section: in its empty line, if it has one."""
        content = self.document(ref)["tabs"][0]["documentTab"]["body"]["content"]
        at = next(i for i, one in enumerate(content) if _words(one).strip() == section and _level(one))
        end = next((i for i in range(at + 1, len(content)) if _level(content[i]) == "HEADING_1"), len(content))
        empty = [one for one in content[at + 1 : end] if "paragraph" in one and not _words(one).strip()]
        if empty:
            where, words = empty[-1]["startIndex"], text
        else:
            where, words = content[end - 1]["endIndex"] - 1, f"\n{text}"
        self.edits(ref, {"insertText": {"location": {"index": where}, "text": words}})

    def sets(self, ref: str, place: str, value: Any) -> None:
        """A cell, as if typed."""
        body = {"range": place, "values": [[value]]}
        self.call("PUT", f"v4/spreadsheets/{ref}/values/{place}", body, valueInputOption="USER_ENTERED")

    def grid(self, ref: str, title: str) -> list[list[str]]:
        """What a sheet shows."""
        found: list[list[str]] = self.call("GET", f"v4/spreadsheets/{ref}/values/{title}").get("values", [])
        return found


def _words(element: Mapping[str, Any]) -> str:
    pieces = element.get("paragraph", {}).get("elements", ())
    return "".join(piece.get("textRun", {}).get("content", "") for piece in pieces)


def _level(element: Mapping[str, Any]) -> str:
    style = str(element.get("paragraph", {}).get("paragraphStyle", {}).get("namedStyleType", ""))
    return style if re.fullmatch(r"HEADING_\d", style) else ""


@contextmanager
def house(people: Mapping[str, str] | None = None, clock: Any = None) -> Iterator[House]:
    """A workspace over real HTTP; every request and answer is held against Google's discovery documents."""
    clock = clock or RealClock()
    app = create_emulator(clock=clock, seed=seed(people))
    checked = Checked(app)
    with served(checked) as url:
        made = House(app, url, clock)
        try:
            yield made
        finally:
            made.close()
    checked.settle()
