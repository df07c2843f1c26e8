"""What protects every page: headers, forged requests, sizes and rates."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Flask, Response, current_app, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

from addon import keys
from addon.settings import Settings
from addon.web import rates

POLICY = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
)
#: A form's text, and a CSV of 10,000 people, fit; nothing else is sent here.
LARGEST_REQUEST = 8 * 1024 * 1024
SIGN_IN_RATE = "10 per minute; 60 per hour"
WRITE_RATE = "60 per minute; 600 per hour"

#: A mail program ends reminders by itself (RFC 8058): the secret in the address is the proof, there is no session to forge.
SECRET_IN_THE_ADDRESS = ("addon.reminders.views.end",)

csrf = CSRFProtect()


def _whom() -> str:
    """Who is counted: the signed-in person, else the address."""
    seat = g.get("seat")
    return seat.me.id if seat else get_remote_address()


limiter = Limiter(key_func=_whom, storage_uri=f"{rates.SCHEME}://", strategy="moving-window", headers_enabled=True)


def setup_safety(app: Flask, settings: Settings) -> None:
    """Cookies, headers, the check against forged requests, and the limits."""
    secure = not settings.plain_http
    app.config.update(
        SECRET_KEY=keys.derived(settings, "cookies"),
        SESSION_COOKIE_NAME="__Host-form" if secure else "form",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        PROVIDE_AUTOMATIC_OPTIONS=False,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=secure,
    )
    app.config[rates.KEY] = keys.derived(settings, "rates")
    csrf.init_app(app)
    for view in SECRET_IN_THE_ADDRESS:
        csrf.exempt(view)
    limiter.init_app(app)
    app.after_request(_with_headers)


def open_to_platforms(app: Flask, routes: Blueprint) -> None:
    """Register *routes* that are called without a session and without our forms: they verify each request themselves."""
    csrf.exempt(routes)
    app.extensions.setdefault("platforms", set()).add(routes.name)
    app.register_blueprint(routes)


def is_for_platforms() -> bool:
    """Whether this request is for such a route."""
    return request.blueprint in current_app.extensions.get("platforms", ())


def _with_headers(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Frame-Options"] = "DENY"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    answer.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "asset":
        # What somebody may see today they may not see tomorrow, and not the next one at this machine.
        answer.headers["Cache-Control"] = "no-store"
    return answer
