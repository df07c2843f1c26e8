"""The sign-in pages."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from addon.signin import provider
from addon.signin.accounts import person_of
from addon.signin.sessions import begin, end, take_seat
from addon.web.safety import SIGN_IN_RATE, limiter
from addon.web.seat import company, seat
from sync.store.queries import people, reviews, sessions

pages = Blueprint("signin", __name__)
log = logging.getLogger("throughline.signin")
_LONGEST_NEXT = 500


@pages.get("/signin")
def page() -> str | Response:
    """How to get in."""
    if g.get("seat") is not None:
        return redirect(_safe_next(request.args.get("next")), 303)
    if _is_demo():
        return _as_hr(_safe_next(request.args.get("next")))
    provider_is_set = bool(company().settings.oidc_issuer)
    return render_template("signin/page.html", provider=provider_is_set, next=_safe_next(request.args.get("next")))


@pages.get("/signin/provider")
@limiter.limit(SIGN_IN_RATE)
def start() -> Response:
    """On to the company's provider.

    By a link, not by a form: browsers hold a form to the policy of its page through every redirect, and a provider may send
    people on to sites that only it knows. What is begun here ends with the account of whoever signs in there, wherever it was
    begun.
    """
    here = company()
    if not here.settings.oidc_issuer:
        abort(404)
    session["next"] = _safe_next(request.args.get("next"))
    try:
        answer: Response = provider.client(here.settings).authorize_redirect(here.settings.public_url + url_for("signin.back"))
    except Exception as error:
        log.error("the identity provider cannot be reached: %s", type(error).__name__)
        return _refused("your company's sign-in service cannot be reached right now: try again in a minute")
    return answer


@pages.get("/signin/return")
@limiter.limit(SIGN_IN_RATE)
def back() -> Response:
    """Back from the provider: the answer is checked, the account's person is found, a fresh session begins."""
    here = company()
    if not here.settings.oidc_issuer:
        abort(404)
    try:
        person = person_of(here, provider.claims(here.settings))
    except provider.NotThem as error:
        log.warning("a sign-in was refused: %s", type(error.__cause__ or error).__name__)
        return _refused(str(error), error.reason, error.person_id)
    onward = session.get("next")
    session.clear()
    return begin(redirect(_safe_next(onward), 303), person, "provider")


@pages.get("/signin/link/<token>")
@limiter.limit(SIGN_IN_RATE)
def link(token: str) -> str | tuple[str, int]:
    """Ask before the link is used up: mail scanners open links too."""
    here = company()
    with here.store.read() as tx:
        person_id = sessions.link_of(tx, token, here.real_now)
    person = here.directory.person(person_id) if person_id else None
    if person is None or not person.active(here.today):
        return render_template("signin/spent.html"), 404
    return render_template("signin/link.html", person=person, token=token)


@pages.post("/signin/link/<token>")
@limiter.limit(SIGN_IN_RATE)
def use_link(token: str) -> Response | tuple[str, int]:
    """Sign in, once."""
    here = company()
    with here.store.write() as tx:
        person_id = sessions.use_link(tx, token, here.real_now)
    mine = take_seat(here, person_id) if person_id else None
    if mine is None:
        return render_template("signin/spent.html"), 404
    session.clear()
    return begin(redirect("/", 303), mine.me, "link")


@pages.post("/signout")
def leave() -> Response:
    """Sign out this browser."""
    session.clear()
    return end(redirect(url_for("signin.switcher" if _is_demo() else "signin.page"), 303))


@pages.post("/signout/everywhere")
def leave_everywhere() -> Response:
    """Sign out every device of this person."""
    mine = seat()
    with mine.company.store.write() as tx:
        sessions.end_all(tx, mine.me.id)
        reviews.note(tx, mine.company.now, mine.me.id, "sign-out-everywhere", mine.me.id)
    session.clear()
    return end(redirect(url_for("signin.page"), 303))


# ---------------------------------------------------------------- the demo's switcher


@pages.get("/signin/as")
def switcher() -> str:
    """In a demo: choose whose eyes to look through. In a real company this page does not exist."""
    _demo_only()
    here = company()
    directory = here.directory
    rows = [
        (one, directory.name(one.manager_at(here.today)), len(directory.reports_at(one.id, here.today)))
        for one in directory.people
        if one.active(here.today)
    ]
    rows.sort(key=lambda row: (-row[2], row[0].name))
    with here.store.read() as tx:
        organisation = people.setting(tx, "organisation")
    return render_template("signin/switcher.html", rows=rows, organisation=organisation, today=here.today)


@pages.post("/signin/as")
def switch() -> Response:
    """In a demo: look through these eyes from now on."""
    _demo_only()
    mine = take_seat(company(), request.form.get("person", ""))
    if mine is None:
        abort(404)
    session.clear()
    return begin(redirect(_safe_next(request.form.get("next")), 303), mine.me, "demo switcher")


def _as_hr(onward: str) -> Response:
    """In a demo the first look is HR's; the switcher leads on."""
    here = company()
    hr = next((one for one in here.directory.people if one.access == "hr" and one.active(here.today)), None)
    return begin(redirect(onward, 303), hr, "demo") if hr else redirect(url_for("signin.switcher"), 303)


def _demo_only() -> None:
    if not _is_demo():
        abort(404)


def _is_demo() -> bool:
    return bool(company().is_demo)


def _refused(sentence: str, reason: str = "", person_id: str = "") -> Response:
    """Say so on the sign-in page and in the audit log, where *reason* stands for a sentence that names somebody."""
    here = company()
    with here.store.write() as tx:
        reviews.note(tx, here.now, "sign-in", "sign-in-refused", person_id, (reason or sentence)[:200])
    flash(f"Not signed in: {sentence}.", "problem")
    onward = _safe_next(session.pop("next", None))
    return redirect(url_for("signin.page", next=None if onward == "/" else onward), 303)


def _safe_next(wanted: str | None) -> str:
    """A path of this console; anything else, and anything that could leave it, is the first page."""
    if not wanted or len(wanted) > _LONGEST_NEXT or not wanted.startswith("/") or wanted.startswith(("//", "/\\", "/signin")):
        return "/"
    parts = urlsplit(wanted)
    return "/" if parts.scheme or parts.netloc or any(ord(sign) < 32 for sign in wanted) else wanted
