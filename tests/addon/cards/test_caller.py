"""Whoever cannot prove to be Google, calling for one of the company's people, gets a 401 and no word, at every address."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from addon.cards.manifest import CLICKS, TRIGGERS
from sync.store.queries import reviews
from tests.addon.cards.google import (
    BASE,
    CLIENT_ID,
    SERVICE_ACCOUNT,
    Google,
    KeyServer,
    card_of,
    signed,
    system_claims,
    user_claims,
    words_of,
)
from tests.addon.web.people import ADA, LEAVER

PATHS = tuple(f"/addon/{one}" for one in (*TRIGGERS, *CLICKS))
Claims = dict[str, Any]


def unsigned(claims: Claims) -> str:
    """A token that says it needs no signature."""
    parts = ({"alg": "none", "kid": "real"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts) + "."


def by_secret(claims: Claims) -> str:
    """A token signed with a secret that is no secret."""
    return jwt.encode({"alg": "HS256", "kid": "real"}, claims, OctKey.import_key("x" * 32), algorithms=["HS256"])


BAD: dict[str, Callable[[Claims], str | None]] = {
    "none": lambda _: None,
    "empty": lambda _: "",
    "nonsense": lambda _: "a.b.c",
    "no base64": lambda _: "ä.ö.ü",
    "deep": lambda _: base64.urlsafe_b64encode(b"[" * 5000).decode(),
    "long": lambda claims: signed(claims | {"more": "x" * 9000}),
    "unsigned": unsigned,
    "by a secret": by_secret,
    "forged": lambda claims: signed(claims, key="stranger", kid="real"),
    "by an unknown key": lambda claims: signed(claims, key="stranger"),
    "cut": lambda claims: signed(claims)[:-4] + "AAAA",
    "expired": lambda claims: signed(claims | {"exp": int(time.time()) - 60}),
    "from the future": lambda claims: signed(claims | {"iat": int(time.time()) + 600}),
    "without an end": lambda claims: signed(claims | {"exp": None}),
    "of another issuer": lambda claims: signed(claims | {"iss": "https://evil.example"}),
    "not verified": lambda claims: signed(claims | {"email_verified": False}),
    "verified in words": lambda claims: signed(claims | {"email_verified": "true"}),
}
BAD_SYSTEM = BAD | {
    "for another address": lambda claims: signed(claims | {"aud": BASE}),
    "for another program": lambda claims: signed(claims | {"aud": "https://evil.example/addon/home"}),
    "of another add-on": lambda claims: signed(claims | {"email": "other@gcp-sa-gsuiteaddons.iam.gserviceaccount.com"}),
    "of the person": lambda _: signed(user_claims(ADA.email)),
}
BAD_USER = {name: made for name, made in BAD.items() if name not in ("none", "empty")} | {
    "for another client": lambda claims: signed(claims | {"aud": "other.apps.googleusercontent.com"}),
    "of another domain": lambda claims: signed(claims | {"hd": "evil.example"}),
    "of no domain": lambda claims: signed(claims | {"hd": None}),
    "without an address": lambda claims: signed(claims | {"email": None}),
    "of Google itself": lambda _: signed(system_claims("/addon/home")),
}


def refusals(google: Google, path: str) -> list[str]:
    """The reason of every call of *path* that was written down as refused."""
    with google.office.company.store.read() as tx:
        return [detail for _, _, action, subject, detail in reviews.trail(tx) if (action, subject) == ("sidebar refused", path)]


@pytest.mark.parametrize("path", PATHS)
def test_no_bad_token_of_google_is_let_in(onlooker: Google, path: str) -> None:
    """Nobody gets anything at any address with a token that is forged, expired or somebody else's; each kind is audited."""
    body = onlooker.event(ADA)
    for name, made in BAD_SYSTEM.items():
        answer = onlooker.send(path, body, made(system_claims(path)))
        assert (answer.status_code, answer.get_data()) == (401, b""), name
    told = refusals(onlooker, path)
    assert set(told) == {
        "no token",
        "algorithm",
        "unknown key",
        "signature",
        "expired",
        "issuer",
        "audience",
        "service account",
    }
    onlooker.send(path, body, "a.b.c")
    assert refusals(onlooker, path) == told, "a flood of the same writes nothing more down"


@pytest.mark.parametrize("path", PATHS)
def test_no_bad_token_of_a_person_is_let_in(onlooker: Google, path: str) -> None:
    """The same for the token that says for whom Google calls."""
    for name, made in BAD_USER.items():
        body = onlooker.event(ADA)
        body["authorizationEventObject"]["userIdToken"] = made(user_claims(ADA.email))
        answer = onlooker.send(path, body, signed(system_claims(path)))
        assert (answer.status_code, answer.get_data()) == (401, b""), name
    assert set(refusals(onlooker, path)) >= {"user audience", "user address", "user domain", "user claims"}


