"""Sessions: a random token in a cookie, its hash in the database. Every request finds its person here, or nobody."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from flask import Flask, Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from addon.company import Company
from addon.web.safety import is_for_platforms
from addon.web.seat import Seat, company
from sync.access import Directory, Viewer
from sync.records import Person
from sync.store.queries import reviews, sessions

LASTS = timedelta(days=7)
#: Endpoints that anybody may ask for. Everything else needs somebody who is signed in.
OPEN = frozenset(
    {"asset", "health.healthz", "health.readyz", "health.warmup", "reminders.calendar", "reminders.ask", "reminders.end"}
)


def setup_sessions(app: Flask) -> None:
    """Find out before each request who it is; send those who are nobody yet to the sign-in page."""
    app.before_request(_guard)


def cookie_name() -> str:
    """The `__Host-` prefix binds the cookie to this host and to TLS."""
    return "throughline" if company().settings.plain_http else "__Host-throughline"


def person_of_email(directory: Directory, email: str, day: date) -> Person | None:
    """The one active person who has this address. Who had it before is nobody: the mailbox may be another's by now."""
    wanted = _lowered(email.strip())
    found = [one for one in directory.people if wanted and one.email == wanted and one.active(day)]
    return found[0] if len(found) == 1 else None


def _lowered(email: str) -> str:
    """Small letters, as the directory keeps addresses; "" where a letter of another alphabet would become one of ours."""
    return "" if any(sign.lower().isascii() and not sign.isascii() for sign in email) else email.lower()


def begin(answer: AnyResponse, person: Person, how: str) -> AnyResponse:
    """Sign *person* in with a fresh token: whatever token the browser held before is worth nothing afterwards."""
    here = company()
    token = secrets.token_urlsafe(32)
    with here.store.write() as tx:
        if former := request.cookies.get(cookie_name()):
            sessions.end(tx, former)
        sessions.begin(tx, token, person.id, here.real_now, LASTS)
        reviews.note(tx, here.now, person.id, "sign-in", person.id, how)
    answer.set_cookie(
        cookie_name(),
        token,
        max_age=LASTS,
        secure=not here.settings.plain_http,
        httponly=True,
        samesite="Lax",
    )
    return answer


def end(answer: AnyResponse) -> AnyResponse:
    """Sign out this browser."""
    if token := request.cookies.get(cookie_name()):
        with company().store.write() as tx:
            sessions.end(tx, token)
    answer.delete_cookie(cookie_name(), secure=not company().settings.plain_http, httponly=True, samesite="Lax")
    return answer


def take_seat(here: Company, person_id: str) -> Seat | None:
    """The seat of that person, unless they no longer work here."""
    directory = here.directory
    person = directory.person(person_id)
    if person is None or not person.active(here.today):
        return None
    return Seat(here, Viewer(person_id, directory), person, here.today)


def _guard() -> Response | AnyResponse | None:
    if is_for_platforms():
        g.seat = None
        return None
    g.seat = _seated()
    endpoint = request.endpoint or ""
    if g.seat is not None or endpoint in OPEN or endpoint.startswith("signin."):
        return None
    if not endpoint or request.method != "GET":
        # An address that does not exist and one that is somebody else's look the same from outside.
        return redirect(url_for("signin.page"), 303)
    return redirect(url_for("signin.page", next=request.full_path.rstrip("?")), 303)


def _seated() -> Seat | None:
    token = request.cookies.get(cookie_name())
    if not token or request.endpoint in OPEN:
        return None
    here = company()
    now = here.real_now
    with here.store.read() as tx:
        found = sessions.whose(tx, token, now)
    if found is None:
        return None
    person_id, note_use = found
    if note_use:
        with here.store.write() as tx:
            sessions.seen(tx, token, now)
    return take_seat(here, person_id)
