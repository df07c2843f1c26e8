"""Google as it calls the sidebar: tokens signed with keys that it shows on loopback, and events as its hosts send them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from werkzeug.test import TestResponse

from addon.cards.event import DRIVE_FILE, EMAIL
from addon.cards.keys import Keys
from connectors.google.emulator import auth
from sync.records import Person
from tests.addon.web.issuer import a_key
from tests.addon.web.people import Office

BASE = "https://throughline.example.com"
SERVICE_ACCOUNT = "gsuiteaddons-1234@gcp-sa-gsuiteaddons.iam.gserviceaccount.com"
CLIENT_ID = "1234-sidebar.apps.googleusercontent.com"
DOMAIN = "example.org"
Json = dict[str, Any]


@dataclass
class KeyServer:
    """The address at which Google shows its keys."""

    address: str
    cache_control: str = "public, max-age=3600"
    names: list[str] = field(default_factory=lambda: ["real"])
    is_down: bool = False
    asked: int = 0

    def shown(self) -> Json:
        """The set of keys, the emulator's own among them."""
        return {"keys": [*(a_key(one).as_dict(private=False) for one in self.names), *auth.key_set()["keys"]]}


@contextmanager
def key_server() -> Iterator[KeyServer]:
    """A key server on a port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.keys = KeyServer(f"http://127.0.0.1:{server.server_address[1]}/certs")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.keys  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        import json

        keys: KeyServer = self.server.keys  # type: ignore[attr-defined]
        keys.asked += 1
        data = json.dumps(keys.shown()).encode()
        self.send_response(500 if keys.is_down else 200)
        self.send_header("Cache-Control", keys.cache_control)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_told: object) -> None:
        """Nothing is printed."""


def system_claims(path: str) -> Json:
    """What Google says of itself when it calls *path*."""
    now = int(time.time())
    return {"iss": "https://accounts.google.com", "aud": BASE + path, "email": SERVICE_ACCOUNT, "email_verified": True,
            "sub": "1", "iat": now - 5, "exp": now + 3600}  # fmt: skip


def user_claims(email: str) -> Json:
    """What Google says of the person."""
    now = int(time.time())
    return {"iss": "https://accounts.google.com", "aud": CLIENT_ID, "email": email, "email_verified": True, "hd": DOMAIN,
            "sub": f"sub-{email}", "iat": now - 5, "exp": now + 3600}  # fmt: skip


def signed(claims: Mapping[str, Any], key: str = "real", kid: str = "") -> str:
    """A token with these claims; None leaves one out."""
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": kid or key}, kept, a_key(key))


@dataclass
class Google:
    """Google, calling the sidebar of *office*."""

    office: Office

    def __post_init__(self) -> None:
        settings = self.office.company.settings
        self.office.company.settings = replace(
            settings,
            base_url=BASE,
            addon_service_account=SERVICE_ACCOUNT,
            addon_client_id=CLIENT_ID,
            addon_domains=(DOMAIN,),
        )
        self.client = self.office.app.test_client()

    def knows(self, server: KeyServer) -> Google:
        """The office asks *server* for Google's keys."""
        self.office.app.extensions["google-keys"] = Keys(server.address)
        return self

    def send(self, path: str, body: object, token: str | None) -> TestResponse:
        """One call, with whatever token."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return self.client.post(path, json=body, headers=headers)

    def call(self, what: str, person: Person, host: str = "DOCS", **event: Any) -> Json:
        """What the sidebar answers when Google calls properly for *person*."""
        path = f"/addon/{what}"
        answer = self.send(path, self.event(person, host, **event), signed(system_claims(path)))
        assert answer.status_code == 200, (what, answer.status_code, answer.get_data(as_text=True))
        found: Json = answer.get_json()
        return found

    def event(
        self,
        person: Person,
        host: str = "DOCS",
        *,
        file: str = "",
        link: str = "",
        guests: tuple[str, ...] = (),
        parameters: Mapping[str, str] | None = None,
        inputs: Mapping[str, str] | None = None,
        scopes: tuple[str, ...] = (EMAIL, DRIVE_FILE),
    ) -> Json:
        """The body of a call."""
        common: Json = {"hostApp": host, "platform": "WEB", "parameters": dict(parameters or {})}
        common["formInputs"] = {name: {"stringInputs": {"value": [value]}} for name, value in (inputs or {}).items()}
        authorization = {"authorizedScopes": list(scopes), "userIdToken": signed(user_claims(person.email))}
        body: Json = {"commonEventObject": common, "authorizationEventObject": authorization}
        if host == "DRIVE":
            body["drive"] = {"activeCursorItem": {"id": file, "addonHasFileScopePermission": False}}
        elif host == "CALENDAR":
            body["calendar"] = {"id": "e1", "attendees": [{"email": one} for one in guests]}
        else:
            body[host.lower()] = {"id": file, "addonHasFileScopePermission": True} if file else {}
            if link:
                body[host.lower()]["matchedUrl"] = {"url": link}
        return body


def card_of(answer: Json) -> Json:
    """The card that an answer shows."""
    action = answer.get("action") or answer["renderActions"]["action"]
    if "linkPreview" in action:
        return dict(action["linkPreview"]["previewCard"])
    (last,) = [one for one in action["navigations"] if "pushCard" in one or "updateCard" in one]
    return dict(last.get("pushCard") or last["updateCard"])


def notice_of(answer: Json) -> str:
    """The sentence that an answer says, "" for none."""
    action = answer.get("action") or answer.get("renderActions", {}).get("action", {})
    return str(action.get("notification", {}).get("text", ""))


def words_of(card: Json) -> str:
    """Everything that stands on a card."""
    import json

    return json.dumps(card, ensure_ascii=False)
