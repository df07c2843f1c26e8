"""Signing in: the token endpoint, OpenID discovery and keys, consent.

A token that the emulator gave out is somebody's until it expires. Any other token, and none at all, is taken for the
developer's (`seed.ANYBODY`), so that a client with made-up or anonymous credentials works; one that looks like Google's
(``ya29.``) but is not known, or that says ``expired`` or ``invalid``, is refused. A seed with ``anonymous: false``
refuses calls without a token, as Google does.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt, exceptions, jwt

from connectors.google.emulator.errors import GoogleError, Json
from connectors.google.emulator.seed import ANYBODY, SERVICE_ACCOUNT, used_before
from connectors.google.emulator.store import Principal, World, permission_id

LIFE = timedelta(seconds=3599)
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
KEY_ID = "emulator-1"
#: The key of the service account whose credentials the emulator hands out.
CREDENTIALS_KEY_ID = "emulator-service-account"

_DRIVE = ("drive", "drive.file")
#: API to the scopes of which one is needed to write, and those that suffice to read.
SCOPES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "drive.v3": (_DRIVE, ("drive.readonly", "drive.metadata", "drive.metadata.readonly")),
    "sheets.v4": ((*_DRIVE, "spreadsheets"), ("drive.readonly", "spreadsheets.readonly")),
    "docs.v1": ((*_DRIVE, "documents"), ("drive.readonly", "documents.readonly")),
    "admin.directory_v1": (("admin.directory.user",), ("admin.directory.user.readonly",)),
}
#: An old name of Sheets' scope, which gspread's suite still asks for.
_OLD = {"https://spreadsheets.google.com/feeds": "spreadsheets"}


class Refused(Exception):
    """OAuth's own error: *code* such as ``invalid_grant`` and a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class _Grant:
    who: Principal
    until: datetime
    client: str = ""
    nonce: str = ""
    challenge: str = ""
    redirect: str = ""
    offline: bool = False


@dataclass
class Tokens:
    """Everything that was given out."""

    world: World
    access: dict[str, _Grant] = field(default_factory=dict)
    refresh: dict[str, _Grant] = field(default_factory=dict)
    codes: dict[str, _Grant] = field(default_factory=dict)
    anonymous: bool = True
    consented: set[tuple[str, str]] = field(default_factory=set)
    """Accounts with the clients to which they said yes once."""
    keys: dict[str, str] = field(default_factory=dict)
    """A service account's address to its public key, where it is known."""
    storing: dict[str, bool] = field(default_factory=lambda: {SERVICE_ACCOUNT: False})
    """A service account's address to whether it has storage, where it is known."""

    def who(self, header: str, parameter: str = "") -> Principal:
        """Who calls with this `Authorization` header. Raises 401."""
        kind, _, token = header.partition(" ")
        token = token.strip() or parameter
        if not header and not token and self.anonymous:
            return Principal(ANYBODY)
        if not token or (header and kind.lower() != "bearer"):
            raise _unauthenticated("Request is missing required authentication credential.")
        held = self.access.get(token)
        if held is not None and held.until > self.world.clock.now():
            return held.who
        if held is not None or token.startswith(("ya29.", "expired", "invalid")):
            raise _unauthenticated("Request had invalid authentication credentials.")
        return Principal(ANYBODY)

    def revoke(self, token: str) -> bool:
        """Take back a token; with a refresh token goes all that its client was given. False if it is nobody's."""
        held = self.refresh.pop(token, None) or self.access.pop(token, None)
        if held is not None and held.client:
            gone = {
                one for one, other in self.access.items() if (other.client, other.who.email) == (held.client, held.who.email)
            }
            self.access = {one: other for one, other in self.access.items() if one not in gone}
            self.consented.discard((held.who.email, held.client))
        return held is not None

    def give(self, who: Principal, client: str = "", **more: Any) -> Json:
        """A token answer for *who*, given to *client* if it was a person who consented."""
        token = self.world.new_id(120, "ya29.")
        self.access[token] = _Grant(who, self.world.clock.now() + LIFE, client)
        scope = " ".join(who.scopes)
        return {"access_token": token, "expires_in": int(LIFE.total_seconds()), "token_type": "Bearer", "scope": scope} | more