@pytest.mark.parametrize("path", PATHS)
def test_who_does_not_say_for_whom_is_asked_to(onlooker: Google, path: str) -> None:
    """Where the person did not let Google tell us their address, Google is to ask them for exactly that."""
    body = onlooker.event(ADA)
    del body["authorizationEventObject"]["userIdToken"]
    answer = onlooker.send(path, body, signed(system_claims(path)))
    assert answer.get_json() == {"requesting_google_scopes": {"scopes": ["https://www.googleapis.com/auth/userinfo.email"]}}


@pytest.mark.parametrize("path", PATHS)
def test_a_good_token_is_let_in_within_the_leeway(onlooker: Google, path: str) -> None:
    """A clock that is some seconds off keeps nobody out, and a token for another address of ours is as good."""
    now = int(time.time())
    claims = system_claims("/addon/home") | {"iat": now + 5, "exp": now - 5, "iss": "accounts.google.com"}
    assert onlooker.send(path, onlooker.event(ADA), signed(claims)).status_code == 200


def test_the_emulated_google_is_let_in(google: Google) -> None:
    """Tokens as the emulator of Google signs them for a sidebar are good, too."""
    from connectors.emulator.clock import RealClock
    from connectors.google.emulator import auth
    from connectors.google.emulator.store import World

    world = World(RealClock())
    world.people[ADA.email] = {"name": {"fullName": ADA.name}}
    issuer = "https://accounts.google.com"
    body = google.event(ADA)
    body["authorizationEventObject"]["userIdToken"] = auth.identity(world, issuer, CLIENT_ID, ADA.email)
    answer = google.send("/addon/home", body, auth.identity(world, issuer, f"{BASE}/addon/home", SERVICE_ACCOUNT))
    assert card_of(answer.get_json())["header"]["title"] == "My day"


@pytest.mark.parametrize("what", ["home", "show"])
def test_somebody_whom_the_company_does_not_know_is_told_so(google: Google, what: str) -> None:
    """Somebody of the domain who is not on the list, or left, or writes from a former address, sees a card that says so."""
    from dataclasses import replace

    for person in (LEAVER, replace(ADA, email="nobody@example.org")):
        assert "HR can add your address" in words_of(card_of(google.call(what, person)))


def test_an_account_stays_whose_it_was_at_first(google: Google) -> None:
    """Whoever gets Ada's mailbox after her is not Ada; her own account is, whatever address it has by then."""
    assert card_of(google.call("home", ADA))["header"]["title"] == "My day"

    def sent(claims: Claims) -> str:
        body = google.event(ADA)
        body["authorizationEventObject"]["userIdToken"] = signed(claims)
        answer = google.send("/addon/home", body, signed(system_claims("/addon/home")))
        return words_of(card_of(answer.get_json()))

    assert "HR can add your address" in sent(user_claims(ADA.email) | {"sub": "somebody-new"})
    assert "My day" in sent(user_claims("ada.brandt@example.org") | {"sub": f"sub-{ADA.email}"})


def test_without_settings_nobody_is_let_in(google: Google) -> None:
    """A sidebar that was never set up lets nobody in, whatever they say."""
    from dataclasses import replace

    company = google.office.company
    company.settings = replace(company.settings, addon_service_account="")
    answer = google.send("/addon/home", google.event(ADA), signed(system_claims("/addon/home") | {"email": ""}))
    assert answer.status_code == 401
    assert refusals(google, "/addon/home") == ["not set up"]


def test_when_google_shows_no_keys_nobody_is_let_in(google: Google, keys: KeyServer) -> None:
    """It is not the caller's fault, so it is no 401; and no page waits for it again within a minute."""
    keys.is_down = True
    try:
        asked = keys.asked
        for _ in range(3):
            assert google.send("/addon/home", google.event(ADA), signed(system_claims("/addon/home"))).status_code == 503
        assert keys.asked == asked + 1
    finally:
        keys.is_down = False


def test_a_body_that_is_no_event_is_no_crash(google: Google) -> None:
    """After Google has proved itself, whatever it sends is read as far as it can be."""
    for body in ([], "x", 7, {"commonEventObject": [], "authorizationEventObject": "x"}):
        answer = google.send("/addon/home", body, signed(system_claims("/addon/home")))
        assert "requesting_google_scopes" in answer.get_json()
    huge = google.send("/addon/home", {"x": "y" * 2_000_000}, signed(system_claims("/addon/home")))
    assert huge.status_code == 413
