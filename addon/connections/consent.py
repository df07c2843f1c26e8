"""Connecting by signing in: on to the platform's own page, and what comes back from it. Imports a platform only when asked."""

from __future__ import annotations

import json
import secrets
from typing import Any

from flask import Flask, current_app, request, session

from addon.settings import Settings
from addon.terminal import BadInput

GOOGLE_CONSENT, GOOGLE_TOKEN = "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token"
PATIENCE_SECONDS = 15
_STATE = "connect.state"


def offers(settings: Settings) -> dict[str, bool]:
    """By platform, whether the company has registered a connection to sign in with."""
    return {"notion": bool(settings.notion_client_id), "google": bool(settings.google_client_id)}


# ---------------------------------------------------------------- Notion


def notion_address(settings: Settings, back: str) -> str:
    """Where somebody chooses the pages that the connection may use."""
    from addon.connections.tokens import public_connection
    from connectors.notion.oauth import consent_url

    session[_STATE] = secrets.token_urlsafe(24)
    return consent_url(public_connection(settings), back, session[_STATE])


def notion_secret(settings: Settings, back: str) -> str:
    """The pair of tokens for whoever came back. Raises BadInput and WorkspaceError."""
    from addon.connections.tokens import packed, public_connection
    from connectors.notion.oauth import exchanged

    expected = session.pop(_STATE, "")
    if not expected or not secrets.compare_digest(request.args.get("state", "").encode(), expected.encode()):
        raise BadInput("the sign-in was begun elsewhere or is too old: start it again")
    if "code" not in request.args:
        raise BadInput("Notion was not allowed: start again, and allow it there")
    return packed(exchanged(public_connection(settings), request.args["code"], back))


# ---------------------------------------------------------------- Google


def google_address(settings: Settings, back: str) -> str:
    """Google's consent page: offline, with PKCE and a state. Raises BadInput."""
    answer = _google(settings).authorize_redirect(back, access_type="offline", prompt="consent")
    return str(answer.headers["Location"])


def google_secret(settings: Settings) -> str:
    """What the consent gave, as a credentials file. Raises BadInput where it is not all that is needed."""
    from authlib.integrations.base_client.errors import MismatchingStateError, OAuthError
    from requests import RequestException

    from connectors.google.credentials import SCOPES

    try:
        token = _google(settings).authorize_access_token()
    except MismatchingStateError as error:
        raise BadInput("the sign-in was begun elsewhere or is too old: start it again") from error
    except OAuthError as error:
        raise BadInput(f"Google said {error.error!r}: start again, and allow it there") from error
    except (RequestException, ValueError) as error:
        raise BadInput("Google cannot be reached right now: try again in a minute") from error
    if missing := set(SCOPES) - set(str(token.get("scope") or "").split()):
        names = ", ".join(sorted(one.rpartition("/")[2] for one in missing))
        raise BadInput(f"Google was not allowed {names}: start again, and tick every box on Google's page")
    if not token.get("refresh_token"):
        raise BadInput(
            "Google gave nothing that lasts: remove Throughline from the account's connections there, then start again"
        )
    return json.dumps(
        {
            "type": "authorized_user",
            "client_id": settings.google_client_id,
            "client_secret": settings.google_client_secret,
            "refresh_token": str(token["refresh_token"]),
        }
    )


def _google(settings: Settings) -> Any:
    """The registered client of this process."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if "google-consent" not in app.extensions:
        from authlib.integrations.flask_client import OAuth

        from connectors.google.credentials import SCOPES

        base = settings.google_api.rstrip("/")
        registry: Any = OAuth(app)
        registry.register(
            "google",
            client_id=settings.google_client_id,
            client_secret=settings.google_client_secret,
            authorize_url=f"{base}/o/oauth2/v2/auth" if base else GOOGLE_CONSENT,
            access_token_url=f"{base}/token" if base else GOOGLE_TOKEN,
            client_kwargs={
                "scope": " ".join(SCOPES),
                "code_challenge_method": "S256",
                "default_timeout": PATIENCE_SECONDS,
            },
        )
        app.extensions["google-consent"] = registry
    return app.extensions["google-consent"].create_client("google")