def _unauthenticated(problem: str) -> GoogleError:
    expected = (
        " Expected OAuth 2 access token, login cookie or other valid authentication credential. "
        "See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    return GoogleError(401, problem + expected, "authError", "Authorization", "header")


def check_scopes(who: Principal, api: str, reads: bool) -> None:
    """403 if the token's scopes do not reach. A token without any scope may do everything."""
    if not who.scopes:
        return
    writing, reading = SCOPES[api]
    held = {_OLD.get(scope, scope.removeprefix("https://www.googleapis.com/auth/")) for scope in who.scopes}
    if not held & set(writing + (reading if reads else ())):
        raise GoogleError(403, "Request had insufficient authentication scopes.", "insufficientPermissions")


# ---------------------------------------------------------------- keys


@cache
def _key(name: str) -> rsa.RSAPrivateKey:
    """One key a process for each *name*; making one takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _pem(key: rsa.RSAPrivateKey) -> str:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()


def public_pem(name: str) -> str:
    """The public half of the key *name*."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return _key(name).public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def key_set() -> Json:
    """JWKS."""

    def number(value: int) -> str:
        return base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()

    numbers = _key(KEY_ID).public_key().public_numbers()
    one = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID, "n": number(numbers.n), "e": number(numbers.e)}
    return {"keys": [one]}


@cache
def certificates() -> dict[str, str]:
    """The same key as a certificate, as google-auth fetches it."""
    key = _key(KEY_ID)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "federated-signon.system.gserviceaccount.com")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1))  # noqa: DTZ001 - the builder takes UTC without a zone
        .not_valid_after(datetime(2049, 1, 1))  # noqa: DTZ001 - the builder takes UTC without a zone
        .sign(key, hashes.SHA256())
    )
    return {KEY_ID: made.public_bytes(serialization.Encoding.PEM).decode()}


def credentials(base: str) -> Json:
    """A credentials file for the emulator's own service account."""
    return {
        "type": "service_account",
        "project_id": "throughline-emulator",
        "private_key_id": CREDENTIALS_KEY_ID,
        "private_key": _pem(_key(CREDENTIALS_KEY_ID)),
        "client_email": SERVICE_ACCOUNT,
        "client_id": permission_id("user", SERVICE_ACCOUNT),
        "auth_uri": f"{base}/o/oauth2/v2/auth",
        "token_uri": f"{base}/token",
        "auth_provider_x509_cert_url": f"{base}/oauth2/v1/certs",
        "client_x509_cert_url": f"{base}/robot/v1/metadata/x509/{SERVICE_ACCOUNT}",
        "universe_domain": "googleapis.com",
    }


def configuration(base: str) -> Json:
    """OpenID discovery."""
    return {
        "issuer": base,
        "authorization_endpoint": f"{base}/o/oauth2/v2/auth",
        "token_endpoint": f"{base}/token",
        "userinfo_endpoint": f"{base}/v1/userinfo",
        "revocation_endpoint": f"{base}/revoke",
        "jwks_uri": f"{base}/oauth2/v3/certs",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": ["aud", "email", "email_verified", "exp", "family_name", "given_name", "iat", "iss", "name", "sub"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "grant_types_supported": ["authorization_code", "refresh_token", JWT_GRANT],
    }


# ---------------------------------------------------------------- grants


def profile(world: World, email: str) -> Json:
    """What Google tells of an account."""
    name = world.people.get(email, {}).get("name", {})
    found: Json = {"sub": permission_id("user", email), "email": email, "email_verified": True}
    found |= {
        "name": name.get("fullName", email),
        "given_name": name.get("givenName", ""),
        "family_name": name.get("familyName", ""),
    }
    if email in world.people:
        found["hd"] = email.rpartition("@")[2]
    return found


def identity(world: World, issuer: str, audience: str, email: str, nonce: str = "") -> str:
    """A signed id token."""
    now = int(world.clock.now().timestamp())
    claims: Json = {"iss": issuer, "aud": audience, "azp": audience, "iat": now, "exp": now + 3600} | profile(world, email)
    if nonce:
        claims["nonce"] = nonce
    signer = crypt.RSASigner.from_string(_pem(_key(KEY_ID)), KEY_ID)  # type: ignore[no-untyped-call]
    return bytes(jwt.encode(signer, claims)).decode()  # type: ignore[no-untyped-call]


def consent(tokens: Tokens, asked: Mapping[str, str]) -> str:
    """Where the browser goes after consent, which is given at once, by the account of `login_hint` or by HR."""
    world = tokens.world
    if asked.get("response_type") != "code" or not asked.get("redirect_uri"):
        raise Refused("invalid_request", "response_type=code and redirect_uri are needed.")
    first = next(iter(world.people), ANYBODY)
    email = (asked.get("login_hint") or first).lower()
    who = Principal(email, asked.get("client_id") or "project", scopes=tuple((asked.get("scope") or "").split()))
    code = world.new_id(73, "4/0")
    tokens.codes[code] = _Grant(
        who,
        world.clock.now() + timedelta(minutes=10),
        asked.get("client_id") or "",
        asked.get("nonce") or "",
        asked.get("code_challenge") or "",
        str(asked["redirect_uri"]),
        _lasts(tokens, email, asked),
    )
    answer = {"code": code, "scope": asked.get("scope") or ""} | ({"state": asked["state"]} if asked.get("state") else {})
    glue = "&" if "?" in str(asked["redirect_uri"]) else "?"
    return f"{asked['redirect_uri']}{glue}{urlencode(answer)}"


