"""HR's page of connections: connect Notion or Google in numbered steps, see how it stands, mend what is in the way.

Nothing here waits for a platform but the moment in which somebody comes back from signing in there: a worker connects.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from addon.company import new_id
from addon.connections import consent
from addon.connections.connecting import ask_for
from addon.connections.sealing import sealed
from addon.connections.standing import standing
from addon.hooks.heeding import DRAFT, EXPECTED, SUBMIT
from addon.jobs.asking import ask
from addon.my.looking import workspace_name
from addon.terminal import BadInput
from addon.web.safety import WRITE_RATE, limiter
from addon.web.seat import Seat, require
from connectors.workspace import WorkspaceError
from sync.access import Action
from sync.jobs import Job
from sync.store.queries import connections, hooks, people, reviews

pages = Blueprint("connections", __name__, url_prefix="/company/connect")

EXPECTING = timedelta(minutes=30)
LARGEST_KEY = 64 * 1024
PLANS = ("business", "enterprise", "plus", "free")
_PLACE = "connect.place"


@pages.get("/")
def shown() -> str:
    """How the connection stands, and the steps to make one."""
    mine = require(Action.PROVISION)
    return _page(mine)


@pages.post("/check")
@limiter.limit(WRITE_RATE)
def check() -> Response:
    """Have a worker look what the connection may do."""
    mine = require(Action.PROVISION)
    ask(mine.company, Job.CHECK)
    return _back("The connection is being checked. Load the page again in a moment.")


@pages.post("/confirm")
@limiter.limit(WRITE_RATE)
def confirm() -> Response:
    """Somebody of HR has set the access rule of a database in Notion: its documents may be made."""
    from addon.connections.rules import kind_called

    mine = require(Action.PROVISION)
    kind = kind_called(request.form.get("database", "")[:80])
    if not kind:
        abort(400)
    with mine.company.store.write() as tx:
        connections.confirm(tx, "notion", connections.Confirmation(kind, mine.me.name, mine.company.now))
        reviews.note(tx, mine.company.now, mine.me.id, "confirm-access", kind)
    ask(mine.company, Job.CHECK)
    return _back("Noted. The next plan makes what was held back.")


# ---------------------------------------------------------------- with a token or a key


@pages.post("/notion")
@limiter.limit(WRITE_RATE)
def notion() -> Response:
    """Connect with the token of an internal connection."""
    mine = require(Action.PROVISION)
    token = request.form.get("token", "").strip()
    try:
        place = _notion_place(mine)
        if not token or len(token) > 500 or any(sign.isspace() for sign in token) or not token.isascii():
            raise BadInput("the token is one word, such as ntn_…: copy it once more from Notion")
    except BadInput as error:
        return _back(f"Not connected: {error}.", "problem")
    return _asked(mine, "notion", token, place)


@pages.post("/google")
@limiter.limit(WRITE_RATE)
def google() -> Response:
    """Connect with the key of a service account."""
    mine = require(Action.PROVISION)
    file = request.files.get("key")
    data = file.read(LARGEST_KEY + 1) if file else b""
    try:
        place = _google_place(mine)
        if not data or len(data) > LARGEST_KEY:
            raise BadInput("choose the JSON key of the service account, as Google's console saved it")
        secret = data.decode("utf-8")
    except UnicodeDecodeError:
        return _back("Not connected: the file is no text: choose the JSON key of the service account.", "problem")
    except BadInput as error:
        return _back(f"Not connected: {error}.", "problem")
    return _asked(mine, "google", secret, place)


# ---------------------------------------------------------------- by signing in


@pages.post("/<platform>/start")
@limiter.limit(WRITE_RATE)
def start(platform: str) -> str | Response:
    """On to the platform, where somebody allows it. Without a place, the one that is connected already."""
    mine = _offered(platform)
    try:
        place = _notion_place(mine) if platform == "notion" else _google_place(mine)
        back = _return_address(mine, platform)
        to_notion = platform == "notion"
        address = (
            consent.notion_address(mine.company.settings, back)
            if to_notion
            else consent.google_address(mine.company.settings, back)
        )
    except BadInput as error:
        return _back(f"Not connected: {error}.", "problem")
    session[_PLACE] = place
    # A page between: browsers let no form lead to another site, as ours are told to.
    return render_template("connections/onward.html", address=address, name="Notion" if to_notion else "Google")


@pages.get("/<platform>/return")
@limiter.limit(WRITE_RATE)
def back(platform: str) -> Response:
    """Back from the platform."""
    mine = _offered(platform)
    place = session.pop(_PLACE, None)
    try:
        if not place:
            raise BadInput("the sign-in was begun elsewhere or is too old: start it again")
        settings = mine.company.settings
        if platform == "notion":
            secret = consent.notion_secret(settings, _return_address(mine, platform))
        else:
            secret = consent.google_secret(settings)
    except (BadInput, WorkspaceError) as error:
        return _back(f"Not connected: {str(error).rstrip('.')}.", "problem")
    return _asked(mine, platform, secret, {**place, "signed_in": True})


# ---------------------------------------------------------------- who tells of changes


@pages.post("/hooks/expect")
@limiter.limit(WRITE_RATE)
def expect() -> Response:
    """For half an hour, take the token that Notion sends when somebody adds our address there."""
    mine = require(Action.PROVISION)
    with mine.company.store.write() as tx:
        people.set_setting(tx, EXPECTED, (mine.company.real_now + EXPECTING).isoformat())
    return _back("Now add the address in Notion: its token appears here within a minute.", at="notices")


@pages.post("/hooks/trust")
@limiter.limit(WRITE_RATE)
def trust() -> Response:
    """Notion took the token that HR brought back: from now on it proves notices."""
    mine = require(Action.PROVISION)
    with mine.company.store.write() as tx:
        if hooks.trust(tx, request.form.get("secret", "")[:16]):
            reviews.note(tx, mine.company.now, mine.me.id, "trust-webhook", "notion")
    return _back("Changes in Notion arrive within seconds from now on.", at="notices")


@pages.post("/hooks/forget")
@limiter.limit(WRITE_RATE)
def forget() -> Response:
    """A secret proves nothing any more."""
    mine = require(Action.PROVISION)
    with mine.company.store.write() as tx:
        hooks.forget_secret(tx, request.form.get("secret", "")[:16])
        reviews.note(tx, mine.company.now, mine.me.id, "forget-webhook", "notion")
    return _back("It is forgotten: notices that it proves are refused.", at="notices")


@pages.post("/hooks/button")
@limiter.limit(WRITE_RATE)
def button() -> str:
    """A new secret for the buttons of databases, shown this once."""
    mine = require(Action.PROVISION)
    token = secrets.token_urlsafe(32)
    with mine.company.store.write() as tx:
        secret = sealed(mine.company.settings, token)
        hooks.keep_secret(tx, hooks.Secret(new_id(), hooks.BUTTON, secret, True, mine.company.real_now))
        reviews.note(tx, mine.company.now, mine.me.id, "button-secret", "notion")
    return _page(mine, new_secret=token)


# ---------------------------------------------------------------- details


def _page(mine: Seat, new_secret: str = "") -> str:
    company = mine.company
    with company.store.read() as tx:
        found = standing(company, workspace_name(tx))
    return render_template(
        "connections/shown.html",
        now=found,
        offers=consent.offers(company.settings),
        plans=PLANS,
        public_url=company.settings.public_url,
        plain_http=company.settings.plain_http,
        new_secret=new_secret,
        actions=(SUBMIT, DRAFT),
        return_address=lambda platform: _return_address(mine, platform),
    )


def _offered(platform: str) -> Seat:
    """The seat, where the company has registered a connection to sign in with."""
    mine = require(Action.PROVISION)
    if not consent.offers(mine.company.settings).get(platform):
        abort(404)
    return mine


def _return_address(mine: Seat, platform: str) -> str:
    return mine.company.settings.public_url + url_for("connections.back", platform=platform)


def _notion_place(mine: Seat) -> dict[str, Any]:
    """Where in Notion, out of the form, else as it is connected. Raises BadInput."""
    from addon.connections.commands import page_id

    api, link = mine.company.settings.notion_api, request.form.get("parent", "").strip()
    if not link and (known := standing(mine.company, "notion").connected):
        return dict(known.settings)
    plan = request.form.get("plan", PLANS[0])
    if plan not in PLANS:
        abort(400)
    stated = {"plan": "off" if api else plan, "plan_stated": "plan" in request.form}
    return {"parent": page_id(link), **stated} | ({"api": api} if api else {})


def _google_place(mine: Seat) -> dict[str, Any]:
    """Where in Drive, out of the form, else as it is connected. Raises BadInput."""
    from addon.connections.google_commands import root_id

    api, link = mine.company.settings.google_api, request.form.get("drive", "").strip()
    if not link and (known := standing(mine.company, "google").connected):
        kept = ("root", "domain", "directory_admin", "quota", "api")
        return {name: known.settings[name] for name in kept if name in known.settings}
    domain = request.form.get("domain", "").strip().lower()[:200]
    return {"root": root_id(link), "domain": domain, "directory_admin": "", "quota": "off" if api else "on", "api": api}


def _asked(mine: Seat, platform: str, secret: str, place: dict[str, Any]) -> Response:
    try:
        ask_for(mine.company, platform, secret, place, mine.me.id)
    except BadInput as error:
        return _back(f"Not connected: {error}.", "problem")
    return _back("A worker is connecting. Load the page again in a moment.")


def _back(sentence: str, kind: str = "done", at: str = "") -> Response:
    flash(sentence, kind)
    return redirect(url_for("connections.shown", _anchor=at or None), 303)
