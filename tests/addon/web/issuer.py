"""An OpenID Connect provider of our own on loopback: discovery, authorize, token with PKCE, keys and userinfo.

It signs everybody in at once as *who* says, and lies where a test tells it to.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "throughline", "a-client-secret"


@cache
def a_key(name: str) -> RSAKey:
    """The RSA key of that name, made once."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


@dataclass
class Issuer:
    """A provider that runs."""

    address: str
    who: dict[str, Any] = field(default_factory=lambda: {"email": "ada@example.org", "email_verified": True})
    """The claims about whoever signs in."""
    told_apart: bool = False
    """Whether the address is told by userinfo alone, as Okta does."""
    lies: dict[str, Any] = field(default_factory=dict)
    """Claims of the token that are not what they should be; None leaves one out."""
    calls_itself: str = ""
    signs_in_at: str = ""
    """Another site of it, where people's browsers are sent."""
    key_name: str = "real"
    userinfo_of: str = "subject-1"
    refuses: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    """Every request to sign somebody in."""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def discovery(self) -> dict[str, Any]:
        """What a client reads first."""
        return {
            "issuer": self.calls_itself or self.address,
            "authorization_endpoint": f"{self.signs_in_at or self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorize(self, given: dict[str, str]) -> str:
        """Where the browser goes on to."""
        self.asked.append(given)
        assert given["response_type"] == "code"
        assert given["code_challenge_method"] == "S256"
        assert {"openid", "email"} <= set(given["scope"].split())
        if self.refuses:
            return f"{given['redirect_uri']}?{urlencode({'error': self.refuses, 'state': given['state']})}"
        code = secrets.token_urlsafe(12)
        self._codes[code] = given
        return f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """A token for a code: once, for the same client and address, and for whoever knows the verifier."""
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if authorization != f"Basic {expected}":
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(form.get("code", ""), None)
        challenge = (
            base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        )
        if asked is None or asked["redirect_uri"] != form.get("redirect_uri") or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.address,
            "sub": "subject-1",
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        claims |= {} if self.told_apart else self.who
        claims = {name: value for name, value in (claims | self.lies).items() if value is not None}
        signed = jwt.encode({"alg": "RS256", "kid": "real"}, claims, a_key(self.key_name))
        return 200, {"access_token": "access", "token_type": "Bearer", "expires_in": 300, "id_token": signed}

    def userinfo(self) -> dict[str, Any]:
        """The rest about whoever signed in."""
        return {"sub": self.userinfo_of, **self.who}


@contextmanager
def running() -> Iterator[Issuer]:
    """A provider on a port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.issuer = Issuer(f"http://127.0.0.1:{server.server_address[1]}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.issuer  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    @property
    def issuer(self) -> Issuer:
        return self.server.issuer  # type: ignore[attr-defined,no-any-return]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        given = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            self._answer(200, self.issuer.discovery())
        elif parts.path == "/keys":
            self._answer(200, {"keys": [a_key("real").as_dict(private=False)]})
        elif parts.path == "/userinfo" and self.headers["Authorization"] == "Bearer access":
            self._answer(200, self.issuer.userinfo())
        elif parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.issuer.authorize(given))
            self.end_headers()
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._answer(*self.issuer.token(form, self.headers.get("Authorization", "")))

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_told: object) -> None:
        """Nothing is printed."""
