"""Floor 4: what people and platforms talk to. Pages and the command line."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Blueprint, Flask

    from addon.company import Company

#: The features that have pages. None of them may import a connector.
FEATURES = (
    "health.views:pages",
    "reminders.views:pages",
    "signin.views:pages",
    "my.views:pages",
    "my.settings:pages",
    "team.views:pages",
    "reviews.views:pages",
    "reviews.own:pages",
    "feedback.views:pages",
    "status.views:pages",
    "status.views:leadership",
    "people.views:pages",
    "cycles.views:pages",
    "packs.views:pages",
    "provisioning.views:pages",
    "drift.views:pages",
    "connections.views:pages",
    "jobs.views:pages",
)
#: The features that platforms call, not people: there is no session to forge, each request proves itself.
PLATFORM_FEATURES = ("hooks.views:pages", "cards.views:pages")


def create_app(company: Company | None = None) -> Flask:
    """The console of one installation: of *company*, else of the one that the environment's settings name.

    Imports no connector, no migration tool, no job engine and no numeric library, so that a process answers at once.
    Raises BadInput when a setting cannot be used.
    """
    from flask import Flask
    from werkzeug.middleware.proxy_fix import ProxyFix

    from addon import app_engine
    from addon.signin.sessions import setup_sessions
    from addon.web.assets import setup_assets
    from addon.web.filters import setup_filters
    from addon.web.frame import setup_frame
    from addon.web.problems import setup_problems
    from addon.web.safety import open_to_platforms, setup_safety

    here = company or _own_company()
    app = Flask(__name__, template_folder="pages", static_folder=None)
    app.extensions["company"] = here
    if app_engine.is_here():
        app.wsgi_app = app_engine.CallersAddress(app.wsgi_app)  # type: ignore[method-assign]
    if here.settings.trusted_proxies:
        hops = here.settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    setup_sessions(app)
    setup_safety(app, here.settings)
    setup_assets(app)
    setup_filters(app)
    setup_frame(app)
    setup_problems(app)
    for feature in FEATURES:
        app.register_blueprint(_routes(feature))
    for feature in PLATFORM_FEATURES:
        open_to_platforms(app, _routes(feature))
    return app


def _routes(feature: str) -> Blueprint:
    """The blueprint that *feature* names: ``module:name``."""
    module, _, name = feature.partition(":")
    found: Blueprint = getattr(import_module(f"addon.{module}"), name)
    return found


def _own_company() -> Company:
    from addon.company import Company, load_settings

    return Company(load_settings(None))
