"""`/healthz`, `/readyz`, `/_ah/warmup`: for whatever watches over the processes. Nobody's data, and no sign-in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from flask import Blueprint, Response, current_app, jsonify

from addon.company import Company
from sync.store.database import HEAD
from sync.store.queries import jobs

pages = Blueprint("health", __name__)
SILENCE = timedelta(seconds=60)
"""After so long without a sign of life no worker is taken to be there."""


@pages.get("/healthz")
def healthz() -> Response:
    """This process answers."""
    return jsonify({"ok": True})


@pages.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Whether everything that pages and jobs rest on is there; 503 names what is not."""
    company: Company = current_app.extensions["company"]
    found = {name: _asked(ping, company) for name, ping in PINGS.items()}
    ready = all(answer == "ok" for answer in found.values())
    return jsonify({"ok": ready, **found}), 200 if ready else 503


@pages.get("/_ah/warmup")
def warmup() -> tuple[str, int]:
    """App Engine asks for this before it sends anybody here: what a first page would wait for is opened now."""
    company: Company = current_app.extensions["company"]
    company.directory  # noqa: B018 - reading it is the work
    return "", 204


def _asked(ping: Callable[[Company], str], company: Company) -> str:
    try:
        return ping(company)
    except Exception as error:  # whatever is wrong with it, it is not there; its words may hold a password
        return f"does not answer ({type(error.__cause__ or error).__name__})"


def _database(company: Company) -> str:
    with company.looked_at.write():
        return "ok"


def _schema(company: Company) -> str:
    found = company.looked_at.revision
    return "ok" if found == HEAD else f"is at revision {found or 'none'}, this program knows {HEAD}"


def _worker(company: Company) -> str:
    with company.looked_at.read() as tx:
        seen = [slot.seen_at for slot in jobs.slots(tx)]
    if not seen:
        return "none runs: start `throughline worker`"
    silent = company.real_now - max(seen)
    return "ok" if silent <= SILENCE else f"was last heard of {int(silent.total_seconds())} seconds ago"


PINGS: Mapping[str, Callable[[Company], str]] = {"database": _database, "schema": _schema, "worker": _worker}
