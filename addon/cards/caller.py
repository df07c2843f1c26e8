"""Who calls: Google for this company's add-on, on behalf of one of its people. Both prove it with a signed token each."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from addon.cards.keys import Keys

ISSUER = "https://accounts.google.com"
ISSUERS = frozenset({ISSUER, "accounts.google.com"})
LEEWAY_SECONDS = 10
LONGEST_TOKEN = 8192


class NotThem(Exception):
    """The call proves nothing. *reason* is a word for the audit log; the caller hears none."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Expected:
    """What the tokens of this company's add-on say."""

    addresses: Collection[str]
    """Every address that is registered with Google."""
    service_account: str
    client_id: str
    domains: Collection[str]

    @property
    def is_complete(self) -> bool:
        """Whether the add-on was set up; otherwise nobody is let in."""
        return bool(self.addresses and self.service_account and self.client_id and self.domains)


@dataclass(frozen=True)
class Caller:
    """One of the company's people, as Google knows them."""

    email: str
    subject: str


def google(token: str, expected: Expected, keys: Keys, now: float) -> None:
    """That Google calls, and for this add-on. Raises NotThem, NoKeys."""
    if not expected.is_complete:
        raise NotThem("not set up")
    claims = _claims(token, keys, now)
    if claims.get("aud") not in expected.addresses:
        raise NotThem("audience")
    if claims.get("email") != expected.service_account or claims.get("email_verified") is not True:
        raise NotThem("service account")


def person(token: str, expected: Expected, keys: Keys, now: float) -> Caller:
    """Whom Google calls for. Raises NotThem, NoKeys."""
    claims = _claims(token, keys, now)
    if claims.get("aud") != expected.client_id:
        raise NotThem("user audience")
    if claims.get("email_verified") is not True:
        raise NotThem("user address")
    if claims.get("hd") not in expected.domains:
        raise NotThem("user domain")
    email, subject = claims.get("email"), claims.get("sub")
    if not isinstance(email, str) or not isinstance(subject, str) or not email or not subject:
        raise NotThem("user claims")
    return Caller(email, subject)


def _claims(token: str, keys: Keys, now: float) -> Mapping[str, Any]:
    """What a token says that Google signed, that is no older than it may be and not from the future."""
    if not token or len(token) > LONGEST_TOKEN:
        raise NotThem("no token")
    header = _header(token)
    key_id = header.get("kid")
    if header.get("alg") != "RS256" or not isinstance(key_id, str):
        raise NotThem("algorithm")
    key = keys.key(key_id)
    if key is None:
        raise NotThem("unknown key")
    from joserfc import jwt
    from joserfc.errors import JoseError

    try:
        claims = jwt.decode(token, key, algorithms=["RS256"]).claims
    except (JoseError, ValueError) as error:
        raise NotThem("signature") from error
    if claims.get("iss") not in ISSUERS:
        raise NotThem("issuer")
    begun, ends = _time(claims.get("iat")), _time(claims.get("exp"))
    if begun is None or ends is None or not begun - LEEWAY_SECONDS <= now <= ends + LEEWAY_SECONDS:
        raise NotThem("expired")
    return claims


def _header(token: str) -> Mapping[str, Any]:
    first = token.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (ValueError, RecursionError) as error:
        raise NotThem("no token") from error
    return header if isinstance(header, dict) else {}


def _time(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
