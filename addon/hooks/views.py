"""The addresses to which Notion and Drive send their notices. Nobody is signed in here: each request proves itself.

The answers say as little as the platforms need: 202 for what was proven, whether or not there is anything to do; 401
without a word for what was not; 400, 413 and 415 for what cannot be read.
"""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from addon.hooks import heeding, knowing
from addon.web.seat import company
from connectors.hooks import Event, Handshake, Heard, Press, Refusal
from sync.store.queries import hooks

pages = Blueprint("hooks", __name__, url_prefix="/hooks")

LARGEST = 256 * 1024
"""Notices hold ids; a button's holds the properties of one row."""
JSON = "application/json"
_STATUS = {Refusal.FORGED: 401, Refusal.BROKEN: 400}


@pages.post("/notion")
def notion() -> Response:
    """A notice of a subscription, or the handshake that begins one."""
    from connectors.notion import webhooks

    raw = _raw()
    if isinstance(raw, Response):
        return raw
    here = company()
    said = webhooks.heard(raw, dict(request.headers), knowing.of_notion(here, hooks.NOTION))
    if isinstance(said, Handshake):
        return Response(status=202 if heeding.offer(here, said) else 401)
    return _heeded(said, "notion")


@pages.post("/notion/button")
def button() -> Response:
    """Somebody pressed a button beside a row."""
    from connectors.notion import webhooks

    raw = _raw()
    if isinstance(raw, Response):
        return raw
    here = company()
    said = webhooks.pressed(raw, dict(request.headers), knowing.of_notion(here, hooks.BUTTON))
    if isinstance(said, Press):
        heeding.press(here, said)
        return Response(status=202)
    return _heeded(said, "notion")


@pages.post("/drive")
def drive() -> Response:
    """A notice of a channel."""
    from connectors.google import webhooks

    raw = _raw(empty=True)
    if isinstance(raw, Response):
        return raw
    here, channel_id = company(), request.headers.get(webhooks.CHANNEL, "")
    said = webhooks.heard(raw, dict(request.headers), knowing.of_drive(here, channel_id))
    if isinstance(said, Event):
        heeding.note_channel(here, channel_id)
    return _heeded(said, "google")


def _raw(empty: bool = False) -> bytes | Response:
    """The bytes as they came, or why they are not read. *empty* is whether a notice may have no body, and then no type."""
    request.max_content_length = LARGEST
    try:
        raw = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return Response(status=413)
    if request.mimetype != JSON and (raw or not empty):
        return Response(status=415)
    return raw


def _heeded(said: Heard, workspace: str) -> Response:
    if isinstance(said, Refusal):
        return Response(status=_STATUS[said])
    if isinstance(said, Event):
        heeding.heed(company(), workspace, said)
    return Response(status=202)
