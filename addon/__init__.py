"""Floor 4: what people and platforms talk to. Pages and the command line."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, url_for

if TYPE_CHECKING:
    from addon.company import Company

STATIC = Path(__file__).parent / "static"
YEAR = 365 * 24 * 60 * 60
POLICY = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"


#: The features that have pages. Each brings one blueprint called `pages`; none of them may import a connector.
FEATURES = ("health", "reminders")


def create_app(company: Company | None = None) -> Flask:
    """The console of one installation: of *company*, else of the one that the environment's settings name.

    Imports no connector, no migration tool, no job engine and no numeric library, so that a process answers at once.
    Raises BadInput when a setting cannot be used.
    """
    app = Flask(__name__, template_folder="pages", static_folder=None)
    app.extensions["company"] = company or _own_company()
    _setup_static(app)
    _setup_filters(app)
    for feature in FEATURES:
        app.register_blueprint(import_module(f"addon.{feature}.views").pages)
    app.after_request(_safe)
    return app


def _own_company() -> Company:
    from addon.company import Company, load_settings

    return Company(load_settings(None))


def create_demo_app(company: Company) -> Flask:
    """The page of a demo company: everybody may look through anybody's eyes, so never serve a real one with it."""
    from addon.demo.views import pages

    app = Flask(__name__, template_folder="pages", static_folder=None)
    app.extensions["company"] = company
    _setup_static(app)
    _setup_filters(app)
    app.register_blueprint(pages)
    app.after_request(_safe)
    return app


def _setup_static(app: Flask) -> None:
    """Files of `static/` under a name that carries their hash, so that a browser may keep them for a year."""
    hashed = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in STATIC.iterdir() if path.is_file()}
    kinds = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

    @app.get("/static/<digest>/<name>", endpoint="asset")
    def asset(digest: str, name: str) -> Response:
        if hashed.get(name) != digest:
            return Response("not found", 404)
        answer = Response((STATIC / name).read_bytes(), mimetype=None, content_type=kinds.get(Path(name).suffix))
        answer.cache_control.max_age = YEAR
        answer.cache_control.immutable = True
        return answer

    @app.template_global()
    def asset_url(name: str) -> str:
        return url_for("asset", digest=hashed[name], name=name)


def _setup_filters(app: Flask) -> None:
    @app.template_filter()
    def day(value: date | datetime | None) -> str:
        """2 March 2026."""
        if value is None:
            return "–"
        if isinstance(value, datetime):
            value = value.astimezone(UTC).date()
        return f"{value.day} {value:%B %Y}"

    @app.template_filter()
    def amount(value: float | None) -> str:
        """A figure without a needless fraction; a dash where there is none, never zero."""
        if value is None:
            return "–"
        return str(int(value)) if value.is_integer() else f"{value:g}"


def _safe(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Frame-Options"] = "DENY"
    return answer