def _lasts(tokens: Tokens, email: str, asked: Mapping[str, str]) -> bool:
    """Whether a refresh token comes of this consent: the first that asks for one gives it, a later one has to insist."""
    if asked.get("access_type") != "offline":
        return False
    first = (email, asked.get("client_id") or "") not in tokens.consented
    tokens.consented.add((email, asked.get("client_id") or ""))
    return first or "consent" in (asked.get("prompt") or "").split()


def exchange(tokens: Tokens, form: Mapping[str, str], issuer: str) -> tuple[Json, str]:
    """The answer of the token endpoint, and a note for the log. Raises `Refused`."""
    kind = form.get("grant_type")
    if kind == JWT_GRANT:
        return _service_account(tokens, form.get("assertion") or "", issuer)
    if kind == "refresh_token":
        return _refreshed(tokens, form), ""
    if kind == "authorization_code":
        return _code(tokens, form, issuer), ""
    raise Refused("unsupported_grant_type", f"Invalid grant_type: {kind}")


def _refreshed(tokens: Tokens, form: Mapping[str, str]) -> Json:
    """A token for what a person consented to, or for less of it."""
    held = tokens.refresh.get(form.get("refresh_token") or "")
    if held is None:
        raise Refused("invalid_grant", "Token has been expired or revoked.")
    if held.client != (form.get("client_id") or ""):
        raise Refused("unauthorized_client", "Unauthorized")
    scopes = tuple((form.get("scope") or "").split()) or held.who.scopes
    if not set(scopes) <= set(held.who.scopes):
        raise Refused("invalid_scope", "Bad Request")
    return tokens.give(replace(held.who, scopes=scopes), held.client)


def _code(tokens: Tokens, form: Mapping[str, str], issuer: str) -> Json:
    held = tokens.codes.pop(form.get("code") or "", None)
    if held is None or held.until < tokens.world.clock.now():
        raise Refused("invalid_grant", "Bad Request")
    if form.get("redirect_uri") != held.redirect:
        raise Refused("redirect_uri_mismatch", "Bad Request")
    verifier = form.get("code_verifier") or ""
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    if held.challenge and held.challenge not in (digest, verifier):
        raise Refused("invalid_grant", "Invalid code verifier.")
    more: Json = {}
    if held.offline:
        more["refresh_token"] = tokens.world.new_id(103, "1//0")
        tokens.refresh[more["refresh_token"]] = held
    if "openid" in held.who.scopes:
        more["id_token"] = identity(tokens.world, issuer, held.client, held.who.email, held.nonce)
    return tokens.give(held.who, held.client, **more)


def _service_account(tokens: Tokens, assertion: str, issuer: str) -> tuple[Json, str]:
    try:
        claims = json.loads(base64.urlsafe_b64decode(assertion.split(".")[1] + "=="))
        email = str(claims["iss"]).lower()
        life = int(claims["exp"]) - int(claims["iat"])
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise Refused("invalid_grant", "Bad Request") from error
    if life > 3700:
        raise Refused(
            "invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
        )
    known = tokens.keys.get(email)
    note = "" if known else f"The signature was not checked: the key of {email} is not in the seed."
    if known:
        _verify(assertion, known)
    scopes = tuple(str(claims.get("scope") or "").split())
    project = email.rpartition("@")[2].partition(".")[0]
    subject = str(claims.get("sub") or "").lower()
    if subject and subject != email:
        if subject not in tokens.world.people:
            raise Refused("invalid_grant", "Invalid email or User ID")
        return tokens.give(Principal(subject, project, scopes=scopes)), note
    if claims.get("target_audience"):
        return {"id_token": identity(tokens.world, issuer, str(claims["target_audience"]), email)}, note
    stores = tokens.storing.get(email, True)
    if stores:
        used_before(tokens.world, email)
    return tokens.give(Principal(email, project, True, scopes, stores)), note


def _verify(assertion: str, key: str) -> None:
    signed, _, signature = assertion.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    try:
        good = crypt.RSAVerifier.from_string(key).verify(signed.encode(), raw)  # type: ignore[no-untyped-call]
    except (ValueError, exceptions.GoogleAuthError):
        good = False
    if not good:
        raise Refused("invalid_grant", "Invalid JWT Signature.")
