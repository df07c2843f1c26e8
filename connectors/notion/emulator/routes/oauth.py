"""Tokens of public connections: https://developers.notion.com/reference/create-a-token.

Any client id and secret will do. Any code is good once, unless it begins with ``invalid``; the workspace's first member
is who authorised.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from connectors.notion.emulator import checks
from connectors.notion.emulator.asking import Asking, Begin, Paths
from connectors.notion.emulator.errors import MISSING, NotionError
from connectors.notion.emulator.grants import Grant
from connectors.notion.emulator.model import User
from connectors.notion.emulator.store import Store


def blueprint(begin: Begin) -> Blueprint:
    """The paths of tokens."""
    paths = Paths("oauth", begin)
    paths.path("POST", "/oauth/token", "token")(_token)
    paths.blueprint.add_url_rule("/oauth/authorize", endpoint="authorize", view_func=_authorize)

    @paths.path("POST", "/oauth/introspect", "introspect")
    def introspect(asking: Asking) -> Any:
        _client()
        token = checks.a_string(asking.body.get("token", MISSING), "token")
        grants = asking.store.grants
        known = token in grants.access or token in asking.store.workspace.tokens
        if token in grants.revoked or not known:
            return {"active": False}
        issued = grants.access[token].issued if token in grants.access else 0
        return {"active": True, "scope": " ".join(sorted(asking.store.workspace.capabilities)), "iat": issued}

    @paths.path("POST", "/oauth/revoke", "revoke")
    def revoke(asking: Asking) -> Any:
        _client()
        token = checks.a_string(asking.body.get("token", MISSING), "token")
        asking.store.grants.access.pop(token, None)
        asking.store.grants.revoked.add(token)
        return {}

    return paths.blueprint


def _authorize() -> WerkzeugResponse:
    """Consent, given at once: the browser goes back with a code, or without one where the client id says ``denied``."""
    asked = request.args
    code = f"code-{token_urlsafe(16)}"
    answer = {"error": "access_denied"} if asked.get("client_id", "").startswith("denied") else {"code": code}
    return redirect(f"{asked.get('redirect_uri', '')}?{urlencode(answer | {'state': asked.get('state', '')})}")


def _client() -> str:
    """The client id of the Basic header. Raises 401."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    try:
        client, _, password = base64.b64decode(secret, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        client, password = "", ""
    if kind.lower() != "basic" or not client or not password:
        raise NotionError(401, "unauthorized", "The client id or secret is invalid.")
    return client


def _token(asking: Asking) -> Any:
    _client()
    body, store = asking.body, asking.store
    kind = body.get("grant_type")
    if kind == "authorization_code":
        code = checks.a_string(body.get("code", MISSING), "code")
        if not code or code.startswith("invalid") or code in store.grants.used:
            raise _invalid_grant("Invalid code.")
        store.grants.used.add(code)
        return _granted(store, _new_bot(store))
    if kind == "refresh_token":
        token = checks.a_string(body.get("refresh_token", MISSING), "refresh_token")
        old = next((access for access, grant in store.grants.access.items() if grant.refresh_token == token), None)
        if old is None:
            raise _invalid_grant("Invalid refresh token.")
        return _granted(store, store.grants.access.pop(old).bot_id)
    raise NotionError(400, "invalid_request", "grant_type must be authorization_code or refresh_token.")


def _invalid_grant(message: str) -> NotionError:
    return NotionError(400, "invalid_grant", message)


def _new_bot(store: Store) -> str:
    bot = User(store.ids.random(), store.workspace.connection, "bot")
    store.put(bot)
    return bot.id


def _granted(store: Store, bot_id: str) -> Mapping[str, Any]:
    access, refresh = store.ids.token("ntn_"), store.ids.token("nrt_")
    store.grants.access[access] = Grant(bot_id, refresh, int(store.clock.now().timestamp() * 1000))
    owner = next((user for user in store.users.values() if user.type == "person"), None)
    person = {"object": "user", "id": owner.id, "name": owner.name, "avatar_url": owner.avatar_url} if owner else {}
    shown = {"type": "person", "person": {"email": owner.email}} if owner else {}
    return {
        "access_token": access,
        "token_type": "bearer",
        "refresh_token": refresh,
        "bot_id": bot_id,
        "workspace_icon": None,
        "workspace_name": store.workspace.name,
        "workspace_id": store.workspace.id,
        "owner": {"type": "user", "user": {**person, **shown}} if owner else {"type": "workspace", "workspace": True},
        "duplicated_template_id": None,
    }
