"""Who is let in: Google, for this company's sidebar, on behalf of one of its people. Everybody else gets a 401 and no word."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from flask import Response, current_app, g, request

from addon.cards import answers, caller
from addon.cards.drawing import Json, Place
from addon.cards.event import EMAIL, event_of
from addon.cards.keys import Keys, NoKeys
from addon.cards.manifest import NAME, addresses
from addon.cards.widgets import Card
from addon.my.cards import plain_card
from addon.signin import accounts, provider
from addon.signin.sessions import take_seat
from addon.web.seat import company
from sync.store.queries import reviews

LARGEST_CALL = 1024 * 1024
STRANGER = "Your account is not on your company's list in Throughline. HR can add your address, or unbind your former account."
AUDIT_SECONDS = 60
"""Of calls that prove nothing, one of each kind in so many seconds is written down: a flood fills no disk."""


@dataclass
class _Refusals:
    """When each kind of call that proves nothing was written down last."""

    last: dict[tuple[str, str], float] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def is_due(self, path: str, reason: str) -> bool:
        """Whether to write this one down."""
        with self.lock:
            now = time.monotonic()
            if now - self.last.get((path, reason), float("-inf")) < AUDIT_SECONDS:
                return False
            self.last[path, reason] = now
            return True


def place() -> Place:
    """Where Google reaches us."""
    return Place(company().settings.public_url)


def expected() -> caller.Expected:
    """What the tokens of this company's sidebar say."""
    settings = company().settings
    return caller.Expected(
        addresses(place()), settings.addon_service_account, settings.addon_client_id, frozenset(settings.addon_domains)
    )


def let_in(shown: Callable[[Card], Json]) -> Response | Json | None:
    """Take the seat of the person for whom Google calls; otherwise the answer that ends the call.

    The body is read only once Google has proved itself. *shown* makes an answer of a card.
    """
    keys: Keys = current_app.extensions.setdefault("google-keys", Keys())
    now = company().real_now.timestamp()
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        caller.google(token.strip() if kind.lower() == "bearer" else "", expected(), keys, now)
        if request.content_length is None or request.content_length > LARGEST_CALL:
            return Response(status=413)
        g.event = event_of(request.get_json(force=True, silent=True))
        if not g.event.user_token:
            return answers.scopes_wanted([EMAIL])
        who = caller.person(g.event.user_token, expected(), keys, now)
    except caller.NotThem as problem:
        return _refused(problem.reason)
    except NoKeys as problem:
        current_app.logger.warning("sidebar: %s", problem)
        return Response(status=503)
    here = company()
    claims = {"iss": caller.ISSUER, "sub": who.subject, "email": who.email, "email_verified": True}
    try:
        person = accounts.person_of(here, claims)
    except provider.NotThem:
        return shown(plain_card(NAME, STRANGER))
    g.seat = take_seat(here, person.id)
    return None


def _refused(reason: str) -> Response:
    told: _Refusals = current_app.extensions.setdefault("sidebar-refusals", _Refusals())
    if told.is_due(request.path, reason):
        here = company()
        with here.store.write() as tx:
            reviews.note(tx, here.now, "unknown", "sidebar refused", request.path, reason)
    return Response(status=401)
