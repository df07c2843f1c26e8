"""Tokens of a public connection: https://developers.notion.com/reference/create-a-token.

A refresh gives a new pair, and the old one is worth nothing afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

from connectors.notion.client import BASE_URL, VERSION
from connectors.workspace import Trouble, WorkspaceError

PATIENCE_SECONDS = 15.0


@dataclass(frozen=True)
class Client:
    """A public connection as the company registered it. *base* is another address than Notion's own, for an emulator."""

    id: str
    secret: str
    base: str = ""

    @property
    def address(self) -> str:
        """Where Notion is."""
        return (self.base or BASE_URL).rstrip("/")


@dataclass(frozen=True)
class Pair:
    """The tokens of one authorisation; *refresh* is "" for a token that is not renewed."""

    access: str
    refresh: str = ""


def consent_url(client: Client, redirect_uri: str, state: str) -> str:
    """Where somebody chooses the pages that the connection may use."""
    asked = {
        "owner": "user",
        "client_id": client.id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "state": state,
    }
    return f"{client.address}/v1/oauth/authorize?{urlencode(asked)}"


def exchanged(client: Client, code: str, redirect_uri: str) -> Pair:
    """The tokens for a code that came back. Raises WorkspaceError."""
    return _pair(client, {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri})


def refreshed(client: Client, refresh: str) -> Pair:
    """The next pair. Raises WorkspaceError."""
    return _pair(client, {"grant_type": "refresh_token", "refresh_token": refresh})


def _pair(client: Client, form: Mapping[str, str]) -> Pair:
    answer = _asked(client, "token", form)
    return Pair(str(answer["access_token"]), str(answer.get("refresh_token") or ""))


def _asked(client: Client, what: str, form: Mapping[str, str]) -> dict[str, Any]:
    try:
        answer = httpx.post(
            f"{client.address}/v1/oauth/{what}",
            json=dict(form),
            auth=(client.id, client.secret),
            headers={"Notion-Version": VERSION},
            timeout=PATIENCE_SECONDS,
        )
        data: dict[str, Any] = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise WorkspaceError(f"Notion does not answer ({type(error).__name__}). Try again later.", permanent=False) from error
    if answer.status_code == 200:
        return data
    if answer.status_code >= 500 or answer.status_code == 429:
        raise WorkspaceError(f"Notion does not answer ({answer.status_code}). Try again later.", permanent=False)
    if answer.status_code == 401:
        raise WorkspaceError("Notion does not know the registered connection: check notion_client_id and notion_client_secret.")
    raise WorkspaceError("Notion does not accept the sign-in any more: sign in to Notion again.", trouble=Trouble.SIGNED_OUT)
