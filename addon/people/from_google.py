"""Everybody in Google's directory, fetched with the connected account."""

from __future__ import annotations

from typing import Any

from addon.company import Company
from addon.connections.google_opening import connected, open_api
from connectors.google.credentials import DIRECTORY_SCOPES
from connectors.google.directory import users


def everybody(company: Company, most: int | None = None) -> list[dict[str, Any]]:
    """The users of the organisation. Raises BadInput, Refused and WorkspaceError."""
    api = open_api(company, DIRECTORY_SCOPES, subject=str(connected(company).settings.get("directory_admin") or ""))
    try:
        return list(users(api, most))
    finally:
        api.close()
