"""Faults as pages: one sentence, one way on, and no word about what the viewer may not know."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from sync.store import StoreError

log = logging.getLogger("throughline.web")

SENTENCES = {
    400: ("This request cannot be read", "Go back, load the page again and send the form once more."),
    404: ("There is no such page", "It may have moved, or it is not yours to see."),
    405: ("This page takes no such request", "Go back and use the buttons of the page."),
    413: ("That is too much at once", "Send at most 8 MB: split the file, or shorten the text."),
    429: ("Too many requests", "Wait a minute, then try again."),
    500: ("Something broke", "It has been noted. What you had saved before is kept; try again."),
    503: ("The database cannot be reached right now", "What was stored before is kept. Try again in a minute."),
}


def setup_problems(app: Flask) -> None:
    """Every fault goes through `_page`."""
    app.register_error_handler(
        CSRFError, lambda error: _page(400, "This form is out of date", "Load the page again and send it once more.")
    )
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StoreError, _store)
    app.register_error_handler(Exception, _unexpected)


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    return _page(error.code or 500)


def _store(error: StoreError) -> Response:
    log.error("store: %s", type(error).__name__)
    return _page(503)


def _unexpected(error: Exception) -> Response:
    # The class and the route, never the message: it may carry what people wrote.
    log.error("%s in %s", type(error).__name__, request.endpoint, exc_info=None)
    if request.environ.get("throughline.raise"):
        raise error
    return _page(500)


def _page(code: int, title: str = "", way_out: str = "") -> Response:
    known = SENTENCES.get(code, SENTENCES[500 if code >= 500 else 400])
    page = render_template(
        "problem.html", title=title or known[0], way_out=way_out or known[1], signed_in=g.get("seat") is not None
    )
    return make_response(page, code)
